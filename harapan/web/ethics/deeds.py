"""What is done with a case: taken, moved a step, answered to its reporter, its keeper named, its reporter opened."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import User
from harapan.accounts.permission import demand, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.ui.pages import deed_of, see_other
from harapan.ui.words import heard
from harapan.web.ethics.cases import REPLY, shown
from harapan.web.ethics.forms import TextForm
from harapan.web.ethics.steps import DEEDS
from harapan.workforce.ethics import following, handling, keeping
from harapan.workforce.ethics.queries import cases_in


@require_POST
@may("ethics.handle")
def take(request: Request, case_id: int) -> HttpResponse:
    handling.take(case_id, by=request.user, on=request.today)
    messages.success(request, _("Perkara ini kini Anda tangani."))
    return see_other(request, "ethics_case", case_id)


@deed_of("ethics_case", "case_id")
@may("ethics.handle", look="ethics_case")
def deed(request: Request, case_id: int, name: str) -> HttpResponse:
    """One deed of `steps.DEEDS`; refused, the page comes back with what was typed."""
    chosen = DEEDS.get(name)
    if chosen is None:
        raise Http404
    if chosen.decides:
        demand(request.post, "ethics.decide")
    case = get_object_or_404(cases_in(request.post), pk=case_id)
    form = chosen.make(request, case, request.POST)
    if form.is_valid():
        try:
            chosen.do(request, case_id, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, heard(chosen.done))
            return see_other(request, "ethics_case", case_id)
    return shown(request, case_id, filled={name: form}, status=422)


@deed_of("ethics_case", "case_id")
@may("ethics.handle", look="ethics_case")
def reply(request: Request, case_id: int, report_id: int) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            following.reply(report_id, form.cleaned_data["text"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pesan disimpan; pelapor membacanya dengan nomor dan kata rahasianya."))
            return see_other(request, "ethics_case", case_id)
    filled: dict[str, forms.Form] = {REPLY: form}
    return shown(request, case_id, filled=filled, status=422)


@deed_of("ethics_case", "case_id")
@may("ethics.keep", look="ethics_case")
def reporter(request: Request, case_id: int, report_id: int) -> HttpResponse:
    """Opens who reported, for the keeper alone; the database writes the look. Nothing of the answer is kept."""
    found = keeping.look_at_reporter(report_id, why=request.POST.get("why", ""), by=request.user)
    response = shown(request, case_id, reporter=found, reporter_of=report_id)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@may("ethics.keep", look="ethics_case")
def keeper(request: Request, case_id: int, report_id: int) -> HttpResponse:
    asked = request.POST.get("to", "")
    to = get_object_or_404(User, pk=int(asked) if asked.isdecimal() else 0)
    keeping.name_keeper(report_id, to=to, by=request.user, on=request.today)
    messages.success(request, _("Identitas pelapor kini disimpan %(name)s.") % {"name": to.name})
    return see_other(request, "ethics_case", case_id)
