"""One lesson: read, said to be read, carried away as a file; and its parts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.accounts.permission import allows, may
from harapan.accounts.request import Request
from harapan.files import chunks, storage
from harapan.training.learning import attempting, markdown, packages
from harapan.training.models import Edition, Lesson, LessonPart, QuestionPicture
from harapan.ui.pages import see_other
from harapan.web.learning.mine import enrolment_of, is_open

A_YEAR = 365 * 24 * 3600  # seconds


def address_of(part: LessonPart) -> str:
    """Changes with the contents, so that a phone may keep what it has and never shows what was."""
    return reverse("learning_part", args=[part.pk, part.digest[:12]])


def drawn_out(lesson: Lesson) -> dict[str, object]:
    """A lesson for the template: its HTML, and the parts that its text does not name."""
    parts = {part.name: part for part in lesson.parts.order_by("name")}
    address = {name: address_of(part) for name, part in parts.items()}
    others = [(part, markdown.shown(part, address[part.name])) for part in packages.unnamed(lesson, parts)]
    return {"lesson": lesson, "body": markdown.render(lesson.text, parts, address), "others": others}


@may("learning.view")
def one(request: Request, enrolment_id: int, lesson_id: int) -> HttpResponse:
    """POST says that it is read and goes on to what comes next."""
    enrolment, progress = enrolment_of(request, enrolment_id)
    lesson = get_object_or_404(progress.taught.edition.lessons, pk=lesson_id)
    keys = [each.pk for each in progress.taught.lessons]
    at = keys.index(lesson.pk)
    if request.method == "POST":
        attempting.read_lesson(enrolment, lesson, on=request.today)
        if at + 1 < len(keys):
            return see_other(request, "learning_lesson", enrolment.pk, keys[at + 1])
        return see_other(request, "learning_course", enrolment.pk)
    context = {
        **drawn_out(lesson),
        "enrolment": enrolment,
        "course": enrolment.batch.course,
        "place": at + 1,
        "total": len(keys),
        "read": lesson.key in progress.read,
        "before": keys[at - 1] if at else None,
        "after": keys[at + 1] if at + 1 < len(keys) else None,
        "open": is_open(enrolment, request),
    }
    return render(request, "learning/lesson.html", context)


def _shown_to(post: Post, edition: Edition) -> bool:
    """A draft only to those who write."""
    return edition.state != Edition.State.DRAFT or allows(post, "learning.write")


@may("learning.view")
def carried(request: Request, lesson_id: int) -> HttpResponse:
    """The lesson as one file."""
    lesson = get_object_or_404(Lesson.objects.select_related("edition__course"), pk=lesson_id)
    if not _shown_to(request.post, lesson.edition):
        return see_other(request, "learning")
    made = packages.package(lesson)
    response = HttpResponse(made.contents, content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
    response["ETag"] = f'"{made.digest}"'
    return response


@may("learning.view")
def part(request: Request, part_id: int, mark: str) -> HttpResponseBase:
    """A picture, film or paper. A range is answered as such: some phones play no film without."""
    found = get_object_or_404(LessonPart.objects.select_related("lesson__edition"), pk=part_id, digest__startswith=mark)
    if not _shown_to(request.post, found.lesson.edition):
        return HttpResponse(status=404)
    return _given(request, found, media_type=found.media_type)


@may("learning.view")
def picture(request: Request, digest: str) -> HttpResponseBase:
    """A picture of a question, by what it contains: whichever version of the question shows it."""
    found = QuestionPicture.objects.filter(digest=digest).first()
    return _given(request, found, media_type="image/jpeg") if found else HttpResponse(status=404)


def _given(request: Request, found: LessonPart | QuestionPicture, *, media_type: str) -> HttpResponseBase:
    first, last = _range(request.headers.get("Range", ""), found.size)
    response = StreamingHttpResponse(_pieces(found.digest, first, last - first + 1), content_type=media_type)
    if "Range" in request.headers:
        response.status_code = 206
        response["Content-Range"] = f"bytes {first}-{last}/{found.size}"
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(last - first + 1)
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(found.name)}"
    response["Cache-Control"] = f"private, max-age={A_YEAR}, immutable"
    return response


def _range(asked: str, size: int) -> tuple[int, int]:
    """The first and last byte asked for; the whole where the header says nothing that can be met."""
    low, dash, high = asked.removeprefix("bytes=").partition("-")
    if not dash or not all(each == "" or (each.isdecimal() and len(each) < 12) for each in (low, high)):
        return 0, size - 1
    if not low:
        first, last = max(size - int(high or 0), 0), size - 1
    else:
        first, last = int(low), min(int(high or size - 1), size - 1)
    return (first, last) if first <= last else (0, size - 1)


def _pieces(digest: str, first: int, count: int) -> Iterator[bytes]:
    file: BinaryIO = storage.open_laid_down(digest)
    with file:
        file.seek(first)
        while count > 0 and (piece := file.read(min(count, chunks.PIECE))):
            count -= len(piece)
            yield piece
