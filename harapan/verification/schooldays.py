"""Effective days of school, proposed from the calendar: days of the week that the school teaches, without holidays.

School breaks are each province's own and in no calendar we have, so this is the most a month can hold; what the schools
around said comes first (`queries.usual_days`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays

from harapan.core.periods import month_days
from harapan.policy.reader import default_policy
from harapan.registry.models import Facility
from harapan.verification.models import SchoolWeek


def week_of(facility: Facility, *, on: date) -> int:
    """Days a week: as somebody said of the school, else by policy. One query."""
    said = SchoolWeek.objects.filter(facility=facility).values_list("days", flat=True).first()
    return said or int(default_policy().value("verification.school_days_per_week", on=on).value)


@cache
def days_at_most(month: str, week: int) -> int:
    """Days from Monday on, five or six a week, that are no public holiday in Indonesia nor a joint day off."""
    first, after = month_days(month)
    off = _days_off(first.year)
    days = (first + timedelta(days=number) for number in range((after - first).days))
    return sum(day.weekday() < week and day not in off for day in days)


@cache
def _days_off(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("ID", years=year, categories=("public", "government")))


def proposed(months: Iterable[str], week: int) -> dict[int, int]:
    """yyyymm -> days."""
    return {int(month.replace("-", "")): days_at_most(month, week) for month in months}
