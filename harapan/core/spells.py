"""Spells: stretches of days with a beginning and perhaps an end, half-open like every range in the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Spell:
    """Days from `start` up to, not including, `end`; `end=None` means still going on."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"A spell needs at least one day: {self.start} to before {self.end}.")

    @classmethod
    def through(cls, first: date, last: date) -> Spell:
        """From the first to the last day, both counted, as people and letters say it."""
        return cls(first, last + timedelta(days=1))

    @property
    def last_day(self) -> date | None:
        return None if self.end is None else self.end - timedelta(days=1)

    @property
    def open(self) -> bool:
        return self.end is None

    def contains(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: Spell) -> bool:
        return self.intersection(other) is not None

    def intersection(self, other: Spell) -> Spell | None:
        start = max(self.start, other.start)
        ends = [end for end in (self.end, other.end) if end is not None]
        end = min(ends) if ends else None
        return Spell(start, end) if end is None or start < end else None

    def closed_on(self, end: date) -> Spell:
        """The same spell, ended so that `end` is its first day outside."""
        return Spell(self.start, end)


def first_overlap(spells: Iterable[Spell]) -> tuple[Spell, Spell] | None:
    """Two spells of one thing that share a day, if there are any."""
    ordered = sorted(spells, key=lambda spell: spell.start)
    for earlier, later in pairwise(ordered):
        if earlier.overlaps(later):
            return earlier, later
    return None
