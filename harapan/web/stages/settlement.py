"""Settlement of a computed stage: the equation by payer and place, the answer files, and what hinders the next move."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.models import State
from harapan.benefits.places import naming
from harapan.core.errors import Refused
from harapan.payments import money
from harapan.payments.hindrances import hindrances_of_whole
from harapan.payments.stage_queries import files_of
from harapan.regions import codes
from harapan.ui.pages import deed_of, see_other
from harapan.web.stages import money_frame
from harapan.web.stages.forms import MoveForm
from harapan.web.stages.frame import Frame
from harapan.web.stages.moves import MOVES, Move

SHOWN_MAX = 10  # answer files; the rest stands in the list of imports
MOVES_OF = {State.INSTRUCTED: ("reconcile",), State.RECONCILED: ("close", "reopen"), State.CLOSED: ("finish",)}


def settlement(request: Request, frame: Frame, *, refusal: str = "", status: int = 200) -> HttpResponse:
    """The page. Region readers see their own money, and no moves: a computed stage moves as a whole."""
    region = money_frame.region_of(request)
    nation = money_frame.sees_nation(frame)
    moves = _moves(frame) if nation else []
    level = _level(region)
    context = {
        **_sums(frame, level, region),
        "region": region,
        "files": list(files_of(frame.stage)[:SHOWN_MAX]),
        "moves": moves,
        "settled_states": list(MOVES_OF),
        "hindrances": hindrances_of_whole(frame.stage) if nation and frame.stage.state in MOVES_OF else [],
        "refusal": refusal,
        "may_import": allows(request.post, "import.families"),
    }
    return render(
        request, "stages/settlement.html", money_frame.context(frame, "stage_money", **context), status=status
    )


def _sums(frame: Frame, level: str, region: int | None) -> dict[str, Any]:
    """The equation as a whole, by payer and by place: rows of label, address and sums. Two queries."""
    whole = money.NOTHING
    banks: dict[str, money.Money] = defaultdict(lambda: money.NOTHING)
    places: dict[int, money.Money] = defaultdict(lambda: money.NOTHING)
    for bank, place, sums in money.by_bank_and_place(frame.stage, level=level, region=region):
        whole, banks[bank], places[place] = whole + sums, banks[bank] + sums, places[place] + sums
    names = naming(places)
    deeper = level != "village"
    return {
        "sums": whole,
        "banks": [
            (_("belum punya order") if bank == money.NO_BANK else bank, "", banks[bank]) for bank in sorted(banks)
        ],
        "places": [(names.get(no, str(no)), f"?region={no}" if deeper else "", places[no]) for no in sorted(places)],
    }


def _level(region: int | None) -> str:
    if region is None:
        return "regency"
    level = codes.level_of(region)
    return {codes.Level.PROVINCE: "regency", codes.Level.REGENCY: "district"}.get(level, "village")


def _moves(frame: Frame) -> list[Move]:
    offered = [MOVES[code] for code in MOVES_OF.get(State(frame.stage.state), ())]
    return [move for move in offered if allows(frame.post, move.permission)]


@deed_of("stage_money")
@may("stage.view")
def settle(request: Request, name: str) -> HttpResponse:
    """Reconcile, reopen, close or finish the whole stage; a refusal stands on the page it was asked from."""
    frame = money_frame.computed(request, name)
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise BadRequest
    move = MOVES[form.cleaned_data["to"]]
    demand(request.post, move.permission)
    who: dict[str, Any] = {"by": request.user, "on": request.today, "why": form.cleaned_data["why"]}
    try:
        move.deed(frame.stage, region=None, **who)
    except Refused as refusal:
        return settlement(request, frame, refusal=str(refusal), status=422)
    messages.success(request, move.done % {"name": frame.stage.name})
    return see_other(request, "stage_money", frame.stage.name)
