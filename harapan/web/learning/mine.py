"""My courses: where I stand in each, what comes next, and what my batch asked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.training.learning import inquiring
from harapan.training.learning.queries import Progress, enrolments_of, progress_of
from harapan.training.models import Batch, Enrolment
from harapan.ui.pages import see_other
from harapan.web.learning.frame import frame

COURSES_MAX = 60  # nobody takes more; the latest are shown


def enrolment_of(request: Request, enrolment_id: int) -> tuple[Enrolment, Progress]:
    """One of the reader's own places in an online course, with how far it is; else the page that says neither."""
    found = get_object_or_404(enrolments_of(request.user), pk=enrolment_id)
    return found, progress_of([found])[found.pk]


def is_open(enrolment: Enrolment, request: Request) -> bool:
    """Whether the batch takes work today."""
    batch = enrolment.batch
    return batch.state != Batch.State.CANCELLED and batch.begins <= request.today <= batch.ends


@may("learning.view")
def landing(request: Request) -> HttpResponse:
    """Who only follows or writes goes straight there."""
    found = list(enrolments_of(request.user)[:COURSES_MAX])
    if not found and allows(request.post, "learning.follow"):
        return redirect("learning_batches")
    progress = progress_of(found)
    rows = [(each, progress[each.pk], is_open(each, request)) for each in found]
    over = (Enrolment.State.PASSED, Enrolment.State.FAILED)
    midway = [each for each, _progress, is_now in rows if is_now and each.state not in over]
    return render(request, "learning/mine.html", frame(request, "mine", rows=rows, midway=midway))


@may("learning.view")
def course(request: Request, enrolment_id: int) -> HttpResponse:
    enrolment, progress = enrolment_of(request, enrolment_id)
    lessons = [(each, each.key in progress.read) for each in progress.taught.lessons]
    context = {
        "enrolment": enrolment,
        "course": enrolment.batch.course,
        "batch": enrolment.batch,
        "progress": progress,
        "lessons": lessons,
        "open": is_open(enrolment, request),
        "to_come": request.today < enrolment.batch.begins,
        "inquiries": inquiring.inquiries_of(enrolment.batch_id)[:100],
    }
    return render(request, "learning/course.html", context)


@require_POST
@may("learning.view")
def ask(request: Request, enrolment_id: int) -> HttpResponse:
    enrolment, _progress = enrolment_of(request, enrolment_id)
    inquiring.ask(enrolment, request.POST.get("text", ""), on=request.today, now=timezone.now())
    messages.success(request, _("Pertanyaan Anda dikirim. Jawabannya tampil di halaman ini."))
    return see_other(request, "learning_course", enrolment.pk)
