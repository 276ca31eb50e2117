"""How loads stand: a coordinator's region against the band, or a facilitator's own load."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.web.caseload.tiles import picture
from harapan.web.places import PlaceFilters
from harapan.workforce.fairness import Fairness, fairness, loads_now, overall, support_of
from harapan.workforce.holdings import groups_held, read_caseload, read_own
from harapan.workforce.law import stated_until
from harapan.workforce.models import CaseloadMove

MOVES_MAX = 60  # of the latest decrees, on a facilitator's page


@may("caseload.view")
def landing(request: Request) -> HttpResponse:
    """The own load of whoever meets groups; for others the region they work in."""
    if request.post.role.reach == Reach.GROUPS:
        return _own(request)
    filters = PlaceFilters.read(request, post=request.post)
    place = filters.place()
    context: dict[str, Any] = {"filters": filters, "place": place, "here": "overview"} | rights(request)
    if place is None:
        return render(request, "caseload/overview.html", context)
    caseload = read_caseload(request.post, place, on=request.today)
    loads, level = loads_now(caseload), level_below(place)
    lines = fairness(caseload.facilitators, loads, level=level)
    names = Region.objects.path_names({line.region_no for line in lines})
    people = sorted(caseload.facilitators.values(), key=lambda each: (-each.load, each.name))
    context |= {
        "caseload": caseload,
        "whole": overall(place.no, caseload.facilitators, loads),
        "lines": [(line, names.get(line.region_no, "")) for line in lines],
        "picture": picture(lines, (), names, links("caseload", lines, level)),
        "people": people if place.level > Level.PROVINCE else [],
        "support": support_of(place, caseload.facilitators, caseload.law, on=request.today),
        "stated": stated_until(request.today),
    }
    return render(request, "caseload/overview.html", context)


def level_below(place: Region) -> Level:
    return Level.REGENCY if place.level == Level.PROVINCE else Level.DISTRICT


def links(name: str, lines: list[Fairness], level: Level) -> dict[int, str]:
    return {line.region_no: f"{reverse(name)}?{urlencode({'region': line.region_no})}" for line in lines}


def rights(request: Request) -> dict[str, bool]:
    return {
        "may_decide": allows(request.post, "caseload.decide"),
        "may_record": allows(request.post, "caseload.record"),
    }


def _own(request: Request) -> HttpResponse:
    moves: QuerySet[CaseloadMove] = CaseloadMove.objects.select_related("decree", "giver", "taker")
    mine = moves.filter(giver=request.post.user_id) | moves.filter(taker=request.post.user_id)
    own = read_own(request.post, on=request.today)
    latest = list(mine.order_by("-decree__dated", "-pk")[:MOVES_MAX])
    places = Region.objects.path_names(move.region_no for move in latest)
    context = {
        "own": own,
        "groups": groups_held(request.post, on=request.today),
        "moves": [(move, places.get(move.region_no, "")) for move in latest],
        "user_id": request.post.user_id,
    }
    return render(request, "caseload/own.html", context)
