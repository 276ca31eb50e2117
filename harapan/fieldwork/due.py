"""Tasks are derived, never stored: each kind's question is asked of the records, and what they answer is due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.phrases import Phrase
from harapan.fieldwork.models import TaskAnswer
from harapan.fieldwork.sources import SOURCES, Area, Due, Subject
from harapan.fieldwork.task_kinds import SINCE, TaskKind

ROWS_MAX = 2000  # of one kind in one area: nobody reads further, and a facilitator has some three hundred families
SOON_DAYS = 7


@dataclass(frozen=True, slots=True)
class Task:
    """Something that waits for a person. `key` is the same on every day until it is resolved."""

    kind: TaskKind
    subject: Subject
    subject_no: int
    name: str
    group_no: int
    region_no: int
    due_on: date
    mark: str
    detail: Phrase

    @property
    def key(self) -> str:
        return f"{self.kind.code}:{self.subject_no}:{self.mark}"

    def urgency(self, on: date) -> str:
        """late: its day is over; soon: within a week; else later."""
        if self.due_on < on:
            return "late"
        return "soon" if self.due_on <= on + timedelta(days=SOON_DAYS) else "later"


def area_of(post: Post, *, on: date, groups: Collection[int] | None = None) -> Area:
    """Where a post's tasks lie: the groups given, else a facilitator's own; leads see to families without one too."""
    chosen = tuple(post.groups if groups is None else groups)
    return Area(chosen, on, () if post.role.reach == Reach.GROUPS else post.ranges)


def tasks_in(area: Area, kinds: Iterable[TaskKind]) -> list[Task]:
    """What is due, the most pressing first, then by village. A constant number of queries for each kind."""
    found: dict[str, Task] = {}
    for kind in kinds:
        source = SOURCES[kind.query]
        for row in _rows(kind, area):
            due_on = kind.due_on(row.since or area.on, on=area.on)
            task = Task(
                kind,
                source.subject,
                row.subject_no,
                row.name,
                row.group_no,
                row.region_no,
                due_on,
                row.mark,
                row.detail,
            )
            found.setdefault(task.key, task)  # a school of several groups is one errand
    return sorted(found.values(), key=lambda task: (task.due_on, task.region_no, task.name, task.key))


def _rows(kind: TaskKind, area: Area) -> list[Due]:
    source = SOURCES[kind.query]
    rows = source.ask(area)
    if isinstance(rows, list):
        return rows
    return [source.due(row) for row in _unanswered(kind, rows)[:ROWS_MAX]]


def _unanswered(kind: TaskKind, rows: QuerySet[Any, dict[str, Any]]) -> QuerySet[Any, dict[str, Any]]:
    if not kind.answerable:
        return rows
    said = TaskAnswer.objects.filter(family=OuterRef("due_subject"), kind=kind.code, mark=OuterRef("due_mark"))
    return rows.filter(~Exists(said))


@dataclass(frozen=True, slots=True)
class Load:
    """How many tasks wait, and how many of them are late."""

    total: int = 0
    late: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.total + other.total, self.late + other.late)


def loads_by_holder(
    area: Area, kinds: Iterable[TaskKind], holders: dict[int, int]
) -> dict[int, dict[str, Load]]:  # fmt: skip
    """Holder -> kind code -> load; `holders`: group -> who meets it. Counted in the database, few queries a kind."""
    found: dict[int, dict[str, Load]] = defaultdict(dict)
    for kind in kinds:
        for holder, load in _loads(kind, area, holders).items():
            found[holder][kind.code] = load
    return found


def _loads(kind: TaskKind, area: Area, holders: dict[int, int]) -> dict[int, Load]:
    source = SOURCES[kind.query]
    rows = source.ask(area)
    found: dict[int, Load] = defaultdict(Load)
    if isinstance(rows, list):  # a school of several groups of one holder counts once
        subjects: dict[tuple[int, int, str], bool] = {}
        for row in rows:
            late = kind.due_on(row.since or area.on, on=area.on) < area.on
            place = holders.get(row.group_no, 0), row.subject_no, row.mark
            subjects[place] = subjects.get(place, False) or late
        for (holder, *_task), late in subjects.items():
            found[holder] += Load(1, int(late))
        return found
    late_rows = Q(due_since__lt=area.on - timedelta(days=kind.due_days)) if kind.due_after == SINCE else Q(pk__in=())
    counted = _unanswered(kind, rows).order_by().values("due_group")
    counted = counted.annotate(number=Count("pk"), late=Count("pk", filter=late_rows))
    for group, number, late in counted.values_list("due_group", "number", "late"):
        found[holders.get(group, 0)] += Load(number, late)
    return found
