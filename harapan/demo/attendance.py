"""What schools and health posts said: proven, only declared, or nothing. Of the months that the stages observe, that is
March to June 2024 and October 2024 to June 2025.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from random import Random

from harapan.demo.clock import EFFECTIVE_DAYS, SCHOOL_YEAR_BEGAN
from harapan.demo.facilities import SCHOOLS, Facility
from harapan.demo.world import ENTERING, World

ABSENT_SHARE = 0.12  # of pupils who miss a day or two in a month
SICK_SHARE = 0.006  # of pupils ill for so long that only the reason keeps them above the law's percentage


class Word(IntEnum):
    """How far a facility's quarter has come."""

    NOTHING = 0
    DECLARED = 1
    PROVEN = 2


@dataclass(frozen=True, slots=True)
class Quarter:
    """The months of one form, when it was declared and proven, and the shares of each `Word` in percent.

    In 2024 a form speaks of the two months that a stage of the banks observes.
    """

    months: tuple[int, ...]
    declared: date
    proven: date
    schools: tuple[int, int, int]
    posts: tuple[int, int, int]


QUARTERS = (
    Quarter((202403, 202404), date(2024, 5, 3), date(2024, 5, 6), (8, 17, 75), (30, 30, 40)),
    Quarter((202405, 202406), date(2024, 7, 3), date(2024, 7, 10), (12, 23, 65), (30, 30, 40)),
    Quarter((202410, 202411, 202412), date(2025, 1, 6), date(2025, 1, 9), (6, 14, 80), (25, 25, 50)),
    Quarter((202501, 202502, 202503), date(2025, 4, 3), date(2025, 4, 10), (10, 20, 70), (30, 25, 45)),
    Quarter((202504, 202505, 202506), date(2025, 7, 3), date(2025, 7, 10), (30, 35, 35), (50, 25, 25)),
)
# Difficulty -> months in which a pupil of the family was away too often.
MISSED = {
    "low_attendance": (202411, 202501, 202502),
    "amount_attendance": (202502,),
    "missed_month": (202404, 202405),
}
FIRST_MONTH_OF_SCHOOL = SCHOOL_YEAR_BEGAN.year * 100 + SCHOOL_YEAR_BEGAN.month


def missed_months(world: World, code: str, observed: tuple[str, ...]) -> int:
    """How many of the months a stage observes a family with this difficulty has missed."""
    return sum(month in MISSED.get(code, ()) for month in (int(name.replace("-", "")) for name in observed))


@dataclass(frozen=True, slots=True)
class Confirmed:
    """One facility (row in Facilities) in one quarter; `word` is never NOTHING."""

    facility: int
    quarter: Quarter
    word: Word


@dataclass(frozen=True, slots=True)
class Absence:
    """A member (row) in a month (yyyymm) with days away, each below the days of school."""

    member: int
    facility: int
    month: int
    absent: int = 0
    leave: int = 0
    sick: int = 0


def said(world: World) -> list[Confirmed]:
    """Every facility and quarter of which something was said. Schools of planted pupils are proven all year."""
    chance = Random(f"attendance {world.seed}")
    needed = {world.members.facility[pupil] for code in MISSED for pupil in planted_pupils(world, code)}
    found = []
    for facility in world.facilities.rows:
        for quarter in QUARTERS:
            word = Word(chance.choices((0, 1, 2), _shares(facility, quarter))[0])
            if facility.no in needed and quarter is not QUARTERS[-1]:
                word = Word.PROVEN
            if word:
                found.append(Confirmed(facility.no, quarter, word))
    return found


def _shares(facility: Facility, quarter: Quarter) -> tuple[int, int, int]:
    return quarter.schools if facility.kind in SCHOOLS else quarter.posts


def planted_pupils(world: World, code: str) -> list[int]:
    """The pupil of each family with the difficulty who was away."""
    return [
        next(member for member in world.members_of(row) if world.members.grade[member]) for row in world.planted[code]
    ]


def absences(world: World, told: list[Confirmed]) -> Iterator[Absence]:
    """Days away in the months that somebody spoke of, one row per member and month."""
    chance, members = Random(f"absences {world.seed}"), world.members
    pupils: dict[int, list[int]] = {}
    for row, grade in enumerate(members.grade):
        if grade:
            pupils.setdefault(members.facility[row], []).append(row)
    entering = {row for row, grade in enumerate(members.grade) if grade in ENTERING}
    away = {
        (pupil, month) for code, months in MISSED.items() for pupil in planted_pupils(world, code) for month in months
    }
    quiet = {member for code in MISSED for row in world.planted[code] for member in world.members_of(row)}
    for each in told:
        for month in each.quarter.months:
            for pupil in pupils.get(each.facility, ()):
                if pupil in entering and month < FIRST_MONTH_OF_SCHOOL:
                    continue
                if (pupil, month) in away:
                    yield Absence(pupil, each.facility, month, absent=EFFECTIVE_DAYS[month] * 2 // 5)
                elif pupil not in quiet and (absence := _ordinary(chance, pupil, each.facility, month)):
                    yield absence


def _ordinary(chance: Random, pupil: int, facility: int, month: int) -> Absence | None:
    """A day or two, never below the law's 85 percent; or an illness, which excuses."""
    drawn, days = chance.random(), EFFECTIVE_DAYS[month]
    if drawn < SICK_SHARE:
        return Absence(pupil, facility, month, sick=days // 3)
    if drawn > ABSENT_SHARE:
        return None
    few = 1 + int(chance.random() * (days * 15 // 100))
    kind = ("absent", "leave", "sick")[int(chance.random() * 3)]
    return Absence(pupil, facility, month, **{kind: min(few, days * 15 // 100)})
