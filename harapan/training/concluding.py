"""A batch comes to its end: who has passed, who has not and why, by the published rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.db.models import Sum

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.policy.reasons import demand_reason
from harapan.training.catalogue import rubric_named
from harapan.training.law import pass_law_on
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment, Mark, PracticeScore, TestScore
from harapan.training.planning import locked_batch
from harapan.training.rules import Standing, missing


def standings(rows: Iterable[Enrolment]) -> dict[int, Standing]:
    """What each of these has reached. Four statements, whatever their number."""
    rows = list(rows)
    numbers = [row.pk for row in rows]
    there = ClassAttendance.objects.filter(enrolment__in=numbers, mark=Mark.PRESENT).order_by()
    hours = dict(there.values_list("enrolment").annotate(Sum("session__hours")))
    classes = {row.training_class_id for row in rows if row.training_class_id}
    taught = ClassSession.objects.filter(training_class__in=classes).order_by()
    of_class = dict(taught.values_list("training_class").annotate(Sum("hours")))
    post = dict(
        TestScore.objects.filter(enrolment__in=numbers, kind=TestScore.Kind.POST).values_list("enrolment", "points")
    )
    practice = practice_of(numbers)
    return {
        row.pk: Standing(
            hours.get(row.pk, 0), of_class.get(row.training_class_id or 0, 0), post.get(row.pk), practice.get(row.pk)
        )
        for row in rows
    }


def practice_of(enrolments: Iterable[int]) -> dict[int, float]:
    """Percent of the rubric, for those whose every criterion is judged."""
    points: dict[int, dict[str, int]] = {}
    rubrics: dict[int, str] = {}
    rows = PracticeScore.objects.filter(enrolment__in=list(enrolments))
    for enrolment, rubric, criterion, given in rows.values_list("enrolment", "rubric", "criterion", "points"):
        points.setdefault(enrolment, {})[criterion] = given
        rubrics[enrolment] = rubric
    found = {}
    for enrolment, given_points in points.items():
        rubric_used = rubric_named(rubrics[enrolment])
        percent = rubric_used.percent(given_points) if rubric_used else None
        if percent is not None:
            found[enrolment] = percent
    return found


def conclude(batch_id: int, *, by: User, on: date) -> Counter[str]:
    """Results for everybody who was expected: passed, failed with what was missing, absent. Gives how many of each.

    Refused before the last day, without a timetable, or without anybody's attendance. Again gives the same.
    """
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        _check(batch, on=on)
        law, course = pass_law_on(batch.ends), batch.course
        rows = list(Enrolment.objects.taking().filter(batch=batch))
        for row in rows:
            row.state, row.result_why, row.ended_on = Enrolment.State.ABSENT, "", None
        reached = standings(rows)
        for row in rows:
            standing = reached[row.pk]
            if standing.hours:
                lacking = missing(standing, law, tested=course.tested, practised=course.practised)
                row.state = Enrolment.State.FAILED if lacking else Enrolment.State.PASSED
                row.result_why, row.ended_on = joined(lacking, "; ") if lacking else "", batch.ends
        Enrolment.objects.bulk_update(rows, ["state", "result_why", "ended_on"])
        batch.state = Batch.State.ENDED
        batch.save(update_fields=["state"])
        counts = Counter(str(row.state) for row in rows)
        log.record("batch.concluded", kind="batch", subject=batch.pk, body=dict(counts))
    return counts


def _check(batch: Batch, *, on: date) -> None:
    if on < batch.ends:
        raise Refused(
            "Angkatan ini baru berakhir {day}. Tetapkan hasilnya sesudah hari terakhir.", day=format_date(batch.ends)
        )
    if not ClassSession.objects.filter(batch=batch).exists():
        raise Refused("Angkatan ini tanpa jadwal, jadi JP peserta tidak dapat dihitung. Susun jadwalnya dahulu.")
    if not ClassAttendance.objects.filter(batch=batch, mark=Mark.PRESENT).exists():
        raise Refused("Belum seorang pun tercatat hadir. Catat kehadirannya, atau batalkan angkatan ini.")


def reopen(batch_id: int, *, why: str, by: User, on: date) -> Batch:
    """An ended batch takes marks and scores again; its results stand until it is concluded anew.

    Whoever was absent may be marked again, as their list came late.
    """
    demand_reason(why, Phrase("Tulis sebab angkatan dibuka lagi, misalnya: nilai kelas B belum masuk."), on=on)
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        if batch.state != Batch.State.ENDED:
            return batch
        batch.state = Batch.State.RUNNING
        batch.save(update_fields=["state"])
        absent = Enrolment.objects.filter(batch=batch, state=Enrolment.State.ABSENT)
        absent.update(state=Enrolment.State.CONFIRMED)
        log.record("batch.reopened", kind="batch", subject=batch.pk, why=why)
    return batch
