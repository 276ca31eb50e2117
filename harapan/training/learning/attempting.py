"""A quiz tried: begun, saved as one goes, handed in or ended by the clock, scored, and booked as the result.

The clock is the server's. An attempt goes on where it was, on whatever screen: all of it is in the database.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, connections
from django.db.models import Q
from django.utils import timezone

from harapan.audit import log
from harapan.core.errors import Refused
from harapan.database.fields import draw_ids
from harapan.database.scope import active_alias, atomic
from harapan.exchange.questions.item import Item
from harapan.training.learning import rules
from harapan.training.learning.bank import questions_of
from harapan.training.learning.errors import AlreadyHandedIn, AttemptsUsedUp, BatchNotOpen, NotTakingPart, TimeIsUp
from harapan.training.learning.items import item_of
from harapan.training.models import Answer, Attempt, Batch, Enrolment, Lesson, Quiz, Reading

AWAY = (Enrolment.State.DECLINED, Enrolment.State.SUBSTITUTED, Enrolment.State.ABSENT)
SEED_BITS = 62


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an attempt as it stands before the learner."""

    answer: Answer
    item: Item


def refuse_not_open(enrolment: Enrolment, *, on: date) -> None:
    """Raises NotTakingPart, BatchNotOpen. The batch is looked at with the enrolment."""
    batch = enrolment.batch
    if enrolment.state in AWAY or batch.state == Batch.State.CANCELLED:
        raise NotTakingPart
    if not batch.begins <= on <= batch.ends:
        raise BatchNotOpen(batch, on)


def read_lesson(enrolment: Enrolment, lesson: Lesson, *, on: date) -> None:
    """Note that somebody has read a lesson of their course. Said twice is once."""
    refuse_not_open(enrolment, on=on)
    with atomic():
        Reading.objects.get_or_create(
            enrolment=enrolment, lesson=lesson.key,
            defaults={"person_id": enrolment.person_id, "region_no": enrolment.region_no, "read_on": on},
        )  # fmt: skip
        complete(enrolment.pk)


def begin(enrolment: Enrolment, quiz: Quiz, *, on: date, now: datetime) -> Attempt:
    """The open attempt, or a new one: its questions drawn and the order of their options set, once and for all.

    Raises BatchNotOpen, NotTakingPart, AttemptsUsedUp; Refused where the bank no longer has enough questions. Two
    screens that begin at once get the same attempt.
    """
    with atomic():
        before = list(Attempt.objects.filter(enrolment=enrolment, quiz_key=quiz.key).order_by("number"))
        if before and before[-1].ended_at is None:
            return before[-1]
        refuse_not_open(enrolment, on=on)
        counted = sum(not each.set_aside_because for each in before)
        if quiz.attempts_max is not None and counted >= quiz.attempts_max:
            raise AttemptsUsedUp(quiz)
        try:
            with atomic():
                return _begun(enrolment, quiz, before[-1].number + 1 if before else 1, now)
        except IntegrityError as error:
            if "attempt_" not in str(error):
                raise
            return Attempt.objects.get(enrolment=enrolment, quiz_key=quiz.key, ended_at=None)


def _begun(enrolment: Enrolment, quiz: Quiz, number: int, now: datetime) -> Attempt:
    seed = secrets.randbits(SEED_BITS)
    bank = list(questions_of(quiz.edition.course_id, quiz.topic))
    if len(bank) < quiz.drawn:
        raise Refused(
            "Kuis “{title}” meminta {drawn} soal, tetapi bank soal hanya punya {count}. Kabari balai diklat.",
            title=quiz.title, drawn=quiz.drawn, count=len(bank),
        )  # fmt: skip
    whose: dict[str, Any] = {"person_id": enrolment.person_id, "region_no": enrolment.region_no}
    attempt = Attempt.objects.create(
        enrolment=enrolment, quiz=quiz, quiz_key=quiz.key, number=number, seed=seed, began_at=now,
        due_at=now + timedelta(minutes=quiz.minutes) if quiz.minutes else None, **whose,
    )  # fmt: skip
    chosen = rules.drawn(bank, quiz.drawn, seed=seed)
    Answer.objects.bulk_create(
        Answer(
            id=number, attempt=attempt, place=place, question=question,
            order=rules.order_of(item_of(question), seed=seed, place=place), **whose,
        )
        for place, (number, question) in enumerate(zip(draw_ids(Answer, len(chosen)), chosen, strict=True), start=1)
    )  # fmt: skip
    return attempt


