"""Differences between the ministry's list and what is computed here: by reason, as a list, and one by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits import actions
from harapan.benefits.computing import live_run, rules_of
from harapan.benefits.difference_queries import by_reason, listed, sides_of
from harapan.benefits.difference_words import sentence, way_out
from harapan.benefits.enums import Reason
from harapan.benefits.models import Difference, Mode
from harapan.engine.reasons import line_sentences
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other, show
from harapan.web.stages.forms import AnswerForm, DifferenceFilters
from harapan.web.stages.frame import Frame

ORDER = ("region_no", "family_id")


def _narrowed(filters: DifferenceFilters, frame: Frame) -> QuerySet[Difference]:
    chosen = filters.chosen()
    found = listed(frame.stage)
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    if "reason" in chosen:
        found = found.filter(reason=chosen["reason"])
    if "state" in chosen:
        found = found.filter(answered_at__isnull=chosen["state"] == "open")
    return found


@may("difference.view", look="difference_list")
def differences(request: Request, name: str) -> HttpResponse:
    frame = Frame.of(request, name)
    if frame.stage.mode == Mode.COMPUTED:  # nothing came from outside that could differ
        return render(request, "stages/elsewhere.html", frame.context("stage_comparison"))
    filters = DifferenceFilters.read(request, post=request.post)
    region = filters.chosen().get("region")
    reasons = by_reason(frame.stage, within=codes.range_of(region) if region else None)
    families = sum(row.families for row in reasons)
    page = keyset(request, _narrowed(filters, frame), order=ORDER)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "filters": filters,
        "reasons": [
            (row, 100 * row.families / families, filters.query_string(reason=str(row.reason))) for row in reasons
        ],
        "families": families,
        "open": sum(row.open for row in reasons),
        "delta_idr": sum(row.delta_idr for row in reasons),
        "page": page,
        "rows": [(row, places.get(row.region_no, "")) for row in page],
        "live": live_run(frame.stage),
        "recorded": True,
        "may_export": allows(request.post, "family.export"),
    }
    return show(
        request,
        "stages/differences.html",
        frame.context("stage_differences", **context),
        piece="stages/_differences.html",
    )


@may("family.export", look="difference_list")
def differences_file(request: Request, name: str, form: exports.Form) -> FileResponse:
    """The rows of the list as a file: exactly what the filters show, without any number of a person."""
    frame = Frame.of(request, name)
    demand(request.post, "difference.view")
    filters = DifferenceFilters.read(request, post=request.post)
    found = _narrowed(filters, frame).order_by(*ORDER)
    columns = [
        exports.Column("Nama pengurus", width=28),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Menurut daftar (Rp)", "rupiah"),
        exports.Column("Menurut hitungan (Rp)", "rupiah"),
        exports.Column("Selisih (Rp)", "rupiah"),
        exports.Column("Kemungkinan sebab", width=30),
        exports.Column("Kepastian"),
        exports.Column("Jawaban", width=40),
    ]
    return exports.answer(f"selisih-{frame.stage.name}", columns, _file_rows(found), form=form)


def _file_rows(found: QuerySet[Difference]) -> Iterator[tuple[Any, ...]]:
    for some in exports.batches(found):
        places = Region.objects.path_names(row.region_no for row in some)
        for row in some:
            yield (
                row.family.name,
                places.get(row.region_no, ""),
                row.received_idr,
                row.computed_idr,
                row.delta_idr,
                row.get_reason_display(),
                row.get_certainty_display(),
                row.answer,
            )


@may("difference.view", look="family")
def difference(request: Request, name: str, family_id: int) -> HttpResponse:
    frame = Frame.of(request, name)
    row = get_object_or_404(listed(frame.stage).select_related("family", "answered_by", "run"), family=family_id)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        demand(request.post, "difference.answer")
        if form.is_valid():
            actions.answer_difference(row, answer=form.cleaned_data["answer"], by=request.user)
            messages.success(request, _("Jawaban untuk keluarga %(name)s tersimpan.") % {"name": row.family.name})
            return see_other(request, "stage_differences", frame.stage.name)
    sides, rules = sides_of(row), rules_of(frame.stage)
    lines = [
        (line, who, line_sentences(line.reason, component=line.component, rules=rules)) for line, who in sides.lines
    ]
    context = {
        "row": row,
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "sides": sides,
        "lines": lines,
        "why": sentence(row, sides.names),
        "way_out": way_out(Reason(row.reason)),
        "form": form,
        "may_answer": allows(request.post, "difference.answer"),
        "recorded": True,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "stages/difference.html", frame.context("stage_differences", **context), status=status)
