"""The decrees that divided loads, what each moved, the lists for handing over, and taking one back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other, show
from harapan.web.caseload.forms import DecreeForm
from harapan.web.caseload.overview import rights
from harapan.workforce import deciding
from harapan.workforce.models import CaseloadMove, Decree
from harapan.workforce.queries import decrees_in, families_of, moves_of

PAGE_SIZE = 40


@may("caseload.view")
def decrees(request: Request) -> HttpResponse:
    page = keyset(request, decrees_in(request.post), order=("-dated", "-id"), size=PAGE_SIZE)
    names = Region.objects.path_names(decree.region_id for decree in page)
    context = {
        "page": page,
        "rows": [(decree, names.get(decree.region_id, "")) for decree in page],
        "here": "decrees",
    } | rights(request)
    return show(request, "caseload/decrees.html", context)


@may("caseload.view", look="decree")
def decree(request: Request, decree_id: int) -> HttpResponse:
    found = _decree(request, decree_id)
    return _shown(request, found, DecreeForm(initial={"dated": request.today}))


def _decree(request: Request, decree_id: int) -> Decree:
    known = decrees_in(request.post).select_related("reverses", "reversed_by")
    return get_object_or_404(known, pk=decree_id)


def _shown(request: Request, found: Decree, form: DecreeForm, *, status: int = 200) -> HttpResponse:
    moves = list(moves_of(found))
    places = Region.objects.path_names({move.region_no for move in moves} | {found.region_id})
    context: dict[str, Any] = {
        "decree": found,
        "place": places.get(found.region_id, ""),
        "moves": [(move, places.get(move.region_no, "")) for move in moves],
        "families": sum(move.families for move in moves),
        "people": len({person for move in moves for person in (move.giver_id, move.taker_id) if person}),
        "back": getattr(found, "reversed_by", None),
        "form": form,
        "recorded": True,
    } | rights(request)
    return render(request, "caseload/decree.html", context, status=status)


@may("caseload.view", look="decree")
def handover(request: Request, decree_id: int, form: exports.Form) -> FileResponse:
    """One row a family that changed hands, for both people to sign: who gives, who takes, in which group, as what."""
    found = _decree(request, decree_id)
    columns = [
        exports.Column("Pendamping lama", width=28),
        exports.Column("Pendamping baru", width=28),
        exports.Column("Kelompok", width=24),
        exports.Column("Pengurus", width=28),
        exports.Column("Keadaan", width=16),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Alamat", width=40),
        exports.Column("Alasan", width=40),
    ]
    return exports.answer("serah-terima", columns, list(_rows(found, request.today)), form=form)


def _rows(found: Decree, on: date) -> Iterator[tuple[Any, ...]]:
    moved = families_of(found, on=on)
    places = Region.objects.path_names({family.region_id for _move, families in moved for family in families})
    for move, families in moved:
        for family in families:
            yield (
                move.giver.name if move.giver else "belum ada", move.taker.name if move.taker else "",
                move.group.name, family.name, _standing(move, family), places.get(family.region_id, ""), family.street,
                move.get_reason_display(),
            )  # fmt: skip


def _standing(move: CaseloadMove, family: Any) -> str:
    """What a family is to whoever takes it: only who takes part is counted as load."""
    if family.enrolled:
        return "peserta"
    return "calon" if move.group.candidates else "bukan peserta"


@may("caseload.decide")
def reverse_decree(request: Request, decree_id: int) -> HttpResponse:
    found = _decree(request, decree_id)
    form = DecreeForm(request.POST)
    if not form.is_valid():
        return _shown(request, found, form, status=422)
    told = form.cleaned_data
    try:
        back = deciding.reverse(found.pk, by=request.user, on=request.today, **told)
    except Refused as refusal:
        form.add_error(None, refusal.phrase.heard())
        return _shown(request, found, form, status=422)
    messages.success(request, _("%(sk)s dikembalikan.") % {"sk": found.number})
    return see_other(request, "caseload_decree", back.pk)
