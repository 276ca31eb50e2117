"""Putting what is due into the days of a month: plain Python, no database.

A day goes to one village first, the one whose work presses most; what time is left goes to the village nearest to it.
Villages cost the way there once a day. Nothing stands in a day beyond its hours, and nothing stands twice.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from harapan.workforce.workdays import Hours

DISTRICT = 10_000  # of region numbers: villages of one kecamatan share what stands before
Position = tuple[float, float]  # latitude, longitude


@dataclass(frozen=True, slots=True)
class Wanted:
    """A piece of work to be placed: where, how long, and until when."""

    key: str
    village_no: int
    minutes: int
    due_on: date


@dataclass(frozen=True, slots=True)
class Slot:
    """A piece of work on a day, in minutes after midnight."""

    key: str
    day: date
    village_no: int
    begins: int
    ends: int


LONG_MINUTES = 180  # what takes longer than a morning allows is worked through the break, which is added to it


@dataclass(slots=True)
class Day:
    """A day being filled. `at`: the minute from which on nothing stands yet; `ends`: when the day's hours are over."""

    day: date
    hours: Hours
    at: int
    ends: int
    villages: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, day: date, hours: Hours, *, taken: int = 0) -> Day:
        """`taken`: minutes that an extra duty or what stays planned needs; work begins after them."""
        ends = hours.begins + hours.day_minutes + hours.break_minutes
        at = hours.begins + taken
        return cls(day, hours, at + hours.break_minutes if at >= hours.break_from else at, ends)

    def span(self, village_no: int, minutes: int) -> tuple[int, int] | None:
        """From when to when a piece would take as the next of the day; None where the day's hours are over before."""
        noon, length = self.hours.break_from, minutes
        begins = self.at + (0 if village_no in self.villages else self.hours.travel_minutes)
        if self.at <= noon < begins:  # nobody travels through the break either
            begins += self.hours.break_minutes
        if begins < noon + self.hours.break_minutes and begins + minutes > noon:
            if minutes > LONG_MINUTES and begins < noon:
                length += self.hours.break_minutes
            else:
                begins = noon + self.hours.break_minutes
        return (begins, begins + length) if begins + length <= self.ends else None

    def place(self, wanted: Wanted) -> Slot | None:
        span = self.span(wanted.village_no, wanted.minutes)
        if span is None:
            return None
        self.at = span[1]
        if wanted.village_no not in self.villages:
            self.villages.append(wanted.village_no)
        return Slot(wanted.key, self.day, wanted.village_no, *span)


def propose(
    wanted: Iterable[Wanted], days: Sequence[Day], *, positions: Mapping[int, Position] | None = None
) -> tuple[list[Slot], list[str]]:
    """The slots in order of day and hour, and the keys of what found no room. Each key at most once.

    positions: village -> where it is, as far as known; without one its number tells which village is near.
    """
    places, waiting, known = positions or {}, defaultdict(list), set()
    for each in sorted(wanted, key=lambda one: (one.due_on, one.village_no, one.key)):
        if each.key not in known:
            known.add(each.key)
            waiting[each.village_no].append(each)
    slots: list[Slot] = []
    for day in sorted(days, key=lambda one: one.day):
        village = _most_pressing(waiting)
        while village is not None:
            slots += _fill(day, waiting, village)
            village = _nearest(village, _fitting(day, waiting), places)
    left = [each.key for rows in waiting.values() for each in rows]
    return slots, left


def _fill(day: Day, waiting: dict[int, list[Wanted]], village: int) -> list[Slot]:
    """All of a village's work that fits into the day, in order; the rest keeps waiting."""
    placed: list[Slot] = []
    rest: list[Wanted] = []
    for each in waiting[village]:
        if slot := day.place(each):
            placed.append(slot)
        else:
            rest.append(each)
    waiting[village] = rest
    return placed


def _most_pressing(waiting: Mapping[int, list[Wanted]]) -> int | None:
    """The village with the earliest day, then with the most work: one journey should serve much."""
    open_now = [(rows[0].due_on, -len(rows), village) for village, rows in waiting.items() if rows]
    return min(open_now)[2] if open_now else None


def _fitting(day: Day, waiting: Mapping[int, list[Wanted]]) -> list[int]:
    """Villages not yet visited that day with something that still fits."""
    return [
        village for village, rows in waiting.items()
        if village not in day.villages and any(day.span(village, each.minutes) for each in rows)
    ]  # fmt: skip


def _nearest(village: int, others: Iterable[int], places: Mapping[int, Position]) -> int | None:
    return min(others, key=lambda other: distance(village, other, places), default=None)


def distance(one: int, other: int, places: Mapping[int, Position]) -> tuple[float, int]:
    """How far two villages are apart: same kecamatan before others, known kilometres before numbers."""
    across = float(one // DISTRICT != other // DISTRICT) * 1000
    if one in places and other in places:
        return kilometres(places[one], places[other]), other
    return across + abs(one - other) % DISTRICT, other


def kilometres(one: Position, other: Position) -> float:
    """On the sphere, as the crow flies."""
    latitude, longitude = math.radians(one[0]), math.radians(one[1])
    north, east = math.radians(other[0]) - latitude, math.radians(other[1]) - longitude
    half = math.sin(north / 2) ** 2 + math.cos(latitude) * math.cos(latitude + north) * math.sin(east / 2) ** 2
    return 12742 * math.asin(math.sqrt(half))


def lowered(year_target: int, *, months: int, workdays: int, duty_days: int) -> int:
    """A month's part of a yearly target, rounded up, less the share of its working days that duties took (rounded up).

    lowered(180, months=12, workdays=20, duty_days=5) is 12: fifteen a month, a quarter of its days gone.
    """
    whole = -(-year_target // months)
    if not workdays or not duty_days:
        return whole
    left = max(workdays - duty_days, 0)
    return -(-year_target * left // (months * workdays))
