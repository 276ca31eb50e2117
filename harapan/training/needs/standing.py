"""Who must have a course and has it, lacks it or is about to lose it: one statement over everybody in reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import connections

from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias
from harapan.training.needs.law import needs_on, refresh_months
from harapan.training.needs.learned import LEARNED

ROWS_AT_ONCE = 2000


class State(StrEnum):
    """How somebody stands to a course they must have."""

    HAD = "had"
    EXPIRING = "expiring"  # counts, but not for long
    PLACED = "placed"  # lacks it, and has a place in a batch
    LACKING = "lacking"  # lacks it, and the time that policy gives is not over
    LATE = "late"
    EXPIRED = "expired"

    @property
    def label(self) -> Phrase:
        return LABELS[self]


LABELS = {
    State.HAD: Phrase("Dimiliki"),
    State.EXPIRING: Phrase("Segera berakhir"),
    State.PLACED: Phrase("Sudah dapat tempat"),
    State.LACKING: Phrase("Belum ada"),
    State.LATE: Phrase("Lewat batas waktu"),
    State.EXPIRED: Phrase("Kedaluwarsa"),
}
WANTING = (State.LATE, State.EXPIRED, State.EXPIRING, State.LACKING)  # who waits for a place, most pressing first
MISSING = (State.LATE, State.EXPIRED, State.LACKING, State.PLACED)  # who does not have it today


@dataclass(frozen=True, slots=True)
class Standing:
    """One person and one course. `due_on`: the last day to have it; `until`: what one has counts to here (None: none,
    or for good)."""

    person: int
    name: str
    staff_number: str
    region_no: int
    since: date
    course: int
    course_code: str
    course_name: str
    due_on: date
    until: date | None
    state: State


# needed: the latest day each person and course must meet; learned: until when what one has counts
_STANDING = """
    WITH need AS (
        SELECT * FROM unnest(%(roles)s::text[], %(courses)s::text[], %(months)s::int[], %(sinces)s::date[])
            AS n(role, course, months, since)
    ), needed AS (
        SELECT p.id AS person, c.id AS course,
               min(greatest(p.since, o.since, n.since) + make_interval(months => n.months))::date AS due_on
        FROM workforce_person p
        JOIN accounts_post o ON o.user_id = p.user_id AND o.since <= %(on)s AND (o.until IS NULL OR o.until > %(on)s)
        JOIN need n ON n.role = o.role_code
        JOIN training_course c ON c.code = n.course
        WHERE p.since <= %(on)s AND (p.until IS NULL OR p.until > %(on)s) {narrowed}
        GROUP BY p.id, c.id
    ), learned AS (
{learned}
    ), placed AS (
        SELECT DISTINCT e.person_id AS person, b.course_id AS course
        FROM training_enrolment e JOIN training_batch b ON b.id = e.batch_id
        WHERE e.state IN ('invited', 'confirmed', 'present') AND b.state IN ('planned', 'invited', 'running')
          AND b.ends >= %(on)s
    ), standing AS (
        SELECT p.id AS person, p.name, p.staff_number, p.region_no, p.since, w.course, w.due_on,
               nullif(l.until, 'infinity'::date) AS until,
               CASE WHEN l.until >= %(refresh)s OR (l.until >= %(on)s AND k.person IS NOT NULL) THEN 'had'
                    WHEN k.person IS NOT NULL THEN 'placed'
                    WHEN l.until >= %(on)s THEN 'expiring'
                    WHEN l.until IS NOT NULL THEN 'expired'
                    WHEN w.due_on < %(on)s THEN 'late'
                    ELSE 'lacking' END AS state
        FROM needed w
        JOIN workforce_person p ON p.id = w.person
        LEFT JOIN learned l USING (person, course)
        LEFT JOIN placed k USING (person, course)
    )"""
_ROWS = """ SELECT s.person, s.name, s.staff_number, s.region_no, s.since, s.course, c.code, c.name, s.due_on, s.until,
    s.state FROM standing s JOIN training_course c ON c.id = s.course"""


def standing_sql(*, on: date, people: Iterable[int] | None = None) -> tuple[str, dict[str, Any]]:
    """`WITH … standing AS (…)` and its values; what follows selects from `standing`. `people`: of these alone."""
    needs, chosen = needs_on(on), None if people is None else list(people)
    values = {
        "roles": [need.role for need in needs], "courses": [need.course for need in needs],
        "months": [need.months for need in needs], "sinces": [need.since for need in needs],
        "on": on, "refresh": months_after(on, refresh_months(on)), "people": chosen,
    }  # fmt: skip
    narrowed = "" if chosen is None else "AND p.id = ANY (%(people)s)"
    return _STANDING.format(learned=LEARNED, narrowed=narrowed), values


def standings(
    *, on: date, people: Iterable[int] | None = None, course: int | None = None, states: Iterable[State] = tuple(State),
    within: tuple[int, int] | None = None,
) -> Iterator[Standing]:  # fmt: skip
    """Of everybody in reach, by place and name; a region by its half-open range. One statement, read as it comes."""
    head, values = standing_sql(on=on, people=people)
    where, more = wanted(course=course, states=states, within=within)
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(f"{head}{_ROWS} WHERE {where} ORDER BY s.region_no, s.name, s.person, c.code", values | more)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                yield Standing(*(*row[:-1], State(row[-1])))


def wanted(
    *, course: int | None, states: Iterable[State], within: tuple[int, int] | None
) -> tuple[str, dict[str, Any]]:  # fmt: skip
    """A condition on `standing s` and its values."""
    parts, values = ["s.state = ANY (%(states)s)"], {"states": [state.value for state in states]}
    if course is not None:
        parts.append("s.course = %(course)s")
    if within is not None:
        parts.append("s.region_no >= %(low)s AND s.region_no < %(high)s")
    low, high = within or (None, None)
    return " AND ".join(parts), values | {"course": course, "low": low, "high": high}


def months_after(day: date, months: int) -> date:
    """The same day of a later month, or its last one: 30 November and three months are 28 February."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    ends = date(year + month // 12, month % 12 + 1, 1).toordinal() - 1
    return date(year, month, min(day.day, date.fromordinal(ends).day))
