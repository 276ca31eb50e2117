"""Who waits for a place in a course, in the order in which places are given: whoever was recruited first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connections

from harapan.database.scope import active_alias
from harapan.training.models import Course
from harapan.training.needs.standing import WANTING, standing_sql, wanted


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody in the queue. `since`: the day they were recruited, which gives them their place in it."""

    person: int
    region_no: int
    since: date

    @property
    def province(self) -> int:
        """Code of the province they serve in; 0 the nation."""
        return self.region_no // 10**8


def queue_of(course: Course, *, on: date) -> list[Waiting]:
    """Everybody in reach who lacks the course or is about to lose it, and has no place yet. One statement.

    Whose last day is settled waits for nothing.
    """
    head, values = standing_sql(on=on)
    where, more = wanted(course=course.pk, states=WANTING, within=None)
    sql = f"""{head} SELECT s.person, s.region_no, s.since
        FROM standing s JOIN workforce_person p ON p.id = s.person AND p.until IS NULL
        WHERE {where} ORDER BY s.since, s.person"""  # noqa: S608
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values | more)
        return [Waiting(*row) for row in cursor.fetchall()]
