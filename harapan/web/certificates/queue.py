"""The queue for places, and the plan that empties it: looked at, then accepted as it was shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError
from harapan.training.dated_data import Centre
from harapan.training.models import Enrolment, PlacePlan
from harapan.training.needs.accepting import accept, foresee
from harapan.training.needs.law import class_size
from harapan.training.needs.planning import PlannedClass
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.certificates.forms import PlanFilters

ACCEPTED_SHOWN = 10


@dataclass(frozen=True, slots=True)
class CentreLine:
    """One centre: its classes and people by month, in the order of the plan's months."""

    centre: Centre
    months: list[tuple[int, int]]

    @property
    def classes(self) -> int:
        return sum(classes for classes, _people in self.months)

    @property
    def people(self) -> int:
        return sum(people for _classes, people in self.months)


@may("certificate.view")
def page(request: Request) -> HttpResponse:
    """The whole plan for whoever decides it; what it gives their own people to those whose people wait."""
    filters = PlanFilters.read(request, on=request.today)
    plan, problem, course = None, None, filters.queue
    if course is not None:
        try:
            plan = foresee(
                course, first_month=filters.first_month, post=request.post, by=request.user, on=request.today
            )
        except HarapanError as refusal:
            problem = refusal.phrase
    months = sorted({each.month for each in plan.classes}) if plan else []
    context = {
        "filters": filters, "course": course, "plan": plan, "problem": problem, "months": months,
        "lines": _lines(plan.classes, months) if plan else [], "month": filters.first_month,
        "accepted": _accepted(), "own_region": bool(request.post.ranges),
        "may_plan": allows(request.post, "need.plan"), "may_follow": allows(request.post, "course.view"),
        "size": class_size(request.today),
    }  # fmt: skip
    return render(request, "certificates/queue.html", context)


def _accepted() -> list[tuple[PlacePlan, int]]:
    """The latest plans, each with how many places it gave to people in reach. Two queries."""
    plans = list(PlacePlan.objects.select_related("course", "made_by").order_by("-pk")[:ACCEPTED_SHOWN])
    numbers = [number for plan in plans for number in plan.batch_nos]
    given = dict(
        Enrolment.objects.filter(batch__in=numbers).order_by().values_list("batch").annotate(people=Count("pk"))
    )
    return [(plan, sum(given.get(number, 0) for number in plan.batch_nos)) for plan in plans]


def _lines(classes: Iterable[PlannedClass], months: list[str]) -> list[CentreLine]:
    found: dict[Centre, dict[str, tuple[int, int]]] = {}
    for each in classes:
        by_month = found.setdefault(each.centre, {})
        count, people = by_month.get(each.month, (0, 0))
        by_month[each.month] = count + 1, people + len(each.people)
    return [CentreLine(centre, [by.get(month, (0, 0)) for month in months]) for centre, by in found.items()]


@require_POST
@may("need.plan")
def agree(request: Request) -> HttpResponse:
    filters = PlanFilters(request.POST, on=request.today)
    if not filters.is_valid() or filters.queue is None:
        raise Http404
    made = accept(
        filters.queue, first_month=filters.first_month, digest=request.POST.get("digest", ""), by=request.user,
        on=request.today,
    )  # fmt: skip
    told = ngettext(
        "%(batches)s angkatan dibuat dan %(people)s orang diundang.",
        "%(batches)s angkatan dibuat dan %(people)s orang diundang.", len(made.batch_nos),
    )  # fmt: skip
    values = {"batches": number(len(made.batch_nos)), "people": number(made.people)}
    messages.success(request, told % values)
    return see_other(request, f"{reverse('place_queue')}?course={made.course_id}")
