"""Two lists side by side: how many families are new, gone or changed, where, and which they are."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits import compare, compare_book
from harapan.benefits.compare import Change, ChangedRow, TotalRow
from harapan.regions.models import Region
from harapan.ui.exports import CONTENT_TYPES
from harapan.ui.pages import KeysetPage, show
from harapan.web.lists.forms import BY, NONE, CompareFilters

PAGE_SIZE = 50


@may("list.compare")
def lists(request: Request) -> HttpResponse:
    filters = CompareFilters.read(request, post=request.post)
    pair = filters.pair
    if pair is None or pair[0].pk == pair[1].pk:
        return render(request, "lists/none.html", {"filters": filters, "same": pair is not None})
    by = filters.chosen().get("by", "district")
    rows = compare.totals(*pair, by=by, within=filters.within)
    context = {
        "filters": filters,
        "first": pair[0],
        "second": pair[1],
        "head": dict(BY)[by],
        "whole": compare.total(*pair, within=filters.within),
        "rows": [(row, *_drill(by, row, filters)) for row in rows],
        "drill": filters.query_string(by=None),
        "everybody": f"{reverse('lists_changed')}?{filters.query_string(by=None)}",
        "may_export": allows(request.post, "family.export"),
    }
    return show(request, "lists/compare.html", context, piece="lists/_totals.html")


def _drill(by: str, row: TotalRow, filters: CompareFilters) -> tuple[str, str]:
    """Where a row leads: a kecamatan to its villages, every other to its families; and where its families are."""
    name = "region" if by in ("district", "village") else by
    narrowed = filters.query_string(by=None, **{name: row.key or NONE})
    families = f"{reverse('lists_changed')}?{narrowed}"
    return (f"?{filters.query_string(by='village', region=row.key)}" if by == "district" else families), families


@may("list.compare", look="comparison")
def changed(request: Request) -> HttpResponse:
    """The families that differ, one by one."""
    filters = CompareFilters.read(request, post=request.post, changes=True)
    pair = filters.pair
    if pair is None or pair[0].pk == pair[1].pk:
        return render(request, "lists/none.html", {"filters": filters, "same": pair is not None})
    page = _paged(request, filters)
    places = Region.objects.path_names(
        {no for row in page for no in (row.region_no, row.place_before, row.place_after) if no}
    )
    context = {
        "filters": filters,
        "first": pair[0],
        "second": pair[1],
        "whole": compare.total(*pair, within=filters.within),
        "change": filters.chosen().get("change", ""),
        "page": page,
        "rows": [(row, places.get(row.region_no, ""), _said(row, places)) for row in page],
        "may_export": allows(request.post, "family.export"),
        "recorded": True,
    }
    return show(request, "lists/changed.html", context, piece="lists/_families.html")


def _paged(request: Request, filters: CompareFilters) -> KeysetPage:
    """Forwards by key, as the comparison is a statement of its own."""
    chosen, pair = filters.chosen(), filters.pair
    assert pair is not None  # noqa: S101 - the caller has looked
    change = Change(chosen["change"]) if "change" in chosen else None
    found = compare.rows(*pair, change=change, within=filters.within, after=_after(request), limit=PAGE_SIZE + 1)
    rows = found[:PAGE_SIZE]
    following = filters.query_string(after="-".join(map(str, rows[-1].key))) if len(found) > PAGE_SIZE else ""
    first = filters.query_string() if _after(request) else ""
    return KeysetPage(rows=rows, next_query=following, previous_query=first)


def _after(request: Request) -> tuple[int, int] | None:
    region, _dash, family = request.GET.get("after", "").partition("-")
    return (int(region), int(family)) if region.isdecimal() and family.isdecimal() else None


def _said(row: ChangedRow, places: dict[int, str]) -> list[tuple[str, str, str]]:
    """What changed, as (label, before, after)."""
    told = []
    if Change.BANK in row.changes:
        told.append((str(_("Bank")), row.bank_before or "—", row.bank_after or "—"))
    if Change.COMPONENT in row.changes:
        told.append((str(_("Komponen")), row.components_before or "—", row.components_after or "—"))
    if Change.PLACE in row.changes:
        told.append((str(_("Wilayah")), places.get(row.place_before or 0, "—"), places.get(row.place_after or 0, "—")))
    return told


@may("family.export", look="comparison")
def workbook(request: Request) -> HttpResponse:
    """All families that differ, as many as the filters show, without any number of a person."""
    demand(request.post, "list.compare")
    filters = CompareFilters.read(request, post=request.post, changes=True)
    pair = filters.pair
    if pair is None or pair[0].pk == pair[1].pk:
        return render(request, "lists/none.html", {"filters": filters, "same": pair is not None}, status=422)
    chosen = filters.chosen()
    change = Change(chosen["change"]) if "change" in chosen else None
    book = compare_book.workbook(*pair, change=change, within=filters.within)
    name = f"banding-{pair[0].name}-{pair[1].name}.xlsx"
    return HttpResponse(
        book, content_type=CONTENT_TYPES["xlsx"], headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
