"""Rules about one meeting, one mark, one plan: plain Python."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import cycle, islice

from harapan.core.periods import month_days, month_of


@dataclass(frozen=True, slots=True)
class SessionLaw:
    """What policy says on the day of a meeting. Days are calendar days."""

    sets_planned: tuple[str, ...]
    per_month_min: int
    reason_after_days: int
    closed_after_days: int


@dataclass(frozen=True, slots=True)
class Entry:
    """How an entry made today stands to its meeting: `late` needs a reason; from `closes_on` only some may write."""

    days: int
    late: bool
    closes_on: date
    closed: bool


def entry(held_on: date, *, on: date, law: SessionLaw) -> Entry:
    after_month = month_days(month_of(held_on))[1]
    closes_on = after_month + timedelta(days=law.closed_after_days)
    days = (on - held_on).days
    return Entry(days, days > law.reason_after_days, closes_on, on >= closes_on)


def overlaps(one: tuple[time, time], other: tuple[time, time]) -> bool:
    """Half-open hours of one day: a meeting may begin when another ends."""
    return one[0] < other[1] and other[0] < one[1]


def proposed(
    lessons: Sequence[str], covered: Collection[str], months: Sequence[int], *, per_month: int
) -> list[tuple[int, str]]:
    """(month, lesson) for each month: first what the group has not heard, in order, then all again from the start.

    covered: codes of `lessons` heard already. No lessons, no plan.
    """
    if not lessons:
        return []
    order = [code for code in lessons if code not in covered]
    round_again = cycle(lessons)
    wanted = len(months) * per_month
    order += islice(round_again, max(wanted - len(order), 0))
    return [(month, order[place * per_month + step]) for place, month in enumerate(months) for step in range(per_month)]