def asked_in(attempt: Attempt) -> list[Asked]:
    """All questions of an attempt in their order. Two queries."""
    answers = attempt.answers.select_related("question").prefetch_related("question__pictures").order_by("place")
    return [Asked(answer, item_of(answer.question)) for answer in answers]


def is_up(attempt: Attempt, *, on: date, now: datetime) -> bool:
    """Whether its time is over: that of the quiz, or that of the batch. The batch is looked at with the enrolment."""
    if attempt.ended_at is not None:
        return False
    return (attempt.due_at is not None and now >= attempt.due_at) or on > attempt.enrolment.batch.ends


def _locked(attempt_id: int) -> Attempt:
    rows = Attempt.objects.select_for_update(of=("self",)).select_related("quiz", "enrolment__batch")
    return rows.get(pk=attempt_id)


def save(attempt_id: int, place: int, given: Any, *, on: date, now: datetime) -> Answer:
    """Keep an answer; it may be changed until the attempt is handed in. Raises TimeIsUp, AlreadyHandedIn."""
    with atomic():
        attempt = _locked(attempt_id)
        if attempt.ended_at is not None:
            raise AlreadyHandedIn
        if is_up(attempt, on=on, now=now):
            raise TimeIsUp
        answer: Answer = attempt.answers.get(place=place)
        answer.given = given if rules.is_given(given) else None
        answer.save(update_fields=["given"])
    return answer


def hand_in(attempt_id: int, *, on: date, now: datetime) -> Attempt:
    """Score what was saved and book the result. Handed in twice is once; after its time it ended at its time."""
    with atomic():
        attempt = _locked(attempt_id)
        if attempt.ended_at is not None:
            return attempt
        asked = asked_in(attempt)
        credits = [rules.credit(each.item, each.answer.given) for each in asked]
        for each, credit in zip(asked, credits, strict=True):
            each.answer.credit = rules.hundredths(credit)
        Answer.objects.bulk_update([each.answer for each in asked], ["credit"])
        share = rules.score(credits, partial=attempt.quiz.partial)
        attempt.ended_at, attempt.ended_on = _end(attempt, on=on, now=now)
        attempt.score = rules.hundredths(share)
        attempt.passed = rules.passes(share, attempt.quiz.pass_percent)
        attempt.save(update_fields=["ended_at", "ended_on", "score", "passed"])
        complete(attempt.enrolment_id)
    return attempt


def _end(attempt: Attempt, *, on: date, now: datetime) -> tuple[datetime, date]:
    """When it ended: now, or when its time was up; never on a day after the batch's last."""
    at = now if attempt.due_at is None else min(now, attempt.due_at)
    late = (timezone.localdate(now) - timezone.localdate(at)).days
    return at, min(on - timedelta(days=late), attempt.enrolment.batch.ends)


def complete(enrolment_id: int) -> str:
    """Book the result in the training record where all lessons are read and all quizzes are over.

    What the database finds is what counts (`harapan.learning_booked`): a learner may not write their own result. The
    state it wrote, or nothing.
    """
    with atomic(), connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.learning_booked(%s)", [enrolment_id])
        booked = str(cursor.fetchone()[0] or "")
        if booked:
            log.record(f"learning.{booked}", kind="enrolment", subject=enrolment_id)
    return booked


def end_overdue(*, on: date, now: datetime) -> int:
    """Hand in what its learner left open beyond its time or the batch's; how many. Needs the batch scope."""
    over = Q(due_at__lte=now) | Q(enrolment__batch__ends__lt=on)
    numbers = list(Attempt.objects.filter(over, ended_at=None).values_list("pk", flat=True))
    for number in numbers:
        hand_in(number, on=on, now=now)
    return len(numbers)
