"""Failed and returned money of a computed stage: why, whose, and asking that it be paid again, one by one or many."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import State
from harapan.core.errors import Refused
from harapan.payments import money, reasons, retrying
from harapan.payments.enums import Standing
from harapan.payments.models import Claim, RetryRequest
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.ui.pages import deed_of, keyset, see_other, show
from harapan.ui.words import number
from harapan.web.stages import money_frame
from harapan.web.stages.frame import Frame
from harapan.web.stages.money import TAGS
from harapan.web.stages.money_forms import ManyForm, RetryFilters

ORDER = ("region_no", "family_id", "listing_id")
EXAMPLE = gettext_lazy("nomor rekening sudah diperbaiki bank")


@may("stage.view", look="claim_list")
def retries(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    return _listed(request, frame, ManyForm(example=EXAMPLE))


def _listed(request: Request, frame: Frame, form: ManyForm, *, status: int = 200) -> HttpResponse:
    filters = RetryFilters.read(request, post=request.post, on=frame.on)
    found = _narrowed(filters, frame)
    sums = found.aggregate(families=Count("family", distinct=True), idr=Sum("nominal_idr"))
    page = keyset(request, found.select_related("family"), order=ORDER)
    places = Region.objects.path_names(row.region_no for row in page)
    words = reasons.labels(frame.on)
    kinds = [row for row in money.undelivered(frame.stage, on=frame.on) if row.standing in retrying.AGAIN]
    context = {
        "filters": filters, "page": page, "form": form, "families": sums["families"], "idr": int(sums["idr"] or 0),
        "kinds": [(row, *TAGS[row.standing]) for row in kinds],
        "kinds_idr": sum(row.idr for row in kinds),
        "rows": [
            (row, places.get(row.region_no, ""), words.get(row.reason_code, row.reason_code), *_tag(row))
            for row in page
        ],
        "waiting": RetryRequest.objects.filter(stage=frame.stage, drawn=None).count(),
        "may_ask": allows(request.post, "stage.instruct") and frame.stage.state == State.INSTRUCTED,
        "chosen": money_frame.chosen(request, "family"), "recorded": True,
    }  # fmt: skip
    return show(
        request, "stages/retries.html", money_frame.context(frame, "stage_retries", **context),
        piece="stages/_retries.html", status=status,
    )  # fmt: skip


def _tag(row: Claim) -> tuple[str, str]:
    return TAGS[Standing(row.standing)]


def _narrowed(filters: RetryFilters, frame: Frame) -> QuerySet[Any]:
    """Claims that failed or came back, each with whether another attempt is asked for already."""
    chosen = filters.chosen()
    asked = RetryRequest.objects.filter(stage=OuterRef("stage"), family=OuterRef("family"), attempt=OuterRef("attempt"))
    found = Claim.objects.filter(stage=frame.stage, standing__in=retrying.AGAIN).annotate(asked=Exists(asked))
    if "standing" in chosen:
        found = found.filter(standing=chosen["standing"])
    if "reason" in chosen:
        found = found.filter(reason_code=chosen["reason"])
    if "asked" in chosen:
        found = found.filter(asked=chosen["asked"] == "yes")
    if "region" in chosen:
        low, high = codes.range_of(chosen["region"])
        found = found.filter(region_no__gte=low, region_no__lt=high)
    return found


@deed_of("stage_retries")
@may("stage.instruct")
def ask(request: Request, name: str) -> HttpResponse:
    """Ask for another attempt for the chosen families, or for all that the filters leave."""
    frame = money_frame.computed(request, name)
    form = ManyForm(request.POST, example=EXAMPLE)
    if form.is_valid():
        try:
            asked = retrying.ask(
                frame.stage, _chosen(request, frame), why=form.cleaned_data["why"], by=request.user, on=request.today
            )
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            said = _("Bayar ulang diminta untuk %(n)s keluarga. PPK menarik ordernya di halaman perintah bayar.")
            messages.success(request, said % {"n": number(asked)})
            return see_other(request, "stage_retries", frame.stage.name)
    return _listed(request, frame, form, status=422)


def _chosen(request: Request, frame: Frame) -> list[int]:
    if request.POST.get("which") == "all":
        filters = RetryFilters.read(request, post=request.post, on=frame.on)
        return list(_narrowed(filters, frame).filter(asked=False).values_list(F("family_id"), flat=True))
    return money_frame.chosen(request, "family")
