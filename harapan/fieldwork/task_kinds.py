"""Kinds of tasks as data: what makes one due, when, and which record resolves it (data/fieldwork/task-kinds.yaml)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from harapan.accounts.models import Post
from harapan.accounts.permission import allows
from harapan.accounts.roles import permissions
from harapan.core.phrases import Phrase
from harapan.fieldwork.catalogue import FOLDER, REPAIR, Held, rows_of, words
from harapan.policy.errors import BadPolicy

SINCE, MONTH_END = "since", "month_end"
RECORD, ANSWER = "record", "answer"
FIELDS = {
    "code", "query", "due", "minutes", "rhk", "may", "link", "resolved_by", "title", "english", "resolution",
    "resolution_english",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TaskKind:
    """`query` names the set-based question of `fieldwork.sources`; `minutes` 0 keeps it out of the month's plan.

    `answerable`: besides its record, a sentence of what was found resolves it. `may`: who has such tasks at all.
    """

    code: str
    query: str
    due_after: str
    due_days: int
    minutes: int
    rhk: int
    may: str
    link: str
    answerable: bool
    title: Phrase
    resolution: Phrase
    held: Held

    def due_on(self, since: date, *, on: date) -> date:
        """The last day on which the task is in time. `since` is what its query says; `on` is today."""
        if self.due_after == SINCE:
            return since + timedelta(days=self.due_days)
        return on.replace(day=monthrange(on.year, on.month)[1]) + timedelta(days=self.due_days)


def load(file: Path = FOLDER / "task-kinds.yaml") -> tuple[TaskKind, ...]:
    """The kinds of a file, checked. Raises BadPolicy."""
    kinds = []
    for row in rows_of(file, "kinds", fields=FIELDS):
        due, code = row["due"], row["code"]
        if not isinstance(due, dict) or set(due) != {"after", "days"} or due["after"] not in (SINCE, MONTH_END):
            raise BadPolicy(file.name, f"due pada {code} bukan after (since, month_end) dan days", REPAIR)
        if row["resolved_by"] not in (RECORD, ANSWER):
            raise BadPolicy(file.name, f"resolved_by pada {code} bukan record atau answer", REPAIR)
        if row["may"] not in permissions() or row["rhk"] not in range(1, 10) or not 0 <= row["minutes"] <= 480:
            raise BadPolicy(file.name, f"may, rhk (1 sampai 9), atau minutes (0 sampai 480) pada {code} salah", REPAIR)
        kinds.append(
            TaskKind(
                code, row["query"], due["after"], due["days"], row["minutes"], row["rhk"], row["may"], row["link"],
                row["resolved_by"] == ANSWER, words(row), words(row, "resolution", "resolution_english"), row["held"],
            )
        )  # fmt: skip
    if len({kind.code for kind in kinds}) != len(kinds):
        raise BadPolicy(file.name, "satu kode ditulis dua kali", REPAIR)
    return tuple(kinds)


@cache
def default_kinds() -> tuple[TaskKind, ...]:
    return load()


def kinds_on(day: date, *, post: Post | None = None) -> list[TaskKind]:
    """The kinds in force on a day, of a post only those it may have."""
    return [
        kind for kind in default_kinds()
        if kind.held.holds_on(day) and (post is None or allows(post, kind.may))
    ]  # fmt: skip


def kind_named(code: str) -> TaskKind | None:
    return next((kind for kind in default_kinds() if kind.code == code), None)
