"""A plan that empties a queue: for each centre and month so many classes, until nobody is left. Plain Python.

The same queue, capacity and first month always give the same plan; `digest` tells one from another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from harapan.core.errors import Refused
from harapan.core.periods import add_months, format_month, month_days
from harapan.core.phrases import Phrase
from harapan.training.dated_data import Centre
from harapan.training.needs.queue import Waiting

TURNOVER_DAYS = 4  # between two rounds at one centre: to leave, clean and arrive
MONTH_DAYS = 28  # that every month has


class NoCapacity(Refused):
    """People wait for a centre that can hold no class, or no centre teaches their province."""

    def __init__(self, people: int, centre: Centre | None) -> None:
        if centre is None:
            super().__init__(
                Phrase(
                    "{people} orang di antrean bertugas di provinsi yang tidak dilayani balai mana pun. Isi "
                    "provinsinya di data/training/centres.yaml.",
                    people=people,
                )
            )
        else:
            super().__init__(
                Phrase(
                    "{centre} tidak punya kelas, padahal {people} orang menunggu di sana. Isi kapasitasnya di "
                    "needs.classes_per_month.{code}.",
                    centre=centre.name, people=people, code=centre.code,
                )
            )  # fmt: skip


class NobodyWaits(Refused):
    def __init__(self, course: str) -> None:
        super().__init__(
            Phrase("Tidak ada yang menunggu {course}, jadi tidak ada angkatan yang perlu dibuat.", course=course)
        )


class MonthGone(Refused):
    def __init__(self, month: str) -> None:
        super().__init__(
            Phrase(
                "{month} sudah berjalan atau lewat, dan peserta perlu diundang dahulu. Pilih bulan sesudahnya.",
                month=format_month(month),
            )
        )


@dataclass(frozen=True, slots=True)
class Room:
    """What a course needs: `size` people a class, `days` a class; and classes a month by centre code.

    taken: how many of them a centre has given away already, by its code and the month.
    """

    size: int
    days: int
    classes_per_month: Mapping[str, int]
    taken: Mapping[tuple[str, str], int] = field(default_factory=dict)

    def free(self, centre: Centre, month: str) -> int:
        return max(0, self.classes_per_month.get(centre.code, 0) - self.taken.get((centre.code, month), 0))

    @property
    def rounds(self) -> int:
        """How often a month a centre can begin."""
        return max(1, MONTH_DAYS // (self.days + TURNOVER_DAYS))


@dataclass(frozen=True, slots=True)
class PlannedClass:
    """One batch to be: `wave` counts the rounds of its centre, `number` its classes."""

    centre: Centre
    month: str
    wave: int
    number: int
    begins: date
    ends: date
    people: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """`classes` in the order of centre and time."""

    first_month: str
    classes: tuple[PlannedClass, ...]

    @property
    def people(self) -> int:
        return sum(len(each.people) for each in self.classes)

    @property
    def last_month(self) -> str:
        return max(each.month for each in self.classes)

    def within(self, ranges: Sequence[tuple[int, int]]) -> Plan:
        """What it gives to those who serve inside half-open ranges of regions; it tells nothing of the others."""
        kept = (
            replace(each, people=tuple(one for one in each.people if any(a <= one.region_no < b for a, b in ranges)))
            for each in self.classes
        )
        return Plan(self.first_month, tuple(each for each in kept if each.people))

    @property
    def digest(self) -> str:
        told = hashlib.sha256()
        for each in self.classes:
            people = ",".join(str(one.person) for one in each.people)
            told.update(f"{each.centre.code} {each.begins} {each.ends} {each.wave} {each.number} {people}\n".encode())
        return told.hexdigest()


def make_plan(queue: Sequence[Waiting], centres: Iterable[Centre], room: Room, *, first_month: str) -> Plan:
    """Gives everybody a place, in the order of the queue, at the centre of their province. Raises NoCapacity."""
    centres = tuple(centres)
    at = {province: each for each in centres for province in each.taught}
    by_centre: dict[str, list[Waiting]] = {each.code: [] for each in centres}
    nowhere = 0
    for one in queue:
        centre = at.get(one.province)
        if centre is None:
            nowhere += 1
        else:
            by_centre[centre.code].append(one)
    if nowhere:
        raise NoCapacity(nowhere, None)
    classes = [each for centre in centres for each in _classes(centre, by_centre[centre.code], room, first_month)]
    return Plan(first_month, tuple(classes))


def _classes(centre: Centre, waiting: Sequence[Waiting], room: Room, first_month: str) -> Iterator[PlannedClass]:
    """Month by month as many classes as are free there; those of a month share its people evenly."""
    if waiting and (room.classes_per_month.get(centre.code, 0) < 1 or room.size < 1):
        raise NoCapacity(len(waiting), centre)
    month, wave, number, taken = first_month, 0, 0, 0
    while taken < len(waiting):
        here = waiting[taken : taken + room.free(centre, month) * room.size]
        taken += len(here)
        groups = _evenly(here, -(-len(here) // room.size))
        for place, people in enumerate(groups):
            turn = place * room.rounds // len(groups)
            first_of_turn = place == 0 or turn != (place - 1) * room.rounds // len(groups)
            wave, number = wave + first_of_turn, number + 1
            begins = _first_monday(month) + timedelta(weeks=turn * _weeks(room))
            yield PlannedClass(centre, month, wave, number, begins, begins + timedelta(days=room.days - 1), people)
        month = add_months(month, 1)


def _weeks(room: Room) -> int:
    """From one round to the next; rounds begin on Mondays."""
    return -(-(room.days + TURNOVER_DAYS) // 7)


def _evenly(people: Sequence[Waiting], parts: int) -> list[tuple[Waiting, ...]]:
    if not people:
        return []
    edges = [len(people) * part // parts for part in range(parts + 1)]
    return [tuple(people[low:high]) for low, high in pairwise(edges)]


def _first_monday(month: str) -> date:
    first, _after = month_days(month)
    return first + timedelta(days=-first.weekday() % 7)
