"""Counting what waits for somebody: never further than makes a difference to what they do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

LIMIT = 1000  # nobody works through more in a day, and counting on would read a whole province


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows wait, at most LIMIT, and since when the oldest does (None: not known, or more than were read)."""

    count: int
    since: date | None = None

    @property
    def more(self) -> bool:
        """Whether there may be more than `count`."""
        return self.count >= LIMIT

    def __bool__(self) -> bool:
        return self.count > 0


def waiting(rows: QuerySet[Any], *, since: str = "") -> Waiting:
    """Count the rows in one query, with the oldest day of the field `since`."""
    some = rows.order_by()[:LIMIT]
    if not since:
        return Waiting(some.count())
    found = some.aggregate(count=Count("pk"), oldest=Min(since))
    oldest = found["oldest"]
    if isinstance(oldest, datetime):
        oldest = timezone.localdate(oldest)
    return Waiting(found["count"], None if found["count"] >= LIMIT else oldest)
