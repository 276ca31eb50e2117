"""Authors write a draft: its lessons, their order and parts, its quizzes. Every deed locks the edition."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Literal

from django.db.models import F, Max

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.files import storage
from harapan.training.learning import markdown
from harapan.training.learning.packages import weigh
from harapan.training.learning.parts import read_part
from harapan.training.models import Course, Edition, Lesson, LessonPart, Question, Quiz


class NotADraft(Refused):
    """What learners already see is not changed under their eyes."""

    def __init__(self, edition: Edition) -> None:
        super().__init__(
            Phrase(
                "Versi {number} sudah terbit, jadi tidak diubah. Buat rancangan versi baru, ubah di sana, lalu "
                "terbitkan.",
                number=edition.number,
            )
        )


@dataclass(frozen=True, slots=True)
class LessonFacts:
    title: str
    text: str
    minutes: int


@dataclass(frozen=True, slots=True)
class QuizFacts:
    """See `models.Quiz`."""

    title: str
    drawn: int
    pass_percent: int
    topic: str = ""
    minutes: int | None = None
    attempts_max: int | None = None
    counts: str = Quiz.Counts.BEST
    partial: bool = True
    lesson: int | None = None


def locked_draft(edition_id: int) -> Edition:
    """The draft under its lock. Raises NotADraft."""
    edition = Edition.objects.select_for_update(of=("self",)).select_related("course").get(pk=edition_id)
    if edition.state != Edition.State.DRAFT:
        raise NotADraft(edition)
    return edition


def draft_of(course_id: int, *, by: User) -> Edition:
    """The draft of a course: the one that stands, or a new one with what is published. Asked twice, made once."""
    with atomic():
        course = Course.objects.select_for_update().get(pk=course_id)
        standing = Edition.objects.filter(course=course, state=Edition.State.DRAFT).first()
        if standing is not None:
            return standing
        latest = Edition.objects.filter(course=course).order_by("-number").first()
        made = Edition.objects.create(
            course=course, number=latest.number + 1 if latest else 1, about=latest.about if latest else "", made_by=by
        )
        if latest is not None:
            _copy(latest, made)
        log.record("edition.drafted", kind="course", subject=course.pk, body={"edition": made.number})
    return made


def _copy(latest: Edition, made: Edition) -> None:
    lessons = list(latest.lessons.order_by("place"))
    old = {lesson.key: lesson.pk for lesson in lessons}
    for lesson in lessons:
        lesson.pk, lesson.edition = None, made
    new = {lesson.key: lesson for lesson in Lesson.objects.bulk_create(lessons)}
    by_old = {old[key]: lesson for key, lesson in new.items()}
    parts = list(LessonPart.objects.filter(lesson__in=old.values()))
    for part in parts:
        part.pk, part.lesson = None, by_old[part.lesson_id]
    LessonPart.objects.bulk_create(parts)
    quizzes = list(latest.quizzes.all())
    for quiz in quizzes:
        quiz.pk, quiz.edition = None, made
        quiz.lesson = by_old[quiz.lesson_id] if quiz.lesson_id else None
    Quiz.objects.bulk_create(quizzes)


def describe(edition_id: int, about: str) -> None:
    with atomic():
        edition = locked_draft(edition_id)
        edition.about = " ".join(about.split())[:400]
        edition.save(update_fields=["about"])


def write_lesson(edition_id: int, facts: LessonFacts, *, lesson_id: int | None = None) -> Lesson:
    """A new lesson at the end, or another telling of one.

    Raises NotADraft; Refused for a reference that leads nowhere; LessonTooHeavy.
    """
    with atomic():
        edition = locked_draft(edition_id)
        if lesson_id is None:
            last = edition.lessons.aggregate(Max("place"))["place__max"] or 0
            lesson = Lesson(edition=edition, place=last + 1, key=uuid.uuid4())
        else:
            lesson = edition.lessons.get(pk=lesson_id)
        lesson.title, lesson.minutes = " ".join(facts.title.split())[:120], facts.minutes
        lesson.text = facts.text.replace("\r\n", "\n").strip()
        if not lesson.title:
            raise Refused("Judul pelajaran kosong. Tulis judul yang pendek, misalnya: Menjaga rahasia keluarga.")
        names = lesson.parts.values_list("name", flat=True) if lesson.pk else ()
        markdown.check(lesson.text, names)
        lesson.save()
        _weigh(lesson)
    return lesson


def _weigh(lesson: Lesson) -> None:
    lesson.size = weigh(lesson)
    lesson.save(update_fields=["size"])


def add_part(lesson_id: int, raw: bytes, *, name: str, title: str = "", by: User) -> LessonPart:
    """Keep an upload in a lesson; the same name again takes the place of what it named.

    Raises Unreadable, NotADraft, LessonTooHeavy (then nothing of it is kept).
    """
    made = read_part(raw, name=name)
    with atomic():
        lesson = Lesson.objects.select_related("edition__course").get(pk=lesson_id)
        locked_draft(lesson.edition_id)
        file = storage.store(made.name, kind="lesson", contents=made.contents, owner=by.pk, media_type=made.media_type)
        part, _new = LessonPart.objects.update_or_create(
            lesson=lesson,
            name=made.name,
            defaults={
                "title": " ".join(title.split())[:160], "kind": made.kind, "file": file, "digest": file.digest,
                "media_type": made.media_type, "size": file.size,
            },
        )  # fmt: skip
        _weigh(lesson)
    return part


def remove_part(lesson_id: int, part_id: int) -> None:
    """Raises Refused while the text refers to it, NotADraft. Taken away twice is once."""
    with atomic():
        lesson = Lesson.objects.select_related("edition__course").get(pk=lesson_id)
        locked_draft(lesson.edition_id)
        lesson.parts.filter(pk=part_id).delete()
        markdown.check(lesson.text, lesson.parts.values_list("name", flat=True))
        _weigh(lesson)


def move_lesson(lesson_id: int, way: Literal["up", "down"]) -> None:
    """One place up or down; at an end it stays."""
    with atomic():
        edition = locked_draft(Lesson.objects.get(pk=lesson_id).edition_id)
        lessons = list(edition.lessons.order_by("place"))
        at = next(place for place, lesson in enumerate(lessons) if lesson.pk == lesson_id)
        to = at + (-1 if way == "up" else 1)
        if not 0 <= to < len(lessons):
            return
        lessons[at], lessons[to] = lessons[to], lessons[at]
        for place, lesson in enumerate(lessons, start=1):
            lesson.place = place
        Lesson.objects.bulk_update(lessons, ["place"])


def remove_lesson(lesson_id: int) -> None:
    """Out of the draft, with its parts and its quiz; what is published keeps it."""
    with atomic():
        lesson = Lesson.objects.get(pk=lesson_id)
        edition = locked_draft(lesson.edition_id)
        lesson.delete()
        edition.lessons.filter(place__gt=lesson.place).update(place=F("place") - 1)


def write_quiz(edition_id: int, facts: QuizFacts, *, quiz_id: int | None = None) -> Quiz:
    """Raises NotADraft, and Refused where the bank has too few questions to draw from."""
    with atomic():
        edition = locked_draft(edition_id)
        refuse_too_few(edition.course_id, facts.topic, facts.drawn)
        quiz = edition.quizzes.get(pk=quiz_id) if quiz_id else Quiz(edition=edition, key=uuid.uuid4())
        quiz.lesson = edition.lessons.get(pk=facts.lesson) if facts.lesson else None
        quiz.title, quiz.topic, quiz.drawn = " ".join(facts.title.split())[:120], facts.topic, facts.drawn
        quiz.pass_percent, quiz.minutes, quiz.attempts_max = facts.pass_percent, facts.minutes, facts.attempts_max
        quiz.counts, quiz.partial = facts.counts, facts.partial
        quiz.save()
    return quiz


def remove_quiz(quiz_id: int) -> None:
    with atomic():
        quiz = Quiz.objects.get(pk=quiz_id)
        locked_draft(quiz.edition_id)
        quiz.delete()


def refuse_too_few(course_id: int, topic: str, drawn: int) -> None:
    bank = Question.objects.filter(course=course_id, current=True)
    count = (bank.filter(topic=topic) if topic else bank).count()
    if count < drawn:
        raise Refused(
            "Kuis meminta {drawn} soal, tetapi bank soal hanya punya {count} yang cocok. Tambah soal, atau kurangi "
            "jumlahnya.",
            drawn=drawn, count=count,
        )  # fmt: skip
