"""The catalogue: every course with what it teaches, who must have it by policy, and on what it rests."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.accounts.roles import role
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.training.catalogue import CourseFacts, default_courses
from harapan.training.law import law_on, pass_law_on
from harapan.training.models import Course
from harapan.training.needs.law import Need, needs_on
from harapan.training.planning import add_course, take_over_courses
from harapan.training.queries import batches_for
from harapan.ui.pages import see_other
from harapan.ui.words import number
from harapan.web.courses.forms import CourseForm
from harapan.web.courses.frame import STATE_TAGS


@may("course.view")
def courses(request: Request) -> HttpResponse:
    rows = list(Course.objects.order_by("kind", "name", "pk").prefetch_related("topics"))
    known, needs = {course.code for course in rows}, _needs(request)
    context = {
        "rows": [(course, needs.get(course.code, [])) for course in rows],
        "missing": sum(facts.code not in known for facts in default_courses()),
        "may_plan": allows(request.post, "course.manage"),
        "here": "catalogue",
    }
    return render(request, "courses/catalogue.html", context)


@may("course.view")
def course(request: Request, course_id: int) -> HttpResponse:
    found = get_object_or_404(Course.objects.prefetch_related("topics"), pk=course_id)
    batches = batches_for(request.post).filter(course=found).order_by("-begins", "-pk")[:12]
    context = {
        "course": found,
        "topics": sorted(found.topics.all(), key=lambda each: each.number),
        "needs": _needs(request).get(found.code, []),
        "law": pass_law_on(request.today),
        "class_size": law_on("class_size_max", request.today),
        "batches": [(batch, STATE_TAGS[batch.State(batch.state)]) for batch in batches],
        "may_plan": allows(request.post, "course.manage"),
    }
    return render(request, "courses/course.html", context)


def _needs(request: Request) -> dict[str, list[tuple[Phrase, Need]]]:
    """What policy demands today by course code: the role as it is called, and the need with its source."""
    found: dict[str, list[tuple[Phrase, Need]]] = {}
    for need in needs_on(request.today):
        found.setdefault(need.course, []).append((role(need.role).name_on(request.today), need))
    return found


@may("course.manage")
def new(request: Request) -> HttpResponse:
    form = CourseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_course(_facts(request, form), by=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Diklat masuk katalog. Sekarang angkatannya dapat direncanakan."))
            return see_other(request, "course", made.pk)
    return render(request, "courses/course_form.html", {"form": form}, status=422 if request.method == "POST" else 200)


def _facts(request: Request, form: CourseForm) -> CourseFacts:
    told = form.cleaned_data
    return CourseFacts(
        told["code"], told["name"], told["kind"], told["days"], told["topics"], told["source"], about=told["about"],
        tested=told["tested"], practised=told["practised"], validity_months=told["validity_months"],
        since=request.today,
    )  # fmt: skip


@require_POST
@may("course.manage")
def take_over(request: Request) -> HttpResponse:
    """The courses that come with Harapan and are not in the catalogue yet."""
    made = take_over_courses(by=request.user)
    told = ngettext("%(n)s diklat bawaan masuk katalog.", "%(n)s diklat bawaan masuk katalog.", made)
    messages.success(request, told % {"n": number(made)})
    return see_other(request, "course_catalogue")
