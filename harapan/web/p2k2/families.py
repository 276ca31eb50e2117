"""What one family has heard, what it means to do, and what it does at home."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.p2k2.attending import THERE
from harapan.p2k2.behaviours import Answer, answer_behaviours, asked_on, due_again, rounds_of
from harapan.p2k2.committing import answer_commitment, commitments_of, due_by_default, make_commitment
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.queries import coverage, heard_by
from harapan.registry.models import Family
from harapan.ui.pages import see_other
from harapan.web.p2k2.forms import AnswerForm, BehavioursForm, CommitmentForm


def _family(post: Post, family_id: int) -> Family:
    reachable = Family.objects.visible_to(post).select_related("region", "group__facilitator")
    return get_object_or_404(reachable, pk=family_id)


def _shown(request: Request, family: Family, status: int = 200, **forms: Any) -> HttpResponse:
    rows = heard_by(family)
    curriculum = default_curriculum()
    rounds = rounds_of(family)
    latest = max(rounds, default=None)
    questions = asked_on(request.today)
    first = rounds[min(rounds)] if rounds else {}
    now = rounds[latest] if latest else {}
    context = {
        "family": family,
        "place": family.region.path_name(),
        "rows": [(row, curriculum.lesson(row.lesson)) for row in rows],
        "there": sum(row.mark in THERE for row in rows),
        "coverage": coverage((row.lesson for row in rows if row.mark in THERE), on=request.today),
        "commitments": commitments_of(family),
        "behaviours": [(each, first.get(each.code), now.get(each.code)) for each in questions] if rounds else [],
        "asked": list(rounds),
        "due_again": due_again(latest, on=request.today),
        "committing": CommitmentForm(
            initial={"made_on": request.today, "due_on": due_by_default(request.today)}, prefix="k"
        ),
        "asking": BehavioursForm(
            questions=questions, initial={"asked_on": request.today} | rounds.get(request.today, {}), prefix="p"
        ),
        "may_record": allows(request.post, "session.record"),
        "today": request.today,
        "recorded": True,
        **forms,
    }
    return render(request, "p2k2/family.html", context, status=status)


@may("session.view", look="family")
def family(request: Request, family_id: int) -> HttpResponse:
    return _shown(request, _family(request.post, family_id))


@require_POST
@may("session.record", look="family")
def commit(request: Request, family_id: int) -> HttpResponse:
    shown = _family(request.post, family_id)
    form = CommitmentForm(request.POST, prefix="k")
    if form.is_valid():
        try:
            make_commitment(
                shown.pk, form.cleaned_data["text"], due_on=form.cleaned_data["due_on"],
                made_on=form.cleaned_data["made_on"], by=request.user, on=request.today,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Komitmen dicatat; akan ditanyakan pada pertemuan berikutnya."))
            return see_other(request, "p2k2_family", shown.pk)
    return _shown(request, shown, status=422, committing=form)


@require_POST
@may("session.record", look="family")
def answer(request: Request, family_id: int, commitment_id: int) -> HttpResponse:
    shown = _family(request.post, family_id)
    asked = get_object_or_404(commitments_of(shown), pk=commitment_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        raise Refused("Pilih sudah atau belum.")
    answer_commitment(
        asked.pk, done=form.cleaned_data["done"], why=form.cleaned_data["why"],
        asked_on=form.cleaned_data["asked_on"] or request.today, by=request.user, on=request.today,
    )  # fmt: skip
    messages.success(request, _("Jawaban keluarga dicatat."))
    return see_other(request, "p2k2_family", shown.pk)


@require_POST
@may("session.record", look="family")
def behaviours(request: Request, family_id: int) -> HttpResponse:
    shown = _family(request.post, family_id)
    form = BehavioursForm(request.POST, questions=asked_on(request.today), prefix="p")
    if not form.is_valid():
        return _shown(request, shown, status=422, asking=form)
    answers: dict[str, Answer] = form.answers()
    try:
        answer_behaviours(
            shown.pk, answers, by=request.user, asked=form.cleaned_data["asked_on"], on=request.today
        )  # fmt: skip
    except Refused as refusal:
        form.add_error("asked_on", refusal.phrase.heard())
        return _shown(request, shown, status=422, asking=form)
    messages.success(request, _("Perilaku keluarga dicatat."))
    return see_other(request, "p2k2_family", shown.pk)
