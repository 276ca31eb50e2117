"""Payment calendars: which stages a year has, the months each pays and the months whose verification it rests on."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from harapan.core.phrases import Phrase
from harapan.policy.dated import Dated
from harapan.policy.errors import ContradictingPolicy

CHANNELS = ("all", "bank", "pos")
_NAME = re.compile(r"(2\d{3})-([1-9]\d?)(-pos)?")


@dataclass(frozen=True, slots=True)
class StagePlan:
    """A stage as the calendar has it, before any money."""

    name: str  # "2025-2"; the post's own calendar has a suffix, "2023-3-pos"
    year: int
    number: int
    channel: str  # "all", "bank" or "pos"
    pays_months: tuple[str, ...]  # ("2025-04", "2025-05", "2025-06")
    observes_months: tuple[str, ...]  # as the calendar says, suspended months included
    divisor: int  # the year's amount is divided by this
    rests_on: Dated  # the calendar it comes from

    @property
    def first_day(self) -> date:
        """The day whose law holds for the whole stage."""
        return date.fromisoformat(f"{self.pays_months[0]}-01")


def year_of(stage: str) -> int | None:
    """The year in a stage's name, or None where it is no such name."""
    match = _NAME.fullmatch(stage)
    return int(match[1]) if match else None


def plans_of_year(year: int, calendar: Callable[[str, int], Dated | None]) -> list[StagePlan]:
    """All stages of a year, channel by channel. `calendar(channel, year)` answers with the dated calendar or None.

    A stage observes the months of the stage before it in its own calendar, or in the common one, unless the calendar
    names the months itself; where no stage before is beyond doubt, it must (ContradictingPolicy).
    """
    return [plan for channel in CHANNELS for plan in _plans(year, channel, calendar)]


def _plans(year: int, channel: str, calendar: Callable[[str, int], Dated | None]) -> list[StagePlan]:
    found = calendar(channel, year)
    if found is None:
        return []
    plans: list[StagePlan] = []
    for number, stage in enumerate(found.value, start=1):
        name = f"{year}-{number}" + ("-pos" if channel == "pos" else "")
        if "observes" in stage:
            observes = tuple(stage["observes"])
        elif plans:
            observes = plans[-1].pays_months
        else:
            observes = _end_of_year_before(name, year - 1, channel, calendar)
        pays = _months(year, stage["pays"])
        plans.append(StagePlan(name, year, number, channel, pays, observes, stage["divisor"], found))
    return plans


def _months(year: int, months: list[int]) -> tuple[str, ...]:
    return tuple(f"{year}-{month:02}" for month in months)


def _end_of_year_before(
    name: str, year: int, channel: str, calendar: Callable[[str, int], Dated | None]
) -> tuple[str, ...]:
    before = calendar(channel, year) or calendar("all", year)
    if before is None:
        raise ContradictingPolicy(
            Phrase(
                "Kalender tidak menunjukkan tahap mana yang mendahului {name}. Tulis bulan yang diverifikasi "
                "(observes) pada tahap itu di data/policy/calendars.yaml.",
                name=name,
            )
        )
    return _months(year, before.value[-1]["pays"])
