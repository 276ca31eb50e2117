"""After a course: the feedback form, the follow-up plan and how far it has come."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.training.dated_data import statements
from harapan.training.following.feedback import give
from harapan.training.following.plans import check_plan, evaluations, write_plan
from harapan.training.models import FollowUpCheck
from harapan.ui.pages import see_other
from harapan.web.learned.forms import CheckForm, FeedbackForm, PlanForm
from harapan.web.learned.own import enrolment_of


@may("learned.view")
def feedback(request: Request, enrolment_id: int) -> HttpResponse:
    _me, enrolment = enrolment_of(request, enrolment_id)
    form = FeedbackForm(request.POST or None, asked=statements(request.today))
    if request.method == "POST" and form.is_valid():
        give(enrolment, form.answers(), remark=form.cleaned_data["remark"], on=request.today)
        messages.success(request, _("Umpan balik masuk tanpa nama. Terima kasih."))
        return see_other(request, "my_courses")
    context = {"enrolment": enrolment, "batch": enrolment.batch, "form": form}
    return render(request, "learned/feedback.html", context, status=422 if form.errors else 200)


@may("learned.view")
def plan(request: Request, enrolment_id: int) -> HttpResponse:
    """Write the plan, or read it with its evaluations."""
    _me, enrolment = enrolment_of(request, enrolment_id)
    known = getattr(enrolment, "follow_up", None)
    initial = {"aim": known.aim, "steps": known.steps, "support": known.support} if known else None
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        write_plan(enrolment, **form.cleaned_data, on=request.today)
        messages.success(request, _("RTL tersimpan. Harapan mengingatkan Anda saat evaluasinya tiba."))
        return see_other(request, "my_courses")
    found = evaluations(known, on=request.today) if known else []
    context = {
        "enrolment": enrolment, "batch": enrolment.batch, "plan": known, "form": form, "evaluations": found,
        "due": next((each for each in found if each.is_due(request.today)), None), "checking": CheckForm(),
        "fixed": any(each.check for each in found),
    }  # fmt: skip
    return render(request, "learned/plan.html", context, status=422 if form.errors else 200)


@require_POST
@may("learned.view")
def check(request: Request, enrolment_id: int) -> HttpResponse:
    """The reader's own evaluation of the own plan."""
    _me, enrolment = enrolment_of(request, enrolment_id)
    known = getattr(enrolment, "follow_up", None)
    form = CheckForm(request.POST)
    if known is None or not form.is_valid():
        raise Http404
    said = form.cleaned_data
    check_plan(
        known, after_months=said["after_months"], outcome=FollowUpCheck.Outcome(said["outcome"]), note=said["note"],
        by=request.user, on=request.today,
    )  # fmt: skip
    messages.success(request, _("Evaluasi tersimpan."))
    return see_other(request, "follow_up", enrolment.pk)
