"""The batches one organises or sees, and one's own invitations, classes and results."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.core.errors import Refused
from harapan.database import day
from harapan.training.answering import answer, waiting_of
from harapan.training.attending import attend, attend_by_word
from harapan.training.concluding import standings
from harapan.training.models import COMING, Batch, ClassAttendance, ClassSession, Enrolment
from harapan.training.queries import batches_for, mine, tallies
from harapan.training.teaching import taught_by
from harapan.ui.pages import keyset, see_other, show
from harapan.web.courses.drawing import square
from harapan.web.courses.forms import AnswerForm, BatchFilters, CodeForm
from harapan.web.courses.frame import STATE_TAGS

TAUGHT_BEFORE, TAUGHT_MAX = timedelta(days=7), 40  # what a trainer may still have to write down


@may("course.view")
def landing(request: Request) -> HttpResponse:
    """Whoever organises starts with the batches, everybody else with what concerns themselves."""
    return _listed(request) if allows(request.post, "course.manage") else _own(request)


@may("course.view")
def batches(request: Request) -> HttpResponse:
    return _listed(request)


def _listed(request: Request) -> HttpResponse:
    filters = BatchFilters.read(request)
    chosen, found = filters.chosen(), batches_for(request.post)
    for name in ("course", "state", "year"):
        if name in chosen:
            found = found.filter(**{name: chosen[name]})
    page = keyset(request, found, order=("-begins", "-id"), size=30)
    counted = tallies(page.rows)
    rows = [(batch, counted[batch.pk], STATE_TAGS[Batch.State(batch.state)]) for batch in page]
    running = batches_for(request.post).filter(state__in=(Batch.State.INVITED, Batch.State.RUNNING)).count()
    context = {
        "filters": filters, "page": page, "rows": rows, "running": running, "here": "batches",
        "may_plan": allows(request.post, "course.manage"),
    }  # fmt: skip
    return show(request, "courses/batches.html", context, piece="courses/_batches.html")


@may("course.view")
def own(request: Request) -> HttpResponse:
    return _own(request)


def _own(request: Request, *, status: int = 200, refused: AnswerForm | None = None, at: int = 0) -> HttpResponse:
    rows = list(mine(request.user)[:40])
    waiting = waiting_of(request.user, request.today)
    classes = [row.training_class_id for row in rows if row.training_class_id]
    today = ClassSession.objects.filter(day=request.today, training_class__in=classes)
    reached = standings(rows)
    said = {each.session_id: each for each in ClassAttendance.objects.filter(enrolment__in=rows, session__in=today)}
    lessons = today.select_related("topic", "trainer", "training_class").order_by("begins")
    context = {
        "waiting": [(row, refused if row.pk == at and refused else AnswerForm(prefix=str(row.pk))) for row in waiting],
        "rows": [(row, reached[row.pk]) for row in rows],
        "today_sessions": [(each, said.get(each.pk)) for each in lessons],
        "code_form": CodeForm(),
        "taught": taught_by(request.user).filter(day__gte=request.today - TAUGHT_BEFORE)[:TAUGHT_MAX],
        "today": request.today,
        "here": "own",
    }
    return render(request, "courses/own.html", context, status=status)


@require_POST
@may("course.view")
def answered(request: Request, enrolment_id: int) -> HttpResponse:
    """A person's own yes or no; what is refused is told beside what was typed."""
    form = AnswerForm(request.POST, prefix=str(enrolment_id))
    if form.is_valid():
        told = form.cleaned_data
        version = request.POST.get("version", "")
        try:
            row = answer(
                enrolment_id, coming=told["coming"], version=int(version) if version.isdecimal() else 0,
                by=request.user, on=request.today, why=told["why"], travels_by=told["travels_by"],
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            coming = row.state == Enrolment.State.CONFIRMED
            said = (
                _("Terima kasih. Kehadiran Anda dicatat.")
                if coming
                else _("Dicatat. Kursi Anda dapat diisi orang lain.")
            )
            messages.success(request, said)
            return see_other(request, "training_own")
    return _own(request, status=422, refused=form, at=enrolment_id)


@may("course.view")
def card(request: Request, enrolment_id: int) -> HttpResponse:
    """One's own card, to hold out to the trainer."""
    known = mine(request.user).filter(code__isnull=False, state__in=COMING).select_related("person")
    row = get_object_or_404(known, pk=enrolment_id)
    url = request.build_absolute_uri(reverse("card_scanned", args=[row.code]))
    return render(request, "courses/card.html", {"row": row, "qr": square(url)})


@may("course.view")
def type_code(request: Request) -> HttpResponse:
    """Presence by the six letters alone, where there is no camera."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            attend_by_word(form.cleaned_data["code"], by=request.user, on=request.today, now=day.moment(request.today))
        except Refused as refusal:
            form.add_error("code", refusal.phrase.heard())
        else:
            messages.success(request, _("Anda tercatat hadir."))
            return see_other(request, "training_own")
    return render(request, "courses/type_code.html", {"form": form}, status=422 if request.method == "POST" else 200)


@may("course.view")
def scanned_code(request: Request, session_id: int, code: str) -> HttpResponse:
    """What the square in the room leads to: one button."""
    session = get_object_or_404(ClassSession.objects.select_related("topic", "training_class"), pk=session_id)
    if request.method == "POST":
        attend(session.pk, code, by=request.user, on=request.today, now=day.moment(request.today))
        messages.success(request, _("Anda tercatat hadir."))
        return see_other(request, "training_own")
    return render(request, "courses/scanned_code.html", {"session": session})
