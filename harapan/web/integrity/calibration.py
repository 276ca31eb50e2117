"""How often indicators were right, by check visits, and how their weights have changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.performance import calibrating
from harapan.performance.law import law_on
from harapan.performance.models import IndicatorWeight

WEIGHTS_SHOWN = 30


@may("integrity.view")
def calibration(request: Request) -> HttpResponse:
    everybody, rows = calibrating.calibration(on=request.today)
    weights = IndicatorWeight.objects.select_related("set_by").order_by("-since", "-pk")[:WEIGHTS_SHOWN]
    context = {
        "everybody": everybody,
        "rows": sorted(rows, key=lambda row: (-row.precision.checked, str(row.title))),
        "weights": [(each, each.get_indicator_display()) for each in weights],
        "unknown": calibrating.WEIGHT_UNKNOWN,
        "checked_min": law_on(request.today).checked_min,
    }
    return render(request, "integrity/calibration.html", context)
