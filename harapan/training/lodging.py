"""Who sleeps in which room, and who comes from where by what: derived from who is expected, written nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.training.law import law_on
from harapan.training.models import Batch, Enrolment
from harapan.training.rules import Guest, rooms
from harapan.workforce.models.person import NATION


@dataclass(frozen=True, slots=True)
class Bed:
    room: int
    row: Enrolment


@dataclass(frozen=True, slots=True)
class Ride:
    """How many come from a regency by one way. `region_no`: NATION for those of the nation."""

    region_no: int
    travels_by: str
    people: int


def beds(batch: Batch, rows: Iterable[Enrolment]) -> list[Bed]:
    """Rooms from 1 on, of one sex each, neighbours together. The same people give the same rooms."""
    of_key = {row.pk: row for row in rows}
    guests = [Guest(row.pk, row.person.sex, row.region_no) for row in of_key.values()]
    shared = rooms(guests, beds=law_on("beds_per_room", batch.begins))
    return [Bed(number, of_key[each.key]) for number, room in enumerate(shared, 1) for each in room]  # type: ignore[index]


def rides(rows: Iterable[Enrolment]) -> list[Ride]:
    """By regency and way, in the order of the regencies."""
    counted = Counter((origin(row), row.travels_by) for row in rows)
    return [Ride(region, way, people) for (region, way), people in sorted(counted.items())]


def origin(row: Enrolment) -> int:
    """The regency somebody comes from; the province for those who serve there."""
    if row.region_no == NATION or codes.level_of(row.region_no) < Level.REGENCY:
        return row.region_no
    return codes.ancestor(row.region_no, Level.REGENCY)
