"""The accused in their own case: what they are charged with, what they say, what was decided, how to appeal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.ui.pages import see_other
from harapan.ui.parts import chain
from harapan.web.ethics.cases import in_words
from harapan.web.ethics.forms import TextForm
from harapan.web.ethics.frame import tabs
from harapan.workforce.ethics import speaking
from harapan.workforce.ethics.catalogue import offence_words
from harapan.workforce.ethics.queries import own_cases
from harapan.workforce.models import EthicsDecision, EthicsStatement, Step

WAY = (Step.SUMMONED, Step.HEARD, Step.DECIDED, Step.FINAL)


@may("ethics.view", look="ethics_case")
def own(request: Request, case_id: int) -> HttpResponse:
    return _shown(request, case_id)


def _shown(request: Request, case_id: int, *, form: TextForm | None = None, status: int = 200) -> HttpResponse:
    case = get_object_or_404(own_cases(request.user), pk=case_id)
    answers = case.step in (Step.SUMMONED, Step.HEARD)
    appeals = case.step == Step.DECIDED and case.due_on is not None and request.today <= case.due_on
    label = _("Pembelaan Anda") if answers else _("Alasan banding")
    decisions = EthicsDecision.objects.filter(case=case).select_related("decided_by").order_by("pk")
    context: dict[str, Any] = {
        "case": case, "offence": offence_words(case.offence), "answers": answers, "appeals": appeals,
        "way": chain([(step, step.label) for step in WAY], Step.DECIDED if case.step == Step.APPEALED else case.step),
        "decisions": [in_words(row) for row in decisions],
        "statements": EthicsStatement.objects.filter(case=case).order_by("pk"),
        "form": (form or TextForm(label=label)) if answers or appeals or form else None, "recorded": True,
        **tabs(request, "code"),
    }  # fmt: skip
    return render(request, "ethics/own.html", context, status=status)


@require_POST
@may("ethics.view", look="ethics_case")
def answer(request: Request, case_id: int) -> HttpResponse:
    return _said(request, case_id, speaking.answer_charge, _("Pembelaan Anda tersimpan dan terbaca pemeriksa."))


@require_POST
@may("ethics.view", look="ethics_case")
def appeal(request: Request, case_id: int) -> HttpResponse:
    return _said(request, case_id, speaking.appeal, _("Banding Anda diterima dan akan diputus orang lain."))


def _said(request: Request, case_id: int, action: Callable[..., None], done: str) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            action(case_id, form.cleaned_data["text"], by=request.user, on=request.today)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, done)
            return see_other(request, "ethics_own", case_id)
    return _shown(request, case_id, form=form, status=422)
