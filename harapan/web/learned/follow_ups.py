"""Follow-up plans in reach: which evaluation is due, and the evaluation by whoever leads the person."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from harapan.accounts.permission import allows, demand, may
from harapan.accounts.request import Request
from harapan.training.following.plans import check_plan, evaluations, plans_due, write_plan
from harapan.training.models import Enrolment, FollowUpCheck, FollowUpPlan
from harapan.ui.pages import keyset, see_other, show
from harapan.web.learned.forms import CheckForm, PlanForm

PAGE_SIZE = 30


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    """Those with an evaluation due; or all of them."""
    everything = request.GET.get("semua") == "1"
    due = plans_due(on=request.today)
    rows = (FollowUpPlan.objects.all() if everything else due).select_related("person", "enrolment__batch__course")
    page = keyset(request, rows.prefetch_related("checks"), order=("-made_on", "-id"), size=PAGE_SIZE)
    context = {
        "page": page, "everything": everything, "due": due.count(), "today": request.today,
        "rows": [(each, evaluations(each, on=request.today)) for each in page],
    }  # fmt: skip
    return show(request, "learned/follow_ups.html", context, piece="learned/_follow_ups.html")


@may("certificate.view", look="follow_up")
def one(request: Request, plan_id: int) -> HttpResponse:
    rows = FollowUpPlan.objects.select_related("person", "enrolment__batch__course").prefetch_related("checks")
    plan = get_object_or_404(rows, pk=plan_id)
    found = evaluations(plan, on=request.today)
    form = CheckForm(request.POST or None)
    if request.method == "POST":
        demand(request.post, "follow_up.check")
        if form.is_valid():
            said = form.cleaned_data
            check_plan(
                plan, after_months=said["after_months"], outcome=FollowUpCheck.Outcome(said["outcome"]),
                note=said["note"], by=request.user, on=request.today,
            )  # fmt: skip
            messages.success(request, _("Evaluasi tersimpan."))
            return see_other(request, "follow_up_one", plan.pk)
    context = {
        "plan": plan, "batch": plan.enrolment.batch, "evaluations": found, "form": form,
        "due": next((each for each in found if each.is_due(request.today)), None),
        "may_check": allows(request.post, "follow_up.check"), "recorded": True,
    }  # fmt: skip
    return render(request, "learned/follow_up.html", context, status=422 if form.errors else 200)


@may("follow_up.check", look="enrolment")
def of_guest(request: Request, enrolment_id: int) -> HttpResponse:
    """The plan of a participant without an account, from paper; it is evaluated like any other."""
    rows = Enrolment.objects.select_related("batch__course", "follow_up", "person").filter(person__user=None)
    enrolment = get_object_or_404(rows, pk=enrolment_id)
    known = getattr(enrolment, "follow_up", None)
    initial = {"aim": known.aim, "steps": known.steps, "support": known.support} if known else None
    form = PlanForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = write_plan(enrolment, **form.cleaned_data, on=request.today)
        messages.success(request, _("RTL tersimpan; evaluasinya diingatkan kepada pemimpin wilayahnya."))
        return see_other(request, "follow_up_one", made.pk)
    context = {"enrolment": enrolment, "batch": enrolment.batch, "form": form}
    return render(request, "learned/plan_of_guest.html", context, status=422 if form.errors else 200)
