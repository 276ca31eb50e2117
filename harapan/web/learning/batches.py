"""How far the batches in reach are, one batch learner by learner, and what its participants ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.regions.models import name_of
from harapan.training.learning import inquiring
from harapan.training.learning.coaching import set_aside
from harapan.training.learning.queries import Progress, batches_online, learners_of, progress_of, taught_in, totals_of
from harapan.training.learning.rules import in_percent
from harapan.training.models import Batch, Enrolment, Inquiry
from harapan.ui import exports
from harapan.ui.pages import keyset, see_other, show
from harapan.ui.words import heard
from harapan.web.learning.forms import LearnerFilters
from harapan.web.learning.frame import frame

ROWS_AT_ONCE = 500  # of a file: progress is read so many at a time


@may("learning.follow")
def overview(request: Request) -> HttpResponse:
    page = keyset(request, batches_online(), order=("-begins", "-id"), size=30)
    totals = totals_of(page.rows)
    rows = [(batch, totals.get(batch.pk)) for batch in page]
    context = frame(request, "batches", page=page, rows=rows)
    return show(request, "learning/batches.html", context, piece="learning/_batches.html")


def _batch(batch_id: int) -> Batch:
    return get_object_or_404(batches_online(), pk=batch_id)


@may("learning.follow", look="batch")
def one(request: Request, batch_id: int) -> HttpResponse:
    batch = _batch(batch_id)
    filters = LearnerFilters.read(request)
    page = keyset(request, filters.narrow(learners_of(batch.pk)), order=("person__name", "id"), size=40)
    progress = progress_of(page.rows)
    rows = [(each, name_of(each.region_no) if each.region_no else "", progress[each.pk]) for each in page]
    context = {
        "batch": batch,
        "filters": filters,
        "page": page,
        "rows": rows,
        "totals": totals_of([batch]).get(batch.pk),
        "taught": taught_in([batch.course_id])[batch.course_id],
        "unanswered": Inquiry.objects.filter(batch=batch, answered_at=None).count(),
        "recorded": True,
    }
    return show(request, "learning/batch.html", context, piece="learning/_learners.html")


def _learner(enrolment_id: int) -> Enrolment:
    """Somebody in reach: the database's policy shows no other."""
    found = Enrolment.objects.select_related("batch__course", "person").filter(batch__in=batches_online().values("pk"))
    return get_object_or_404(found, pk=enrolment_id)


@may("learning.follow", look="enrolment")
def learner(request: Request, enrolment_id: int) -> HttpResponse:
    enrolment = _learner(enrolment_id)
    attempts = enrolment.attempts.select_related("quiz", "set_aside_by").order_by("-began_at")
    context = {
        "enrolment": enrolment,
        "batch": enrolment.batch,
        "progress": progress_of([enrolment])[enrolment.pk],
        "attempts": [(each, "" if each.score is None else in_percent(each.score)) for each in attempts],
        "may_coach": allows(request.post, "learning.coach"),
        "recorded": True,
    }
    return render(request, "learning/learner.html", context)


@require_POST
@may("learning.coach")
def aside(request: Request, enrolment_id: int, attempt_id: int) -> HttpResponse:
    attempt = get_object_or_404(_learner(enrolment_id).attempts, pk=attempt_id)
    set_aside(attempt.pk, why=request.POST.get("why", ""), by=request.user)
    messages.success(request, _("Percobaan disisihkan; peserta boleh mencoba lagi."))
    return see_other(request, "learning_learner", enrolment_id)


@may("learning.follow", look="batch")
def file(request: Request, batch_id: int, form: str) -> HttpResponseBase:
    batch = _batch(batch_id)
    columns = [
        exports.Column(_("Nama"), width=32), exports.Column(_("Tempat tugas"), width=24), exports.Column(_("Keadaan")),
        exports.Column(_("Pelajaran dibaca"), "number"), exports.Column(_("Jumlah pelajaran"), "number"),
        exports.Column(_("Kuis lulus"), "number"), exports.Column(_("Jumlah kuis"), "number"),
        exports.Column(_("Nilai"), width=24), exports.Column(_("Tanggal hasil"), "date"),
    ]  # fmt: skip
    found = LearnerFilters.read(request).narrow(learners_of(batch.pk)).order_by("person__name", "pk")
    chosen: exports.Form = cast(exports.Form, form) if form in exports.CONTENT_TYPES else "xlsx"
    return exports.answer(f"belajar-{batch.course.code}-{batch.pk}", columns, list(_lines(list(found))), form=chosen)


def _lines(enrolments: list[Enrolment]) -> Iterator[list[Any]]:
    for start in range(0, len(enrolments), ROWS_AT_ONCE):
        some = enrolments[start : start + ROWS_AT_ONCE]
        progress = progress_of(some)
        for each in some:
            yield _line(each, progress[each.pk])


def _line(enrolment: Enrolment, progress: Progress) -> list[Any]:
    scores = [each.mark for each in progress.standings if each.mark]
    return [
        enrolment.person.name, name_of(enrolment.region_no) if enrolment.region_no else "",
        heard(enrolment.get_state_display()), progress.lessons_read, len(progress.taught.lessons),
        progress.quizzes_passed, len(progress.taught.quizzes), "; ".join(scores), enrolment.ended_on,
    ]  # fmt: skip


@may("learning.follow")
def inquiries(request: Request, batch_id: int) -> HttpResponse:
    batch = _batch(batch_id)
    found = inquiring.inquiries_of(batch.pk).select_related("answered_by", "person")[:200]
    context = {"batch": batch, "inquiries": found, "may_answer": allows(request.post, "learning.coach")}
    return render(request, "learning/inquiries.html", context)


@require_POST
@may("learning.coach")
def answer(request: Request, batch_id: int, inquiry_id: int) -> HttpResponse:
    asked = get_object_or_404(Inquiry, pk=inquiry_id, batch=batch_id)
    inquiring.answer(asked.pk, request.POST.get("answer", ""), by=request.user, now=timezone.now())
    messages.success(request, _("Jawaban disimpan; semua peserta angkatan ini membacanya."))
    return see_other(request, "learning_inquiries", batch_id)
