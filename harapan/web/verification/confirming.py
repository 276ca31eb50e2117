"""The page behind a confirmation link: opened without an account, on a phone, once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from harapan.core.errors import Refused
from harapan.database import day
from harapan.ui.words import heard
from harapan.verification import linking
from harapan.verification.confirming import confirm as take_over
from harapan.verification.masking import masked_name, masked_number
from harapan.verification.models import ConfirmationLink
from harapan.web.linked import guarded
from harapan.web.verification.care import CareGrid, CareRow, entries_of
from harapan.web.verification.entry import Grid, Row, marks_of
from harapan.web.verification.page import FacilityPage
from harapan.web.verification.quarter import Quarter

NAME = "tautan konfirmasi"  # under which wrong addresses are counted, by the caller's own


@dataclass(frozen=True, slots=True)
class Shown:
    """A row of the grid with the name as it may be seen here."""

    row: Row | CareRow
    name: str
    number: str


@require_http_methods(["GET", "POST"])
@guarded(NAME, via=linking.VIA)
def confirm(request: HttpRequest, token: str, address: str) -> HttpResponse:
    """GET shows the list; POST confirms it and uses the link up."""
    if request.method == "POST":
        return _confirmed(request, token, address)
    linking.look(token, address=address)
    with linking.opened(token, read_only=True) as (link, post):
        return _form(request, link, _page(link, FacilityPage(link.facility, _quarter(link), post, day.today())))


def _quarter(link: ConfirmationLink) -> Quarter:
    return Quarter.chosen(link.stage, on=day.today())


def _page(link: ConfirmationLink, page: FacilityPage) -> FacilityPage:
    """The facility's page held to the link's members and months, whatever else the scope reaches."""
    own, months = set(link.members), set(link.months)
    page.spells = [spell for spell in page.spells if spell.member_id in own]
    page.columns = [column for column in page.columns if column.number in months]
    return page


def _form(
    request: HttpRequest, link: ConfirmationLink, page: FacilityPage, *, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "link": link,
        "facility": link.facility,
        "place": link.facility.region.path_name(),
        "page": page,
        "grid": page.grid,
        "rows": [
            Shown(row, masked_name(row.spell.member.name), masked_number(row.spell.student_no))
            for row in page.grid.rows
        ],
        "error": error,
        "name": request.POST.get("name", ""),
        "position": request.POST.get("position", ""),
    }
    return render(request, "verification/confirm.html", context, status=status)


def _confirmed(request: HttpRequest, token: str, address: str) -> HttpResponse:
    with linking.opened(token, lock=True) as (link, post):
        page = FacilityPage(link.facility, _quarter(link), post, day.today(), typed=request.POST)
        _page(link, page)
        grid = page.grid
        ticked = request.POST.getlist("month")
        chosen = [column for column in grid.columns if column.open and str(column.number) in ticked]
        if grid.errors:
            return _form(request, link, page, status=422)
        try:
            refused = take_over(
                link,
                days={column.number: column.days for column in chosen},
                members=[spell.member_id for spell in page.spells],
                name=request.POST.get("name", ""),
                position=request.POST.get("position", ""),
                address=address or None,
                on=day.today(),
                **_said(grid, [column.number for column in chosen]),
            )
        except Refused as no:
            return _form(request, link, page, error=heard(no.phrase), status=422)
        context: dict[str, Any] = {"link": link, "facility": link.facility, "refused": refused, "months": chosen}
        return render(request, "verification/confirmed.html", context)


def _said(grid: Grid | CareGrid, months: list[int]) -> dict[str, Any]:
    if isinstance(grid, CareGrid):
        return {"dues": {month: entries_of(grid, month) for month in months}}
    return {"marks": {month: marks_of(grid, month) for month in months}}
