"""What pages read: somebody's courses, how far each learner is, a batch at a glance.

The number of queries does not grow with learners.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from harapan.accounts.models import User
from harapan.training.learning import rules
from harapan.training.learning.attempting import AWAY
from harapan.training.models import Attempt, Batch, Edition, Enrolment, Lesson, Quiz, Reading


@dataclass(frozen=True, slots=True)
class Taught:
    """What an edition asks of a learner: its lessons and quizzes in the order they come."""

    edition: Edition
    lessons: tuple[Lesson, ...]
    quizzes: tuple[Quiz, ...]

    @property
    def steps(self) -> int:
        return len(self.lessons) + len(self.quizzes)


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner at one quiz. `score`: what counts, in hundredths of a percent; `open`: the attempt under way."""

    quiz: Quiz
    tried: int = 0
    score: int | None = None
    passed: bool = False
    open: Attempt | None = None

    @property
    def left(self) -> int | None:
        """Attempts still to be begun; None: without end."""
        return None if self.quiz.attempts_max is None else max(self.quiz.attempts_max - self.tried, 0)

    @property
    def mark(self) -> str:
        """The score in words; empty before the first."""
        return "" if self.score is None else rules.in_percent(self.score)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one enrolment is in what is taught."""

    taught: Taught
    read: frozenset[UUID]
    standings: tuple[Standing, ...]

    @property
    def lessons_read(self) -> int:
        return sum(lesson.key in self.read for lesson in self.taught.lessons)

    @property
    def quizzes_passed(self) -> int:
        return sum(standing.passed for standing in self.standings)

    @property
    def done(self) -> int:
        return self.lessons_read + self.quizzes_passed

    @property
    def percent(self) -> float:
        return 100 * self.done / self.taught.steps if self.taught.steps else 0

    @property
    def begun(self) -> bool:
        return bool(self.read) or any(each.tried or each.open for each in self.standings)

    @property
    def next_lesson(self) -> Lesson | None:
        """The first lesson not yet read."""
        return next((each for each in self.taught.lessons if each.key not in self.read), None)


def taught_in(courses: Collection[int]) -> dict[int, Taught]:
    """What is published of each course; courses without are left out. Three queries."""
    editions = list(
        Edition.objects.filter(course__in=courses, state=Edition.State.PUBLISHED).select_related("course")
    )  # fmt: skip
    return {edition.course_id: taught for edition, taught in zip(editions, contents_of(editions), strict=True)}


def contents_of(editions: Iterable[Edition]) -> list[Taught]:
    """Two queries. The texts of lessons are not read."""
    editions = list(editions)
    lessons: dict[int, list[Lesson]] = defaultdict(list)
    quizzes: dict[int, list[Quiz]] = defaultdict(list)
    for lesson in Lesson.objects.filter(edition__in=editions).defer("text").order_by("place"):
        lessons[lesson.edition_id].append(lesson)
    in_order = (F("lesson__place").asc(nulls_last=True), "pk")
    for quiz in Quiz.objects.filter(edition__in=editions).select_related("lesson").order_by(*in_order):
        quizzes[quiz.edition_id].append(quiz)
    return [Taught(each, tuple(lessons[each.pk]), tuple(quizzes[each.pk])) for each in editions]


def enrolments_of(user: User) -> QuerySet[Enrolment]:
    """The user's own places in batches of courses that are taught online, from whatever post; latest first."""
    published = Edition.objects.filter(course=OuterRef("batch__course"), state=Edition.State.PUBLISHED)
    found = Enrolment.objects.filter(Exists(published), person__user=user).exclude(state__in=AWAY)
    return found.select_related("batch__course", "person").order_by("-batch__begins", "-pk")


def progress_of(enrolments: Collection[Enrolment]) -> dict[int, Progress]:
    """By enrolment number. Five queries, however many. Enrolments carry their batch."""
    taught = taught_in({each.batch.course_id for each in enrolments})
    read: dict[int, set[UUID]] = defaultdict(set)
    for number, key in Reading.objects.filter(enrolment__in=enrolments).values_list("enrolment_id", "lesson"):
        read[number].add(key)
    tries: dict[tuple[int, UUID], list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(enrolment__in=enrolments, set_aside_because="").order_by("number"):
        tries[attempt.enrolment_id, attempt.quiz_key].append(attempt)
    return {
        each.pk: Progress(
            known,
            frozenset(read[each.pk]),
            tuple(_standing(quiz, tries.get((each.pk, quiz.key), [])) for quiz in known.quizzes),
        )
        for each in enrolments
        if (known := taught.get(each.batch.course_id)) is not None
    }


def _standing(quiz: Quiz, attempts: list[Attempt]) -> Standing:
    ended = [each for each in attempts if each.ended_at is not None]
    scores = [each.score for each in ended if each.score is not None]
    if quiz.counts == Quiz.Counts.BEST:
        passed = any(each.passed for each in ended)
    else:
        passed = bool(ended and ended[-1].passed)
    open_one = next((each for each in attempts if each.ended_at is None), None)
    return Standing(quiz, len(attempts), rules.counting(scores, quiz.counts), passed, open_one)


@dataclass(frozen=True, slots=True)
class Totals:
    """A batch at a glance, within what the reader sees."""

    enrolled: int = 0
    passed: int = 0
    failed: int = 0
    begun: int = 0  # midway: something done, no result yet

    @property
    def waiting(self) -> int:
        return self.enrolled - self.passed - self.failed - self.begun


def batches_online() -> QuerySet[Batch]:
    """Batches of courses that are taught online."""
    published = Edition.objects.filter(course=OuterRef("course"), state=Edition.State.PUBLISHED)
    return Batch.objects.filter(Exists(published)).select_related("course")


def learners_of(batch_id: int) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(batch=batch_id).exclude(state__in=AWAY).select_related("batch__course", "person")


def totals_of(batches: Iterable[Batch]) -> dict[int, Totals]:
    """By batch number, in one query."""
    over = Q(state__in=(Enrolment.State.PASSED, Enrolment.State.FAILED))
    did = Exists(Reading.objects.filter(enrolment=OuterRef("pk"))) | Exists(
        Attempt.objects.filter(enrolment=OuterRef("pk"))
    )
    counted = (
        Enrolment.objects.filter(batch__in=list(batches))
        .exclude(state__in=AWAY)
        .annotate(did=did)
        .values_list("batch")
        .annotate(
            enrolled=Count("pk"),
            passed=Count("pk", filter=Q(state=Enrolment.State.PASSED)),
            failed=Count("pk", filter=Q(state=Enrolment.State.FAILED)),
            begun=Count("pk", filter=~over & Q(did=True)),
        )
    )
    return {number: Totals(*figures) for number, *figures in counted}
