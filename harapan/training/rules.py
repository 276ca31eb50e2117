"""Rules about one batch or one participant, in plain Python."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby
from math import ceil
from typing import TypeVar

from harapan.core.phrases import Phrase
from harapan.training.law import PassLaw

P = TypeVar("P")
UNKNOWN = 0  # a sex nobody has told


class Division(StrEnum):
    """How classes are made: each of people from everywhere, or of neighbours."""

    MIXED = "mixed"
    REGION = "region"


def class_count(people: int, size_max: int) -> int:
    return ceil(people / size_max)


def divided(people: Sequence[P], *, size_max: int, how: Division) -> list[list[P]]:
    """The classes of these people, who stand in the order of region and name; sizes differ by one at most.

    Mixed deals them out like cards, so that neighbours part; by region cuts the row, so that they stay together. The
    same row gives the same classes.
    """
    count = class_count(len(people), size_max)
    if how is Division.MIXED:
        return [list(people[start::count]) for start in range(count)]
    least, more = divmod(len(people), count) if count else (0, 0)
    classes, start = [], 0
    for number in range(count):
        end = start + least + (number < more)
        classes.append(list(people[start:end]))
        start = end
    return classes


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody to be lodged. `key`: whoever has it; `near`: who shares it would rather share a room."""

    key: Hashable
    sex: int
    near: int


def rooms(guests: Sequence[Guest], *, beds: int) -> list[list[Guest]]:
    """Rooms of one sex each, neighbours together; of whom no sex is known gets a room alone, to be settled by hand."""
    ordered = sorted(guests, key=lambda each: (each.sex == UNKNOWN, each.sex, each.near))
    found: list[list[Guest]] = []
    for sex, same in groupby(ordered, key=lambda each: each.sex):
        row = list(same)
        size = 1 if sex == UNKNOWN else beds
        found += [row[start : start + size] for start in range(0, len(row), size)]
    return found


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has reached. hours, hours_all: JP attended and taught; post and practice None: not recorded."""

    hours: int
    hours_all: int
    post: Decimal | None
    practice: float | None

    @property
    def percent(self) -> float:
        """Of the hours."""
        return 100 * self.hours / self.hours_all if self.hours_all else 0.0

    @property
    def practice_said(self) -> int | None:
        """Of practice teaching, as it is said everywhere: rounded down, so nobody fails on the percentage required."""
        return None if self.practice is None else int(self.practice)


def missing(standing: Standing, law: PassLaw, *, tested: bool, practised: bool) -> list[Phrase]:
    """What keeps somebody from passing, in words; nothing: passed."""
    found = []
    if standing.percent < law.attendance_percent_min:
        found.append(
            Phrase(
                "hadir {hours} dari {all} JP, paling sedikit {least}%",
                hours=standing.hours,
                all=standing.hours_all,
                least=law.attendance_percent_min,
            )
        )
    if tested and standing.post is None:
        found.append(Phrase("post-test belum dinilai"))
    elif tested and standing.post is not None and standing.post < law.post_test_min:
        found.append(
            Phrase("post-test {points}, paling sedikit {least}", points=plain(standing.post), least=law.post_test_min)
        )
    if practised and standing.practice is None:
        found.append(Phrase("praktik mengajar belum dinilai"))
    elif practised and standing.practice is not None and standing.practice < law.practice_percent_min:
        found.append(
            Phrase(
                "praktik mengajar {points}%, paling sedikit {least}%",
                points=standing.practice_said,
                least=law.practice_percent_min,
            )
        )
    return found


def plain(points: Decimal) -> str:
    """ "87,5"; whole numbers without a comma."""
    text = f"{points.normalize():f}"
    return text.replace(".", ",")
