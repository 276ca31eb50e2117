"""Participants' feedback: one form each, without a name; totals from a minimum of answers on."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, connections, transaction

from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.database.scope import active_alias, atomic
from harapan.training.dated_data import Statement, statements
from harapan.training.following.law import feedback_days, feedback_min
from harapan.training.models import Enrolment, Feedback, FeedbackGiven

POINTS = (1, 2, 3, 4)
REMARK_MAX = 500
ASKED = (Enrolment.State.PRESENT, Enrolment.State.PASSED, Enrolment.State.FAILED)  # who was there


def last_day(ended: date, *, on: date) -> date:
    """Until when a course that ended is asked about."""
    return ended + timedelta(days=feedback_days(on))


def give(enrolment: Enrolment, answers: Mapping[str, int], *, remark: str, on: date) -> None:
    """Keep one participant's form. That they answered is known; what they answered is not theirs any more.

    Raises Refused for somebody who was not there, a second form, and answers outside the form.
    """
    if enrolment.state not in ASKED:
        raise Refused("Umpan balik diisi oleh peserta yang hadir. Kehadiran Anda di diklat ini belum tercatat.")
    if on > (last := last_day(enrolment.batch.ends, on=on)):
        raise Refused("Umpan balik diklat ini diterima sampai {day}.", day=format_date(last))
    refuse_partial(answers, on=on)
    with atomic():
        try:
            with transaction.atomic(using=active_alias()):
                FeedbackGiven.objects.create(
                    person_id=enrolment.person_id, region_no=enrolment.region_no, batch_id=enrolment.batch_id
                )
        except IntegrityError as error:
            if "feedback_once" not in str(error):
                raise
            raise Refused("Umpan balik Anda untuk diklat ini sudah masuk, satu kali untuk tiap orang.") from error
        _write(enrolment, answers, remark.strip()[:REMARK_MAX])


def refuse_partial(answers: Mapping[str, int], *, on: date) -> None:
    """Raises Refused unless every statement of the day's form, and nothing else, is answered."""
    asked = {each.code for each in statements(on)}
    if set(answers) != asked or not set(answers.values()) <= set(POINTS):
        raise Refused("Jawab semua pernyataan dengan angka 1 sampai 4.")


def _write(enrolment: Enrolment, answers: Mapping[str, int], remark: str) -> None:
    """By hand: whoever adds a form may not read it again, so nothing is asked back. Its key tells no order."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "INSERT INTO training_feedback (id, batch_id, region_no, answers, remark) VALUES (%s, %s, %s, %s, %s)",
            [secrets.randbits(62), enrolment.batch_id, enrolment.batch.region_no, json.dumps(dict(answers)), remark],
        )


@dataclass(frozen=True, slots=True)
class Line:
    """One statement: how many chose each point, and the mean in hundredths."""

    statement: Statement
    counts: tuple[int, ...]

    @property
    def answered(self) -> int:
        return sum(self.counts)

    @property
    def mean(self) -> float | None:
        total = sum(point * count for point, count in zip(POINTS, self.counts, strict=True))
        return round(total / self.answered, 2) if self.answered else None


@dataclass(frozen=True, slots=True)
class Totals:
    """What a batch thinks. `lines` and `remarks` are empty while fewer than `least` have answered."""

    answers: int
    least: int
    lines: tuple[Line, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def shown(self) -> bool:
        return self.answers >= self.least


def totals(batch_id: int, *, on: date) -> Totals:
    """One query. Remarks come in the order of their words, which is nobody's order of answering."""
    rows = list(Feedback.objects.filter(batch=batch_id).values_list("answers", "remark"))
    least = feedback_min(on)
    if len(rows) < least:
        return Totals(len(rows), least)
    lines = tuple(Line(each, _counts(each.code, (answers for answers, _remark in rows))) for each in statements(on))
    return Totals(len(rows), least, lines, tuple(sorted(remark for _answers, remark in rows if remark)))


def _counts(code: str, forms: Iterable[Mapping[str, int]]) -> tuple[int, ...]:
    said = [form.get(code) for form in forms]
    return tuple(said.count(point) for point in POINTS)
