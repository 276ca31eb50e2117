"""How records are counted and told as evidence of work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.db.models.functions import TruncMonth


@dataclass(frozen=True, slots=True)
class Picture:
    """A stored copy to print, and when and where its camera claims to have been."""

    file: UUID
    digest: str
    caption: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a report: what a person did, when and where. `settled`: of percent results, whether it is handled."""

    user: int
    on: date
    text: str
    begins: time | None = None
    ends: time | None = None
    place: str = ""
    settled: bool = True
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """Records of one kind. `rows` of these people carry `whose` (user number) and `day`.

    `counted`: the fields of which each different combination is one unit of the result; () counts each row, None counts
    none of them: they are told, and weigh nothing. `label` names the unit in the singular. `tell`: the lines of
    the days [first, after).
    """

    code: str
    rhk: int
    label: str
    rows: Callable[[Collection[int]], QuerySet[Any]]
    tell: Callable[[Collection[int], date, date], list[Deed]]
    counted: tuple[str, ...] | None = ()

    def by_month(self, users: Collection[int], first: date, after: date) -> dict[tuple[int, int], int]:
        """(user, yyyymm) -> units, whether they weigh or not. One query."""
        rows = self.rows(users).filter(day__gte=first, day__lt=after).annotate(month_first=TruncMonth("day")).order_by()
        found: dict[tuple[int, int], int] = defaultdict(int)
        if self.counted:
            for user, month, *_unit in rows.values_list("whose", "month_first", *self.counted).distinct():
                found[user, _number(month)] += 1
            return found
        for user, month, number in rows.values_list("whose", "month_first").annotate(Count("pk")):
            found[user, _number(month)] += number
        return found


def _number(day: date) -> int:
    return day.year * 100 + day.month
