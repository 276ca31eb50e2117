"""Hours of work by policy, and the days of a month that are worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import holidays

from harapan.core.periods import month_days
from harapan.policy.reader import default_policy

COUNTRY = "ID"
CATEGORIES = ("public", "government")  # government: joint leave (cuti bersama)


@dataclass(frozen=True, slots=True)
class Hours:
    """A working day: minutes after midnight, and how many minutes are worked; breaks are not."""

    weekdays: tuple[int, ...]  # 1 = Monday
    day_minutes: int
    begins: int
    break_from: int
    break_minutes: int
    travel_minutes: int


def hours_on(day: date) -> Hours:
    """Raises MissingValue where no value covers the day."""
    return Hours(
        tuple(_work("weekdays", day)), _work("day_minutes", day), _work("begins_minute", day),
        _work("break_from_minute", day), _work("break_minutes", day), _work("travel_minutes", day),
    )  # fmt: skip


def _work(name: str, day: date) -> Any:
    return default_policy().value(f"work.{name}", on=day).value


@cache
def holidays_of(year: int) -> dict[date, str]:
    """Public holidays and joint leave, by their Indonesian names. Islamic days to come are estimates."""
    found = holidays.country_holidays(COUNTRY, years=year, language="id", categories=CATEGORIES)
    return {day: str(name) for day, name in found.items()}


def days_of(month: str) -> list[date]:
    first, after = month_days(month)
    return [first + timedelta(days=step) for step in range((after - first).days)]


def workdays(month: str, hours: Hours) -> list[date]:
    """The days of a month that are worked: no weekend, no holiday."""
    off = holidays_of(int(month[:4]))
    return [day for day in days_of(month) if day.isoweekday() in hours.weekdays and day not in off]
