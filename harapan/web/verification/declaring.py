""" "Semua hadir kecuali …" for the months ticked, what it would cost before that, and the school's week."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import User
from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.asked import wholes
from harapan.core.errors import Refused
from harapan.ui.pages import deed_of, see_other, show
from harapan.ui.words import heard
from harapan.verification import actions, caring
from harapan.verification.lateness import demand_reason
from harapan.verification.standing import gone
from harapan.web.verification.care import CareGrid, entries_of
from harapan.web.verification.entry import Column, marks_of
from harapan.web.verification.foreseen import costs_of
from harapan.web.verification.page import FacilityPage
from harapan.web.verification.views import address, page_of, shown

WORDS_MAX = 8  # refusals shown by name; more are counted


def _typed(request: Request, facility_id: int) -> tuple[FacilityPage, list[Column]]:
    """The page as typed, narrowed to whoever was on the sent page, and the open months that are ticked."""
    page = page_of(request, facility_id)
    page.typed = request.POST
    sent = set(wholes(request.POST.getlist("member")))
    page.spells = [spell for spell in page.spells if spell.member_id in sent]
    return page, [column for column in page.writable if str(column.number) in request.POST.getlist("month")]


@deed_of("facility")
@may("verification.record", look="facility")
def declare(request: Request, facility_id: int) -> HttpResponse:
    """Members who were not on the sent page keep what they have; the dead and the departed are refused by name.

    What cannot be in one row is refused in that row alone: the others are kept and saved.
    """
    page, chosen = _typed(request, facility_id)
    if not chosen:
        raise Refused("Pilih paling sedikit satu bulan yang Anda nyatakan. Bulan yang sudah terbukti tidak berubah.")
    late_because = request.POST.get("late_because", "")
    try:
        demand_reason((column.number for column in chosen), late_because, on=request.today)
    except Refused as late:  # what was typed stays on the page
        return shown(request, page, status=422, late_error=late.phrase)
    kept = [column for column in chosen if _keep(page, column, late_because, by=request.user)]
    if page.grid.errors:  # each keeps its own row back and no other
        again, _chosen = _typed(request, facility_id)
        return shown(request, again, status=422, saved=[column.month for column in kept])
    said = _("%(months)d bulan di %(name)s dinyatakan atas nama Anda. Tanpa bukti, keadaannya tetap dinyatakan.")
    messages.success(request, said % {"months": len(chosen), "name": page.facility.name})
    _say_refused(request, [spell.member_id for spell in page.spells], [column.number for column in chosen])
    return see_other(request, address(page))


def _keep(page: FacilityPage, column: Column, late_because: str, *, by: User) -> bool:
    """Declare a month for everybody but those in whose row something cannot be: of these nothing new is said.

    A month whose school days are missing is not declared at all. Whether anybody was left to be declared.
    """
    grid = page.grid
    wrong = grid.wrong(column.number)
    members = [spell.member_id for spell in page.spells if spell.member_id not in wrong]
    if column.error or not members:
        return False
    how: dict[str, Any] = {
        "members": members, "by": by, "completes": page.completes, "late_because": late_because,
    }  # fmt: skip
    if isinstance(grid, CareGrid):
        caring.declare_care(page.facility, column.number, entries_of(grid, column.number), **how)
    else:
        marks = marks_of(grid, column.number)
        actions.declare_all_present_except(page.facility, column.number, marks, effective_days=column.days, **how)
    return True


def _say_refused(request: Request, members: list[int], months: list[int]) -> None:
    """Who could not be verified, in words; the rest was kept."""
    words = list(gone(members, months).values())
    for each in words[:WORDS_MAX]:
        messages.warning(request, heard(each))
    if len(words) > WORDS_MAX:
        messages.warning(request, _("%(n)d lainnya juga tidak dapat diverifikasi.") % {"n": len(words) - WORDS_MAX})


@deed_of("facility")
@may("verification.record", look="facility")
def foresee(request: Request, facility_id: int) -> HttpResponse:
    """What the misses typed so far would cost each family. Nothing is stored; what was typed stays."""
    page, chosen = _typed(request, facility_id)
    costs = costs_of(page, {column.number for column in chosen})
    context = {"page": page, "costs": costs, "asked": True, "facility": page.facility}
    if request.headers.get("HX-Request") == "true":
        return show(request, "verification/_costs.html", context)
    return shown(request, page, costs=costs, asked=True)


@require_POST
@may("verification.record", look="facility")
def week(request: Request, facility_id: int) -> HttpResponse:
    """Five or six days of school a week."""
    page = page_of(request, facility_id)
    actions.say_week(page.facility, request.POST.get("days", ""), by=request.user, on=request.today)
    return see_other(request, address(page))
