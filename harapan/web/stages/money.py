"""Money to the hand: what lies untouched and how long, what failed or came back and why, and the families behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import FileResponse, HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits.models import Mode
from harapan.core.asked import whole
from harapan.payments import money, reasons
from harapan.payments.enums import Standing
from harapan.payments.models import Claim
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui import exports
from harapan.ui.pages import keyset, show
from harapan.web.stages.forms import ClaimFilters
from harapan.web.stages.frame import Frame
from harapan.web.stages.settlement import settlement

ORDER = ("region_no", "family_id", "listing_id")
TAGS = {
    Standing.CREDITED: ("wait", "clock"),
    Standing.BLOCKED: ("bad", "lock"),
    Standing.FAILED: ("bad", "x"),
    Standing.UNDELIVERED: ("wait", "user-off"),
    Standing.RETURNED: ("told", "arrow-back-up"),
    Standing.TREASURY: ("told", "building-bank"),
    Standing.HELD: ("own", "player-pause"),
    Standing.UNANSWERED: ("", "help-circle"),
    Standing.WITHDRAWN: ("ok", ""),
}


@may("stage.view")
def stage_money(request: Request, name: str) -> HttpResponse:
    frame = Frame.of(request, name)
    if frame.stage.mode == Mode.COMPUTED:
        return settlement(request, frame)
    region = request.GET.get("region", "")
    number = whole(region)
    bands = money.untouched(frame.stage, on=frame.on, region=number)
    most_idr = max((band.idr for band in bands), default=0) or 1
    rows = money.undelivered(frame.stage, on=frame.on, region=number)
    context = {
        "bands": [(band, 100 * band.idr / most_idr) for band in bands],
        "lying_idr": sum(band.idr for band in bands),
        "lying": sum(band.families for band in bands),
        "reasons": [(row, *TAGS[row.standing]) for row in rows],
        "not_arrived_idr": sum(row.idr for row in rows),
        "sums": money.of(frame.stage, region=number),
    }
    return render(request, "stages/money.html", frame.context("stage_money", **context))


def _narrowed(filters: ClaimFilters, frame: Frame) -> QuerySet[Claim]:
    chosen = filters.chosen()
    found = Claim.objects.filter(stage=frame.stage).select_related("family")
    if "standing" in chosen:
        found = found.filter(standing=chosen["standing"])
    else:
        found = found.exclude(standing=Standing.WITHDRAWN)
    if "reason" in chosen:
        found = found.filter(reason_code=chosen["reason"])
    if "days" in chosen:
        found = found.filter(on__lte=frame.on - timedelta(days=chosen["days"]))
    if "bank" in chosen:
        found = found.filter(bank=chosen["bank"])
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    return found


@may("stage.view", look="claim_list")
def undelivered(request: Request, name: str) -> HttpResponse:
    """The families whose money has not reached a hand, narrowed by standing, reason, age and region."""
    frame = Frame.of(request, name)
    filters = ClaimFilters.read(request, post=request.post, on=frame.on)
    found = _narrowed(filters, frame)
    sums = found.aggregate(families=Count("family", distinct=True), idr=Sum("nominal_idr"))
    page = keyset(request, found, order=ORDER)
    places = Region.objects.path_names(row.region_no for row in page)
    words = reasons.labels(frame.on)
    context = {
        "filters": filters,
        "families": sums["families"],
        "idr": int(sums["idr"] or 0),
        "page": page,
        "rows": [
            (row, places.get(row.region_no, ""), words.get(row.reason_code, row.reason_code), *_tag(row, frame))
            for row in page
        ],
        "may_export": allows(request.post, "family.export"),
        "recorded": True,
    }  # fmt: skip
    return show(
        request, "stages/undelivered.html", frame.context("stage_money", **context), piece="stages/_claims.html"
    )


def _tag(row: Claim, frame: Frame) -> tuple[str, str, int | None]:
    return (*TAGS[Standing(row.standing)], (frame.on - row.on).days if row.on else None)


@may("family.export", look="claim_list")
def undelivered_file(request: Request, name: str, form: exports.Form) -> FileResponse:
    """The rows of the list as a file: exactly what the filters show, without any number of a person."""
    frame = Frame.of(request, name)
    demand(request.post, "stage.view")
    filters = ClaimFilters.read(request, post=request.post, on=frame.on)
    found = _narrowed(filters, frame).order_by(*ORDER)
    columns = [
        exports.Column("Nama pengurus", width=28),
        exports.Column("Desa/kelurahan", width=40),
        exports.Column("Gelombang"),
        exports.Column("Bank"),
        exports.Column("Jumlah (Rp)", "rupiah"),
        exports.Column("Keadaan", width=28),
        exports.Column("Alasan", width=30),
        exports.Column("Sejak", "date"),
    ]
    return exports.answer(f"uang-{frame.stage.name}", columns, _file_rows(found, frame), form=form)


def _file_rows(found: QuerySet[Claim], frame: Frame) -> Iterator[tuple[Any, ...]]:
    words = reasons.labels(frame.on)
    for some in exports.batches(found):
        places = Region.objects.path_names(row.region_no for row in some)
        for row in some:
            yield (
                row.family.name,
                places.get(row.region_no, ""),
                row.wave,
                row.bank,
                row.nominal_idr,
                row.get_standing_display(),
                words.get(row.reason_code, row.reason_code),
                row.on,
            )
