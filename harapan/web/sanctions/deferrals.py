"""Families whose money the ladder holds, and letting it go with a reason; it is then paid with a later stage."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.benefits import adjusting
from harapan.benefits.models import Deferral
from harapan.core.errors import Refused
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import rupiah
from harapan.web.reasons import WhyForm


@may("sanction.view", look="sanction_list")
def deferrals(request: Request) -> HttpResponse:
    held = Deferral.objects.filter(lifted_on=None)
    sums = held.aggregate(families=Count("pk"), idr=Sum("idr", default=0))
    page = keyset(request, held.select_related("family", "stage"), order=("region_no", "id"), size=40)
    places = Region.objects.path_names(row.region_no for row in page)
    rows = [(row, places.get(row.region_no, "")) for row in page]
    context = {
        "page": page,
        "rows": rows,
        "families": sums["families"],
        "idr": int(sums["idr"]),
        "may_lift": allows(request.post, "deferral.lift"),
        "recorded": True,
    }
    return render(request, "sanctions/deferrals.html", context)


@may("deferral.lift", look="deferral")
def deferral(request: Request, deferral_id: int) -> HttpResponse:
    row = get_object_or_404(Deferral.objects.select_related("family", "stage"), pk=deferral_id, lifted_on=None)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            adjusting.lift(row, why=form.cleaned_data["why"], by=request.user, on=request.today)
        except Refused as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            said = _("%(sum)s untuk %(name)s dibayarkan pada tahap berikutnya.")
            messages.success(request, said % {"sum": rupiah(row.idr), "name": row.family.name})
            return see_other(request, "deferrals")
    context = {
        "row": row,
        "place": Region.objects.path_names([row.region_no]).get(row.region_no, ""),
        "form": form,
        "recorded": True,
    }
    return render(request, "sanctions/deferral.html", context, status=422 if request.method == "POST" else 200)
