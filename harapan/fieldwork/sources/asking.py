"""How a question of tasks is asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.fields import CharField, DateField

from harapan.core.phrases import Phrase
from harapan.registry.models import Family
from harapan.registry.narrowing import enrolled

COLUMNS = ("due_subject", "due_name", "due_group", "due_region", "due_since", "due_mark")
NOTHING = Phrase("")


class Subject(StrEnum):
    """Whom a task is about."""

    FAMILY = "family"
    GROUP = "group"
    FACILITY = "facility"
    STAFF = "staff"  # in a lead's plan


@dataclass(frozen=True)
class Area:
    """Where is asked: these groups, and the families without a group in these region ranges (none to facilitators)."""

    groups: tuple[int, ...]
    on: date
    ranges: tuple[tuple[int, int], ...] = ()

    @cached_property
    def families(self) -> tuple[int, ...]:
        """Members of the groups on the day. One query for all questions that are about them."""
        members = enrolled(Family.objects.filter(group_id__in=self.groups), on=self.on)
        return tuple(members.order_by().values_list("pk", flat=True)) if self.groups else ()


@dataclass(frozen=True, slots=True)
class Due:
    """One thing that waits. `since` None: its kind counts from the end of the month. `mark` tells occurrences apart."""

    subject_no: int
    name: str
    group_no: int
    region_no: int
    since: date | None
    mark: str
    detail: Phrase = NOTHING


@dataclass(frozen=True, slots=True)
class Source:
    """`ask` answers with a query whose columns are COLUMNS (further ones for `detail`), or with the rows themselves."""

    name: str
    subject: Subject
    ask: Callable[[Area], QuerySet[Any, dict[str, Any]] | list[Due]]
    detail: Callable[[Mapping[str, Any]], Phrase]

    def due(self, row: Mapping[str, Any]) -> Due:
        subject, name, group, region, since, mark = (row[column] for column in COLUMNS)
        return Due(subject, name, group, region, since, mark, self.detail(row))


SOURCES: dict[str, Source] = {}


def source(
    subject: Subject, detail: Callable[[Mapping[str, Any]], Phrase] = lambda row: NOTHING
) -> Callable[[Callable[[Area], Any]], Callable[[Area], Any]]:
    """Register a question under the name of its function."""

    def register(ask: Callable[[Area], Any]) -> Callable[[Area], Any]:
        name = ask.__name__
        SOURCES[name] = Source(name, subject, ask, detail)
        return ask

    return register


def asked(
    rows: QuerySet[Any], *extra: str, subject: str, name: str, group: str, region: str, mark: Combinable | str,
    since: Combinable | str | None,
) -> QuerySet[Any, dict[str, Any]]:  # fmt: skip
    """The rows with COLUMNS by which they are counted and told. Text names a field, except for `mark`: a value."""
    columns: dict[str, Any] = {
        "due_subject": F(subject), "due_name": F(name), "due_group": F(group), "due_region": F(region),
        "due_since": Value(None, DateField()) if since is None else F(since) if isinstance(since, str) else since,
        "due_mark": Value(mark, CharField()) if isinstance(mark, str) else mark,
    }  # fmt: skip
    return rows.annotate(**columns).values(*COLUMNS, *extra)


def of_family(
    rows: QuerySet[Any], *extra: str, mark: Combinable | str, since: Combinable | str | None
) -> QuerySet[Any, dict[str, Any]]:
    """As `asked`, for rows that hang on a family (`registry.models.FamilyChild`)."""
    place = {"subject": "family_id", "name": "family__name", "group": "group_no", "region": "region_no"}
    return asked(rows, *extra, **place, mark=mark, since=since)


def of_families(
    rows: QuerySet[Any], *extra: str, mark: Combinable | str, since: Combinable | str | None
) -> QuerySet[Any, dict[str, Any]]:
    """As `asked`, for families themselves."""
    place = {"subject": "pk", "name": "name", "group": "group_id", "region": "region_id"}
    return asked(rows, *extra, **place, mark=mark, since=since)
