"""The coordinator's overview of a month: done, due, late and missing, each figure leading to what it counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.utils.translation import gettext as _

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.fieldwork.overview import Figure, meetings_in
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.ui.words import heard
from harapan.web.overview.forms import OverviewFilters
from harapan.web.overview.lines import VIEWS, Line, View, views_for

PAGE_SIZE = 15  # facilitators have some ten groups each: open tasks of 150 groups are asked for a page
EXPORT_STEP = 200


@may("overview.view")
def landing(request: Request) -> HttpResponse:
    return _shown(request, views_for(request.post)[0])


@may("overview.view")
def page(request: Request, view: str) -> HttpResponse:
    return _shown(request, _view(request, view))


def _view(request: Request, code: str) -> View:
    view = VIEWS.get(code)
    if view is None or view not in views_for(request.post):
        raise Http404
    return view


def _filters(request: Request, view: View) -> OverviewFilters:
    return OverviewFilters.read(request, post=request.post, on=request.today, tasks="load" in view.figures)


def _shown(request: Request, view: View) -> HttpResponse:
    filters = _filters(request, view)
    rows = keyset(request, view.rows(filters), order=view.order, size=PAGE_SIZE)
    wide = request.post.role.reach == Reach.NATION and not filters.narrows_groups  # not counted for a first look
    context = {
        "filters": filters,
        "view": view,
        "views": views_for(request.post),
        "kept": filters.query_string(),
        "page": rows,
        "lines": view.lines(request, filters, rows.rows),
        "month": filters.shown_month,
        "with_load": "load" in view.figures and filters.now,
        "total": None if wide else meetings_in(filters.groups(), filters.shown_month, on=request.today),
    }
    return show(request, "overview/page.html", context, piece="overview/_lines.html")


@may("overview.view")
def file(request: Request, view: str, form: exports.Form) -> FileResponse:
    """The lines of the view with what it is narrowed to, all of them."""
    if form not in exports.CONTENT_TYPES:
        raise Http404
    chosen = _view(request, view)
    filters = _filters(request, chosen)
    rows = chosen.rows(filters).order_by(*chosen.order)
    columns = _columns(chosen, with_load="load" in chosen.figures and filters.now)
    name = f"pantauan-{chosen.code}-{filters.shown_month}"
    return exports.answer(name, columns, _file_rows(request, chosen, filters, rows), form=form)


def _columns(view: View, *, with_load: bool) -> list[exports.Column]:
    columns = [exports.Column(heard(view.head), width=32), exports.Column(_("Tempat"), width=44)]
    for name, title in (("meetings", _("P2K2")), ("months", _("Verifikasi"))):
        if name in view.figures:
            states = (_("harus"), _("sudah"), _("belum"), _("terlambat"))
            columns += [exports.Column(f"{title}: {state}", "number") for state in states]
    if with_load:
        columns += [exports.Column(_("Tugas terbuka"), "number"), exports.Column(_("Tugas lewat waktu"), "number")]
    return columns


def _file_rows(
    request: Request, view: View, filters: OverviewFilters, rows: QuerySet[Any]
) -> Iterator[tuple[Any, ...]]:  # fmt: skip
    for some in exports.batches(rows, size=EXPORT_STEP):
        for line in view.lines(request, filters, some):
            yield (line.name, line.place, *_numbers(line))


def _numbers(line: Line) -> Iterator[int]:
    for figure in (line.meetings, line.months):
        if isinstance(figure, Figure):
            yield from (figure.due, figure.done, figure.missing, figure.late)
    if line.load is not None:
        yield from (line.load.total, line.load.late)
