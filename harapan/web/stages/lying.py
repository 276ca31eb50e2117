"""Money that lies untouched by age, payer and regency with what falls due when; and what goes back to the treasury."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits.models import State
from harapan.core.errors import Refused
from harapan.payments import lying, money, treasury
from harapan.payments.enums import Standing
from harapan.payments.models import TreasuryReturn
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import rupiah
from harapan.web.stages import money_frame
from harapan.web.stages.frame import Frame
from harapan.web.stages.money_forms import PayBackForm

RETURNS_SIZE = 20


@may("stage.view")
def untouched(request: Request, name: str) -> HttpResponse:
    frame = money_frame.computed(request, name)
    region = money_frame.region_of(request)
    bands = money.untouched(frame.stage, on=frame.on, region=region)
    days, due = lying.falls_due(frame.stage, on=frame.on, region=region)
    context = {
        "bands": bands, "families": sum(band.families for band in bands), "idr": sum(band.idr for band in bands),
        "payers": _rows(frame, bands, lying.by_payer(frame.stage, on=frame.on, region=region), "bank"),
        "places": _rows(frame, bands, lying.by_regency(frame.stage, on=frame.on, region=region), "region"),
        "days": days, "due": due, "region": region,
        "overdue_idr": sum(row.idr for row in due if row.first is None),
        "may_export": allows(request.post, "family.export"),
    }  # fmt: skip
    return render(request, "stages/untouched.html", money_frame.context(frame, "stage_untouched", **context))


def _rows(
    frame: Frame, bands: list[money.AgeBand], rows: list[lying.Lying], key: str
) -> list[tuple[lying.Lying, str, list[tuple[money.AgeBand, int]]]]:
    """Each row with the address of its families and its rupiah beside each band."""
    families = reverse("undelivered", args=[frame.stage.name])
    return [
        (row, f"{families}?{urlencode({'standing': int(Standing.CREDITED), key: row.key})}",
         list(zip(bands, [idr for _families, idr in row.bands], strict=True)))
        for row in rows
    ]  # fmt: skip


@may("stage.view")
def paid_back(request: Request, name: str) -> HttpResponse:
    """What failed or came back per payer and regency, and the payments into the treasury with their NTPN."""
    frame = money_frame.computed(request, name)
    rows = lying.owed(frame.stage)
    returns = TreasuryReturn.objects.filter(stage=frame.stage).select_related("by")
    page = keyset(request, returns, order=("-id",), size=RETURNS_SIZE)
    places = Region.objects.path_names(row.region_no for row in page)
    context = {
        "owed": rows, "page": page, "returns": [(row, places.get(row.region_no, "")) for row in page],
        "failed_idr": sum(row.failed_idr for row in rows), "returned_idr": sum(row.returned_idr for row in rows),
        "paid_idr": sum(row.paid_idr for row in rows), "rest_idr": sum(row.rest_idr for row in rows),
        "may_record": allows(request.post, "document.sp2d") and frame.stage.state == State.CLOSED,
        "waits": frame.stage.state in (State.INSTRUCTED, State.RECONCILED),
    }  # fmt: skip
    return render(request, "stages/paid_back.html", money_frame.context(frame, "stage_paid_back", **context))


@may("document.sp2d")
def pay_back(request: Request, name: str, payer: str, regency: int) -> HttpResponse:
    """Record that a payer has paid a regency's failed and returned money into the treasury."""
    frame = money_frame.computed(request, name)
    row = next((each for each in lying.owed(frame.stage) if (each.payer, each.regency_no) == (payer, regency)), None)
    if row is None:
        raise Http404
    form = PayBackForm(request.POST or None, on=request.today)
    if request.method == "POST" and form.is_valid():
        try:
            return _paid(request, frame, row, form)
        except Refused as refusal:  # said beside what was typed
            form.add_error("ntpn" if "NTPN" in str(refusal) else None, str(refusal))
    status = 422 if request.method == "POST" else 200
    context = money_frame.context(frame, "stage_paid_back", row=row, form=form)
    return render(request, "stages/pay_back.html", context, status=status)


def _paid(request: Request, frame: Frame, row: lying.Owed, form: PayBackForm) -> HttpResponse:
    paid = treasury.pay_back(
        frame.stage, payer=row.payer, region=row.regency_no, ntpn=form.cleaned_data["ntpn"],
        on=form.cleaned_data["on"], by=request.user, today=request.today,
    )  # fmt: skip
    said = _("Setoran %(sum)s dari %(payer)s di %(place)s dicatat dengan NTPN %(ntpn)s.") % {
        "sum": rupiah(paid.failed_idr + paid.returned_idr), "payer": row.payer, "place": row.place, "ntpn": paid.ntpn
    }  # fmt: skip
    messages.success(request, said)
    return see_other(request, "stage_paid_back", frame.stage.name)
