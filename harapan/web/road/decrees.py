"""The decree: validated candidates become members under a number and a date."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.asked import wholes
from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_of
from harapan.fieldwork.decreeing import decree
from harapan.fieldwork.road import Step
from harapan.ui.pages import keyset, see_other
from harapan.ui.words import number
from harapan.web.road.forms import DecreeForm, RoadFilters
from harapan.web.road.overview import ORDER, lines_of

PICKED_MAX = 500


@may("candidate.decree", look="family_list")
def page(request: Request) -> HttpResponse:
    filters = RoadFilters.read(request, post=request.post)
    del filters.fields["step"], filters.fields["waited"]
    starts = add_months(month_of(request.today), 1)
    form = DecreeForm(request.POST or None, initial={"decreed_on": request.today, "starts_on": f"{starts}-01"})
    picked = wholes(request.POST.getlist("candidate")[:PICKED_MAX])
    if request.method == "POST" and form.is_valid():
        try:
            made = decree(picked, **form.cleaned_data, by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            said = ngettext("%(n)s calon ditetapkan.", "%(n)s calon ditetapkan.", len(made))
            messages.success(request, said % {"n": number(len(made))} + " " + _("Berikutnya: rekening dan kartunya."))
            return see_other(request, "road")
    waiting = filters.narrowed_candidates(on=request.today).filter(step=Step.DECREE)
    found = keyset(request, waiting, order=ORDER, size=100)
    context = {
        "filters": filters, "page": found, "lines": lines_of(found, on=request.today), "form": form, "picked": picked,
    }  # fmt: skip
    return render(request, "road/decree.html", context, status=422 if request.method == "POST" else 200)
