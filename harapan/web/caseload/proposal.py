"""What would be fair: before and after, each move with its reason; accepted whole or in part under a decree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.core.errors import Refused
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.caseload.forms import DecreeForm, WishesForm
from harapan.web.caseload.overview import level_below, links, rights
from harapan.web.caseload.tiles import picture
from harapan.workforce import deciding
from harapan.workforce.balancing.problem import Move
from harapan.workforce.fairness import fairness, loads_now, overall
from harapan.workforce.holdings import read_caseload
from harapan.workforce.models import CaseloadMove
from harapan.workforce.proposing import Proposal, propose

LISTED_MAX = 400  # moves on a page; a province is decided kabupaten by kabupaten


@dataclass(frozen=True, slots=True)
class Line:
    """A move in words. `key`: what the form sends to say that this very move is meant."""

    key: str
    move: Move
    group: str
    place: str
    giver: str
    taker: str
    reason: str
    giver_loads: tuple[int, int] | None
    taker_loads: tuple[int, int]


@may("caseload.view")
def proposal(request: Request) -> HttpResponse:
    if request.post.role.reach == Reach.GROUPS:
        return see_other(request, "caseload")
    form = _wishes(request, request.GET)
    return _shown(request, form, DecreeForm(initial={"dated": request.today}))


@may("caseload.decide")
def accept(request: Request) -> HttpResponse:
    """The lines chosen become a decree; the same wishes are worked out anew, so nothing typed is trusted."""
    form = _wishes(request, request.POST)
    decided = DecreeForm(request.POST)
    place = form.place()
    if place is None:
        return see_other(request, "caseload_proposal")
    if decided.is_valid():
        told = decided.cleaned_data
        try:
            found = propose(request.post, place, form.wishes(), on=request.today)
            moves = _chosen(found, request.POST.getlist("line"))
            decree = deciding.accept(
                moves, region=place, number=told["number"], dated=told["dated"], by=request.user,
                on=request.today, why=told["why"],
            )  # fmt: skip
        except Refused as refusal:
            decided.add_error(None, refusal.phrase.heard())
        else:
            said = ngettext("%(n)s baris dicatat dengan %(sk)s.", "%(n)s baris dicatat dengan %(sk)s.", len(moves))
            messages.success(request, said % {"n": number(len(moves)), "sk": decree.number})
            return see_other(request, "caseload_decree", decree.pk)
    return _shown(request, form, decided, status=422)


def _wishes(request: Request, data: Any) -> WishesForm:
    """The form, with the people of the place to suppose away."""
    form = WishesForm(data, post=request.post)
    form.is_valid()
    place = form.place()
    if place is not None and place.level > Level.PROVINCE:
        people = read_caseload(request.post, place, on=request.today).facilitators.values()
        form = WishesForm(data, post=request.post, people=people)
        form.is_valid()
    form.query = request.GET
    return form


def _chosen(found: Proposal, keys: list[str]) -> list[Move]:
    known = {_key(move): move for move in found.moves}
    missing = [key for key in keys if key not in known]
    if missing:
        raise Refused("Beban sudah berubah sejak usulan ini dibuka. Periksa usulan yang baru, lalu pilih lagi.")
    return [known[key] for key in dict.fromkeys(keys)]


def _shown(request: Request, form: WishesForm, decided: DecreeForm, *, status: int = 200) -> HttpResponse:
    place = form.place()
    context: dict[str, Any] = {"filters": form, "form": decided, "place": place, "here": "proposal"} | rights(request)
    if place is None:
        return render(request, "caseload/proposal.html", context, status=status)
    wishes = form.wishes()
    found = propose(request.post, place, wishes, on=request.today)
    level, before = level_below(place), loads_now(found.caseload)
    lines = fairness(found.caseload.facilitators, before, level=level)
    after = fairness(found.facilitators, found.loads, level=level)
    known = {line.region_no for line in lines}  # who would be added for a whole kabupaten serves where nobody does now
    lines += [overall(line.region_no, {}, {}) for line in after if line.region_no not in known]
    names = Region.objects.path_names({line.region_no for line in (*lines, *after)})
    by_place = {line.region_no: line for line in after}
    context |= {
        "found": found,
        "wishes": wishes,
        "now": overall(place.no, found.caseload.facilitators, before),
        "then": overall(place.no, found.facilitators, found.loads),
        "picture": picture(lines, after, names, links("caseload_proposal", lines, level)),
        "lines": [(line, by_place[line.region_no], names.get(line.region_no, "")) for line in lines],
        "moves": _lines(found)[:LISTED_MAX] if place.level > Level.PROVINCE else [],
        "unlisted": max(len(found.moves) - LISTED_MAX, 0),
        "unplaced": sum(bundle.families for bundle in found.unplaced),
        "chosen": set(request.POST.getlist("line")) if request.method == "POST" else None,
        "acceptable": place.level > Level.PROVINCE and not wishes.supposes,
    }
    return render(request, "caseload/proposal.html", context, status=status)


def _key(move: Move) -> str:
    return f"{move.group}-{move.village}-{move.giver or 0}-{move.taker}-{move.families}-{int(move.whole)}"


def _lines(found: Proposal) -> list[Line]:
    """Every move in words. One query."""
    places = Region.objects.path_names({move.village for move in found.moves})
    before = loads_now(found.caseload)
    people = found.facilitators

    def change(user: int) -> tuple[int, int]:
        return before.get(user, 0), found.loads[user]

    return [
        Line(
            _key(move), move, found.caseload.group_names.get(move.group, _("Belum berkelompok")),
            places.get(move.village, ""), people[move.giver].name if move.giver else _("belum ada"),
            people[move.taker].name, CaseloadMove.Reason(move.reason).label,
            change(move.giver) if move.giver else None, change(move.taker),
        )
        for move in found.moves
    ]  # fmt: skip
