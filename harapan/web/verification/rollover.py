"""The page of July: a proposed next class for every pupil of a school; and children whom it left without one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.regions.codes import range_of
from harapan.registry.models import Facility
from harapan.ui.pages import see_other, show
from harapan.ui.words import heard
from harapan.verification.models import UnplacedPupil
from harapan.verification.rollover import (
    NEXT_LEVEL,
    Decision,
    Fate,
    Proposal,
    next_schools,
    proposals,
    roll_over,
    settle,
    unplaced,
    year_at,
)
from harapan.web.verification.views import page_of

REGENCY = 10**6


@dataclass(frozen=True, slots=True)
class Line:
    """A pupil, and the schools offered where the proposal leaves this one."""

    proposal: Proposal
    schools: list[Facility]


@may("verification.view", look="facility")
def rollover(request: Request, facility_id: int) -> HttpResponse:
    page = page_of(request, facility_id)
    year = year_at(request.today)
    found = proposals(page.facility, year)
    schools = _schools(page.facility, found)
    context = {
        "facility": page.facility,
        "stage": page.quarter.law.stage,
        "year": year,
        "lines": [Line(each, schools.get(_level(each), [])) for each in found],
        "same": schools.get(None, []),
        "leaving": sum(each.needs_school for each in found),
        "may_roll": allows(request.post, "family.change"),
        "recorded": True,
    }
    return show(request, "verification/rollover.html", context)


def _level(each: Proposal) -> Component | None:
    return NEXT_LEVEL[Component(each.spell.component)] if each.fate is Fate.ON else None


def _schools(facility: Facility, found: list[Proposal]) -> dict[Component | None, list[Facility]]:
    """Next level -> its schools in the kabupaten; None: others of the same level, for who moves."""
    around = range_of(facility.region_id // REGENCY * REGENCY)
    wanted = {level for each in found if (level := _level(each)) is not None}
    schools: dict[Component | None, list[Facility]] = {
        level: next_schools(facility, level, around) for level in sorted(wanted)
    }
    if found:
        schools[None] = next_schools(facility, Component(found[0].spell.component), around)
    return schools


@require_POST
@may("family.change", look="facility")
def begin(request: Request, facility_id: int) -> HttpResponse:
    """All as proposed but the exceptions marked."""
    page = page_of(request, facility_id)
    year = year_at(request.today)
    if request.POST.get("year") != str(year):
        raise Refused("Halaman ini dari tahun pelajaran lain. Muat ulang, lalu simpan lagi.")
    found = proposals(page.facility, year)
    known = {each.pk: each for own in _schools(page.facility, found).values() for each in own}
    decided = {
        each.spell.member_id: _decision(each, request.POST, known) for each in found if _sent(each, request.POST)
    }
    counted = roll_over(page.facility, year, decided, by=request.user, on=request.today)
    words = ", ".join(f"{number} {heard(fate.label)}" for fate, number in counted.items())
    messages.success(request, _("Tahun pelajaran dimulai: %(words)s.") % {"words": words or _("tidak ada perubahan")})
    return see_other(request, "rollover", facility_id)


def _sent(each: Proposal, typed: QueryDict) -> bool:
    return f"f-{each.spell.member_id}" in typed


def _decision(each: Proposal, typed: QueryDict, known: dict[int, Facility]) -> Decision:
    word, chosen = typed.get(f"f-{each.spell.member_id}", ""), typed.get(f"s-{each.spell.member_id}", "")
    if word not in set(Fate):
        raise Refused("“{word}” bukan salah satu pilihan kenaikan kelas. Muat ulang halamannya.", word=word)
    school = known.get(int(chosen)) if chosen.isdecimal() else None
    return Decision(Fate(word), school if word in (Fate.ON, Fate.MOVED) else None)


@may("verification.view")
def unplaced_pupils(request: Request) -> HttpResponse:
    """Children without a school, the most urgent first: each is a visit to make."""
    context = {"rows": unplaced(), "may_settle": allows(request.post, "verification.record"), "today": request.today}
    return show(request, "verification/unplaced.html", context)


@require_POST
@may("verification.record")
def settled(request: Request, pupil_id: int) -> HttpResponse:
    """What the visit found."""
    pupil = get_object_or_404(UnplacedPupil, pk=pupil_id)
    npsn = request.POST.get("npsn", "").strip()
    school = Facility.objects.filter(kind=Facility.Kind.SCHOOL, code=npsn).first() if npsn else None
    if npsn and school is None:
        raise Refused("Sekolah dengan NPSN {npsn} belum tercatat. Periksa nomornya, atau kosongkan.", npsn=npsn)
    settle(pupil, how=request.POST.get("how", ""), school=school, by=request.user, on=request.today)
    messages.success(request, _("Hasil kunjungan tersimpan."))
    return see_other(request, "unplaced")
