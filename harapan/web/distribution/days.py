"""Payout days at the post office, per village."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.intake.counter_dues import take_listed_bpnt
from harapan.payments.field_queries import payout_days
from harapan.payments.payout_days import plan_payout_day
from harapan.regions.models import Region
from harapan.registry.queries import groups_in
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.distribution.forms import DayForm
from harapan.web.distribution.groups import tabs
from harapan.web.distribution.reach import stage_or_404

VILLAGES_MAX = 400  # of one reader: a kabupaten; whoever sees more plans nothing


@may("handover.view")
def days(request: Request, name: str) -> HttpResponse:
    stage = stage_or_404(name)
    numbers = groups_in(request.post).order_by("region_id").values_list("region_id", flat=True).distinct()
    villages = [no for no in numbers[:VILLAGES_MAX] if no]
    places = Region.objects.path_names(villages)
    form = DayForm(request.POST or None, villages=[(no, places.get(no, str(no))) for no in villages])
    if request.method == "POST":
        demand(request.post, "payout.plan")
        if form.is_valid():
            told = form.cleaned_data
            try:
                plan_payout_day(
                    stage, told["region"], day=told["day"], begins=told["begins"], ends=told["ends"],
                    place=told["place"], payer=told["payer"], by=request.user, on=request.today,
                )  # fmt: skip
            except Refused as refusal:
                form.add_error(None, refusal.phrase.heard())
            else:
                messages.success(request, _("Hari bayar disimpan."))
                return see_other(request, "distribution_days", stage.name)
    found = payout_days(stage, villages)
    rows = sorted(
        ((day, places.get(no, "")) for no, each in found.items() for day in each), key=lambda row: (row[0].on, row[1])
    )
    context = {
        "stage": stage, "form": form, "rows": rows, "without": len(villages) - len(found), "villages": len(villages),
        "may_write": allows(request.post, "payout.plan"), "recorded": False, **tabs(request, "days"),
    }  # fmt: skip
    return render(request, "distribution/days.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("payout.plan")
def listed_bpnt(request: Request, name: str) -> HttpResponse:
    """What the ministry's list says of BPNT, beside PKH at the same counter."""
    stage = stage_or_404(name)
    taken = take_listed_bpnt(stage, by=request.user)
    messages.success(request, _("BPNT %(n)s keluarga dicatat.") % {"n": number(taken)})
    return see_other(request, "distribution_days", stage.name)
