"""Diklat saya: what the reader has, what they must still have, and what a course leaves them to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.files.storage import download
from harapan.training.certificates import paper
from harapan.training.certificates.queries import certificates_in_reach
from harapan.training.following import feedback, plans
from harapan.training.following.feedback import ASKED
from harapan.training.models import Batch, Certificate, Enrolment, ExternalCertificate, FeedbackGiven, FollowUpPlan
from harapan.training.needs.competence import competences_of
from harapan.training.needs.standing import MISSING, State, standings
from harapan.web.whose import pdf
from harapan.workforce.models import Person


def myself(request: Request) -> Person | None:
    """The reader's own record; None for those who have none. One query."""
    return Person.objects.filter(user=request.user).first()


@may("learned.view")
def page(request: Request) -> HttpResponse:
    """A constant number of queries, however long a career."""
    me = myself(request)
    if me is None:
        return render(request, "learned/nobody.html")
    needed = list(standings(on=request.today, people=[me.pk]))
    held = certificates_in_reach().filter(person=me).order_by("-issued_on", "-pk")
    context: dict[str, Any] = {
        "me": me, "needed": needed, "lacking": [each for each in needed if each.state in MISSING],
        "late": [each for each in needed if each.state in (State.LATE, State.EXPIRED)],
        "expiring": [each for each in needed if each.state is State.EXPIRING], "certificates": held,
        "externals": ExternalCertificate.objects.filter(person=me).order_by("-issued_on", "-pk"),
        "courses": _courses(me, request.today), "competences": competences_of(me, on=request.today),
        "withheld": bool(request.post.role.needs_clearance) and not request.post.cleared,
    }  # fmt: skip
    return render(request, "learned/own.html", context)


@dataclass(frozen=True, slots=True)
class OwnCourse:
    """One course of the reader's, with what is left to do about it."""

    enrolment: Enrolment
    plan: FollowUpPlan | None
    due: bool  # an evaluation of the plan
    ask_feedback: bool
    ask_plan: bool

    @property
    def batch(self) -> Batch:
        return self.enrolment.batch


def _courses(me: Person, on: date) -> list[OwnCourse]:
    """The latest first. Three queries."""
    rows = Enrolment.objects.filter(person=me).select_related("batch__course", "follow_up").order_by("-batch__begins")
    given = set(FeedbackGiven.objects.filter(person=me).values_list("batch", flat=True))
    return [_course(each, on, given=each.batch_id in given) for each in rows.prefetch_related("follow_up__checks")]


def _course(enrolment: Enrolment, on: date, *, given: bool) -> OwnCourse:
    there, ended = enrolment.state in ASKED, enrolment.batch.ends
    plan: FollowUpPlan | None = getattr(enrolment, "follow_up", None)
    due = False
    if plan is not None:
        plan.enrolment = enrolment  # with its batch at hand
        due = any(each.is_due(on) for each in plans.evaluations(plan, on=on))
    return OwnCourse(
        enrolment, plan, due,
        ask_feedback=there and not given and on <= feedback.last_day(ended, on=on),
        ask_plan=there and (plan is not None or on <= plans.last_day(ended, on=on)),
    )  # fmt: skip


def enrolment_of(request: Request, enrolment_id: int) -> tuple[Person, Enrolment]:
    """The reader's own place in a batch, or the page that says neither yes nor no."""
    me = myself(request)
    if me is None:
        raise Http404
    rows = Enrolment.objects.select_related("batch__course", "follow_up", "person").filter(person=me)
    return me, get_object_or_404(rows, pk=enrolment_id)


@may("learned.view", look="certificate")
def file(request: Request, certificate_id: int) -> HttpResponse:
    """The latest version of one of the reader's own certificates."""
    held = get_object_or_404(Certificate.objects.filter(person=myself(request)), pk=certificate_id)
    version = held.versions.latest("version")
    return pdf(paper.render([version], address=request.build_absolute_uri("/")), paper.file_name(version))


@may("learned.view", look="external_certificate")
def scan(request: Request, external_id: int) -> HttpResponseBase:
    rows = ExternalCertificate.objects.select_related("scan").filter(person=myself(request))
    return download(get_object_or_404(rows, pk=external_id).scan, scope=request.scope, inline=True)
