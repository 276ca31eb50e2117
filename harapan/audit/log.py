"""Writing to the log: `record` a deed, `look` at a person. Both stand in the caller's transaction and scope."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connections

from harapan.database.scope import SYSTEM, active_alias, current

_INSERT = (
    "INSERT INTO audit_entry (actor, on_behalf, via, verb, subject_kind, subject, why, body)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)


def record(
    verb: str,
    *,
    kind: str | None = None,
    subject: int | None = None,
    why: str | None = None,
    body: Mapping[str, Any] | None = None,
) -> None:
    """One deed by whoever's scope is on. `body` holds plain values, never a full number of a person."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_INSERT, _row(verb, kind, subject, why, body))


def record_each(verb: str, *, kind: str, bodies: Mapping[int, Mapping[str, Any]], why: str | None = None) -> None:
    """The same deed on several subjects, an entry for each, so that each one's own page tells of it. One statement."""
    rows = [_row(verb, kind, subject, why, body) for subject, body in bodies.items()]
    with connections[active_alias()].cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def _row(
    verb: str, kind: str | None, subject: int | None, why: str | None, body: Mapping[str, Any] | None
) -> tuple[Any, ...]:
    scope = current()
    return (
        scope.actor if scope else SYSTEM,
        scope.on_behalf if scope else None,
        scope.via if scope else "system",
        verb,
        kind,
        subject,
        why or (scope.why if scope else None) or None,
        json.dumps(body, sort_keys=True, ensure_ascii=False, default=str) if body else None,
    )


def era() -> int:
    """The era of the log: transactions of two of them cannot be compared, for their numbers begin anew at a restore."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.era_now()")
        return int(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class Trace:
    """One line of who looked at or changed a subject."""

    id: int
    at: datetime
    actor: int
    on_behalf: int | None
    via: str
    verb: str
    why: str | None


def traces_of(kind: str, subject: int, *, rows_max: int = 100) -> list[Trace]:
    """The latest entries about a subject the caller may see, latest first."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT * FROM harapan.audit_of(%s, %s, %s)", [kind, subject, rows_max])
        return [Trace(*row) for row in cursor.fetchall()]
