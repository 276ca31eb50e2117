"""A value of law and the days on which it holds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from harapan.core.phrases import Phrase
from harapan.policy.errors import BadPolicy

ONE_DAY = timedelta(days=1)
CONFIDENCES = ("H", "M", "L")


@dataclass(frozen=True, slots=True)
class Dated:
    """One value from its first to its last day, with what it rests on. Money is whole rupiah."""

    key: str
    value: Any  # the kind is fixed per key, see harapan.policy.keys
    since: date
    until: date | None  # the last day it holds; None = until further notice
    source: str
    confidence: str  # "H", "M" or "L"
    note: str = ""
    place: str = ""  # the file it was read from
    english: str = ""  # where the value is words for people: the same for readers who chose English

    @property
    def last_day(self) -> date:
        return self.until or date.max

    @property
    def words(self) -> Phrase:
        """A value that is words for people, such as the reason of a failed payment."""
        return Phrase.of_data(str(self.value), self.english)

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= self.last_day


Timeline = tuple[Dated, ...]  # one key's values, oldest first, without overlap


def in_order(rows: Iterable[Dated]) -> Timeline:
    """The rows of one key, oldest first; one without `until` ends the day before the next. Refuses overlaps."""
    ordered = sorted(rows, key=lambda row: row.since)
    closed = [_closed(row, following) for row, following in pairwise(ordered)]
    return (*closed, *ordered[-1:])


def timeline(rows: Iterable[Dated]) -> Timeline:
    """As `in_order`, and refuses gaps: a time without a rule is written down as a value (null), never left out."""
    values = in_order(rows)
    for row, following in pairwise(values):
        if row.last_day + ONE_DAY != following.since:
            raise BadPolicy(
                following.place,
                f"nilai {row.key} kosong antara {row.last_day + ONE_DAY} dan {following.since - ONE_DAY}",
                "Hapus until pada nilai yang lama, atau tulis nilai null beserta sumbernya untuk masa itu",
            )
    return values


def _closed(row: Dated, following: Dated) -> Dated:
    until = row.until or following.since - ONE_DAY
    if until >= following.since or row.since == following.since:
        raise BadPolicy(
            following.place,
            f"nilai {row.key} yang mulai {row.since} dan yang mulai {following.since} berlaku pada hari yang sama",
            "Akhiri nilai yang lama (until) sehari sebelum nilai yang baru mulai",
        )
    return replace(row, until=until)


def value_on(values: Sequence[Dated], day: date) -> Dated | None:
    """The value in force on that day, or None before the first and after the last."""
    place = bisect_right(values, day, key=lambda row: row.since) - 1
    if place < 0 or not values[place].holds_on(day):
        return None
    return values[place]


def overlaid(base: Timeline, above: Timeline) -> Timeline:
    """`above` holds on its days, `base` on all others."""
    remaining = list(base)
    for cut in above:
        remaining = [piece for row in remaining for piece in _without(row, cut.since, cut.last_day)]
    return timeline([*remaining, *above])


def _without(row: Dated, first: date, last: date) -> list[Dated]:
    if last < row.since or first > row.last_day:
        return [row]
    pieces = []
    if row.since < first:
        pieces.append(replace(row, until=first - ONE_DAY))
    if last < row.last_day:
        pieces.append(replace(row, since=last + ONE_DAY))
    return pieces
