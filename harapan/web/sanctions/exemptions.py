"""Places and months without the service: entered and withdrawn by the regency, read by everybody who hears families."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.benefits import sanctions
from harapan.core.components import Component
from harapan.core.errors import HarapanError
from harapan.core.periods import format_month
from harapan.regions.models import Region
from harapan.ui.pages import keyset, see_other
from harapan.verification.models import Exemption
from harapan.web.reasons import WhyForm
from harapan.web.sanctions.evidence import keep
from harapan.web.sanctions.forms import ExemptionForm


@may("sanction.view")
def exemptions(request: Request) -> HttpResponse:
    managing = allows(request.post, "exemption.manage")
    given = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = ExemptionForm(*given, post=request.post, on=request.today) if managing else None
    if request.method == "POST":
        demand(request.post, "exemption.manage")
        if form is not None and form.is_valid():
            try:
                return _made(request, form)
            except HarapanError as refusal:  # said beside what was typed
                form.add_error(None, str(refusal))
    page = keyset(request, Exemption.objects.select_related("region", "by", "withdrawn_by"), order=("-id",), size=40)
    places = Region.objects.path_names(row.region_id for row in page)
    rows = [(row, places.get(row.region_id, ""), _months(row)) for row in page]
    context = {"page": page, "rows": rows, "form": form, "managing": managing}
    return render(request, "sanctions/exemptions.html", context, status=422 if request.method == "POST" else 200)


def _made(request: Request, form: ExemptionForm) -> HttpResponse:
    given = form.cleaned_data
    region = get_object_or_404(Region, pk=given["region"])
    sanctions.exempt(
        region,
        component=Component(given["component"]) if given["component"] else None,
        month_from=given["month_from"],
        month_to=given["month_to"],
        why=given["why"],
        evidence=keep(request, given["file"], region_no=region.pk),
        within=request.post.ranges,
        by=request.user,
        on=request.today,
    )
    messages.success(request, _("Pembebasan di %(place)s tercatat.") % {"place": region.display_name})
    return see_other(request, "exemptions")


@may("exemption.manage")
def exemption(request: Request, exemption_id: int) -> HttpResponse:
    """Withdraw one that was wrong, with a reason."""
    row = get_object_or_404(Exemption.objects.select_related("region"), pk=exemption_id, withdrawn_on=None)
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sanctions.withdraw_exemption(
                row, within=request.post.ranges, why=form.cleaned_data["why"], by=request.user, on=request.today
            )
        except HarapanError as refusal:  # said beside what was typed
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Pembebasan dicabut."))
            return see_other(request, "exemptions")
    context = {"row": row, "place": row.region.path_name(), "months": _months(row), "form": form}
    return render(request, "sanctions/exemption.html", context, status=422 if request.method == "POST" else 200)


def _months(row: Exemption) -> str:
    ends = (format_month(f"{number // 100}-{number % 100:02}") for number in (row.month_from, row.month_to))
    return " – ".join(dict.fromkeys(ends))
