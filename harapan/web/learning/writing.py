"""A lesson of a draft as its author writes it: text, parts, place; and the quizzes beside it."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from harapan.accounts.permission import may
from harapan.accounts.request import Request
from harapan.core.errors import HarapanError, Refused
from harapan.files import pictures
from harapan.training.learning import editing
from harapan.training.learning.bank import topics_of
from harapan.training.learning.parts import LESSON_BYTES_MAX, megabytes
from harapan.training.models import Edition, Lesson, Quiz
from harapan.ui.pages import see_other
from harapan.web.learning.forms import LessonForm, QuizForm
from harapan.web.learning.lessons import drawn_out


def _lesson(lesson_id: int) -> Lesson:
    return get_object_or_404(Lesson.objects.select_related("edition__course"), pk=lesson_id)


@may("learning.write")
def new(request: Request, edition_id: int) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.select_related("course"), pk=edition_id)
    form = LessonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = editing.write_lesson(edition.pk, form.facts())
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pelajaran disimpan. Tambahkan gambar, video, atau PDF bila perlu."))
            return see_other(request, "learning_lesson_change", made.pk)
    context = {"edition": edition, "course": edition.course, "form": form}
    return render(request, "learning/lesson_form.html", context, status=422 if request.method == "POST" else 200)


@may("learning.write")
def change(request: Request, lesson_id: int) -> HttpResponse:
    lesson = _lesson(lesson_id)
    facts = {"title": lesson.title, "text": lesson.text, "minutes": lesson.minutes}
    form = LessonForm(request.POST or None, initial=facts)
    if request.method == "POST" and form.is_valid():
        try:
            editing.write_lesson(lesson.edition_id, form.facts(), lesson_id=lesson.pk)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Pelajaran disimpan."))
            return see_other(request, "learning_lesson_change", lesson.pk)
    context = {
        **drawn_out(_lesson(lesson_id)),
        "edition": lesson.edition,
        "course": lesson.edition.course,
        "form": form,
        "draft": lesson.edition.state == Edition.State.DRAFT,
        "parts": [(part, megabytes(part.size)) for part in lesson.parts.order_by("name")],
        "size": megabytes(lesson.size),
        "most": megabytes(LESSON_BYTES_MAX),
        "share": 100 * lesson.size / LESSON_BYTES_MAX,
    }
    return render(request, "learning/lesson_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("learning.write")
def move(request: Request, lesson_id: int) -> HttpResponse:
    lesson = _lesson(lesson_id)
    editing.move_lesson(lesson.pk, "up" if request.POST.get("way") == "up" else "down")
    return see_other(request, "learning_material", lesson.edition.course_id)


@require_POST
@may("learning.write")
def away(request: Request, lesson_id: int) -> HttpResponse:
    lesson = _lesson(lesson_id)
    editing.remove_lesson(lesson.pk)
    messages.success(request, _("Pelajaran “%(title)s” dihapus dari rancangan.") % {"title": lesson.title})
    return see_other(request, "learning_material", lesson.edition.course_id)


@require_POST
@may("learning.write")
def upload(request: Request, lesson_id: int) -> HttpResponse:
    """Each file by itself: what is refused is named, the others are kept."""
    lesson = _lesson(lesson_id)
    kept = 0
    for each in request.FILES.getlist("files"):
        try:
            editing.add_part(
                lesson.pk, _read(each), name=each.name or "", title=request.POST.get("title", ""), by=request.user
            )  # fmt: skip
        except HarapanError as refusal:
            messages.error(request, refusal.phrase.heard())
        else:
            kept += 1
    if kept:
        messages.success(request, _("%(n)s berkas disimpan.") % {"n": kept})
    return see_other(request, "learning_lesson_change", lesson.pk)


def _read(file: UploadedFile) -> bytes:
    """Raises Refused before reading what cannot be kept anyway."""
    if (file.size or 0) > pictures.BYTES_MAX:
        raise Refused(
            "{name} berukuran {size}, lebih besar daripada yang dapat diterima. Kecilkan dahulu.",
            name=file.name, size=megabytes(file.size or 0),
        )  # fmt: skip
    return file.read()


@require_POST
@may("learning.write")
def part_away(request: Request, lesson_id: int, part_id: int) -> HttpResponse:
    editing.remove_part(_lesson(lesson_id).pk, part_id)
    messages.success(request, _("Berkas dihapus dari pelajaran."))
    return see_other(request, "learning_lesson_change", lesson_id)


@may("learning.write")
def quiz(request: Request, edition_id: int, quiz_id: int | None = None) -> HttpResponse:
    edition = get_object_or_404(Edition.objects.select_related("course"), pk=edition_id)
    standing = get_object_or_404(Quiz, pk=quiz_id, edition=edition) if quiz_id else None
    form = QuizForm(
        request.POST or None, standing=standing, topics=topics_of(edition.course_id),
        lessons=list(edition.lessons.order_by("place").values_list("pk", "title")),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            editing.write_quiz(edition.pk, form.facts(), quiz_id=quiz_id)
        except Refused as refusal:
            form.add_error(None, refusal.phrase.heard())
        else:
            messages.success(request, _("Kuis disimpan."))
            return see_other(request, "learning_material", edition.course_id)
    context = {"edition": edition, "course": edition.course, "form": form, "quiz": standing}
    return render(request, "learning/quiz_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may("learning.write")
def quiz_away(request: Request, edition_id: int, quiz_id: int) -> HttpResponse:
    standing = get_object_or_404(Quiz.objects.select_related("edition"), pk=quiz_id, edition=edition_id)
    editing.remove_quiz(standing.pk)
    messages.success(request, _("Kuis dihapus dari rancangan."))
    return see_other(request, "learning_material", standing.edition.course_id)
