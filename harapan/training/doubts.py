"""What speaks against inviting somebody, and forbids nothing: two batches at once, a course they still have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connections

from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias
from harapan.training.models import TAKING, Batch, Course, Enrolment
from harapan.training.needs.law import needs_on, refresh_months
from harapan.training.needs.learned import LEARNED
from harapan.training.needs.standing import months_after

_HELD = f"""
    SELECT person, nullif(until, 'infinity'::date) FROM ({LEARNED}) learned
    WHERE course = %(course)s AND person = ANY (%(people)s) AND until >= %(refresh)s"""  # noqa: S608  (of our own)


def doubts_about(batch: Batch, person_ids: Collection[int], *, on: date) -> dict[int, list[Phrase]]:
    """Person number -> sentences to read before or after they are invited. Two statements.

    Online courses run for weeks beside others, so they overlap nothing. A course counts as still had until it is time
    to refresh it, as in `needs.standing`.
    """
    people = list(person_ids)
    found: dict[int, list[Phrase]] = {}
    for row in elsewhere(batch, people):
        said = Phrase(
            "Sudah diundang ke {course}, {begins} sampai {ends}, yang bertumpang tindih.",
            course=row.batch.course.name, begins=format_date(row.batch.begins), ends=format_date(row.batch.ends),
        )  # fmt: skip
        found.setdefault(row.person_id, []).append(said)
    once = {need.course for need in needs_on(on)}  # of others that stand for good, a further time is nothing odd
    for person, until in _still_held(batch, people, on=on):
        if until is None and batch.course.code not in once:
            continue
        said = Phrase("Masih memiliki {course} yang berlaku seterusnya.", course=batch.course.name)
        if until is not None:
            said = Phrase(
                "Masih memiliki {course} yang berlaku sampai {day}.", course=batch.course.name, day=format_date(until)
            )
        found.setdefault(person, []).append(said)
    return found


def elsewhere(batch: Batch, people: Collection[int]) -> list[Enrolment]:
    """Their places in other batches that share a day with this one."""
    if batch.course.kind == Course.Kind.ELEARNING:
        return []
    rows = Enrolment.objects.filter(state__in=TAKING, person__in=people, batch__begins__lte=batch.ends)
    rows = rows.filter(batch__ends__gte=batch.begins).exclude(batch=batch)
    rows = rows.exclude(batch__state=Batch.State.CANCELLED).exclude(batch__course__kind=Course.Kind.ELEARNING)
    return list(rows.select_related("batch__course", "person").order_by("batch__begins", "pk"))


def _still_held(batch: Batch, people: Collection[int], *, on: date) -> list[tuple[int, date | None]]:
    """Who has this course beyond the time to refresh it, and until when; None: for good."""
    told: dict[str, Any] = {
        "course": batch.course_id, "people": list(people), "on": on,
        "refresh": months_after(batch.begins, refresh_months(on)),
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_HELD, told)
        rows: list[tuple[int, date | None]] = cursor.fetchall()
    return rows
