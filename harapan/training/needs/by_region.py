"""How many of those who must have a course lack it, region by region; and who they are, page by page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connections
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from harapan.database.scope import active_alias
from harapan.regions.codes import SPAN_OF, Level
from harapan.training.needs.standing import State, standing_sql, wanted
from harapan.workforce.models import Person


@dataclass(frozen=True, slots=True)
class RegionNeed:
    """One region and course: how many must have it, and how many of them stand where."""

    region_no: int  # 0: those who serve the nation
    course: int
    must: int
    by_state: dict[State, int]

    def of(self, *states: State) -> int:
        return sum(self.by_state[state] for state in states)

    @property
    def had(self) -> int:
        return self.of(State.HAD, State.EXPIRING)

    @property
    def overdue(self) -> int:
        return self.of(State.LATE, State.EXPIRED)

    @property
    def lacking(self) -> int:
        return self.must - self.had


def needs_by_region(*, level: Level, on: date, within: tuple[int, int] | None = None) -> list[RegionNeed]:
    """Everybody in reach, gathered by the region of that level they serve in. One statement."""
    head, values = standing_sql(on=on)
    where, more = wanted(course=None, states=tuple(State), within=within)
    counted = ", ".join(f"count(*) FILTER (WHERE s.state = '{state.value}')" for state in State)
    sql = (
        f"{head} SELECT s.region_no / %(span)s * %(span)s, s.course, count(*), {counted} FROM standing s"  # noqa: S608
        f" WHERE {where} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values | more | {"span": SPAN_OF[level]})
        return [
            RegionNeed(region, course, must, dict(zip(State, numbers, strict=True)))
            for region, course, must, *numbers in cursor.fetchall()
        ]


def people_standing(
    *, on: date, course: int | None, states: Iterable[State], within: tuple[int, int] | None
) -> QuerySet[Person]:  # fmt: skip
    """Those in reach who stand so to a course they must have, each once."""
    head, values = standing_sql(on=on)
    where, more = wanted(course=course, states=states, within=within)
    sql, listed = _positional(f"{head} SELECT s.person FROM standing s WHERE {where}", values | more)  # noqa: S608
    return Person.objects.filter(pk__in=RawSQL(sql, listed))  # noqa: S611  (our own statement, its values bound)


def _positional(sql: str, values: dict[str, object]) -> tuple[str, list[object]]:
    """Named places as numbered ones, which is what the ORM takes."""
    listed: list[object] = []
    parts = sql.split("%(")
    for place, part in enumerate(parts[1:], start=1):
        name, _, rest = part.partition(")s")
        listed.append(values[name])
        parts[place] = f"%s{rest}"
    return "".join(parts), listed
