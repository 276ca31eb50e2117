"""The signed scope a request puts on for one transaction. Without one, no row of people or money is seen.

A `Scope` says which families somebody may see: a few groups, one or several regions, or the nation. `put_on` opens a
transaction on the right login, switches to the role of that shape and writes the scope as settings signed with a key
that SQL cannot read, so that a forged range gives no rows. The database's policies do the rest (`rls.py`).
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from harapan.core.errors import Forbidden
from harapan.database.places import secret

RANGES_MAX = 4
LIFETIME_SECONDS = 3600  # of one transaction's signature
LIFETIME_SECONDS_BATCH = 24 * 3600
SYSTEM = 0  # the actor of what no person did: setup, sealing


class Shape(StrEnum):
    GROUPS = "groups"
    REGION = "region"
    REGIONS = "regions"
    NATION = "nation"
    BATCH = "batch"
    COMMON = "common"  # no people and no money: a reader's own account, sign-in


LOGIN_OF = {
    Shape.GROUPS: "app",
    Shape.REGION: "app",
    Shape.REGIONS: "app",
    Shape.NATION: "nation",
    Shape.BATCH: "batch",
    Shape.COMMON: "app",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """Who acts (by user numbers) and which rows they may see. Regions are half-open ranges of `Region.no`.

    holder: the name of whom somebody acts for, so that what is printed names both; it opens nothing.
    """

    shape: Shape
    ranges: tuple[tuple[int, int], ...] = ()
    groups: tuple[int, ...] = ()
    actor: int = SYSTEM
    on_behalf: int | None = None
    holder: str = ""
    why: str = ""
    via: str = "web"

    @classmethod
    def of_ranges(cls, ranges: tuple[tuple[int, int], ...], **who: Any) -> Scope:
        if not 0 < len(ranges) <= RANGES_MAX:
            raise Forbidden(
                "Wilayah kerja harus satu sampai {ranges_max}; yang tercatat {count}.",
                ranges_max=RANGES_MAX,
                count=len(ranges),
            )
        return cls(Shape.REGION if len(ranges) == 1 else Shape.REGIONS, ranges=ranges, **who)

    @classmethod
    def of_groups(cls, groups: tuple[int, ...], **who: Any) -> Scope:
        return cls(Shape.GROUPS, groups=groups, **who)

    @classmethod
    def nation(cls, **who: Any) -> Scope:
        return cls(Shape.NATION, **who)

    @classmethod
    def batch(cls, **who: Any) -> Scope:
        return cls(Shape.BATCH, via=who.pop("via", "batch"), **who)

    @classmethod
    def common(cls, **who: Any) -> Scope:
        return cls(Shape.COMMON, **who)

    def because(self, why: str) -> Scope:
        """The same scope with a reason that the audit will carry."""
        return replace(self, why=why)


@dataclass(frozen=True, slots=True)
class _Active:
    """A scope on its connection, and the one it was put on over, whichever connection that is on."""

    scope: Scope
    alias: str
    outer: _Active | None

    def beneath(self) -> Scope | None:
        """The scope that this one covers on its own connection."""
        below = self.outer
        while below and below.alias != self.alias:
            below = below.outer
        return below.scope if below else None


_active: ContextVar[_Active | None] = ContextVar("harapan_scope", default=None)


def current() -> Scope | None:
    """The scope that is on, if any."""
    active = _active.get()
    return active.scope if active else None


def active_alias() -> str:
    """The connection that carries the scope now on; the plain app login where none is."""
    active = _active.get()
    return active.alias if active else "default"


def atomic(**options: Any) -> Any:
    """`transaction.atomic` on the connection of the scope now on. Every action uses this one."""
    return transaction.atomic(using=active_alias(), **options)


class ActiveRouter:
    """Sends the ORM to the connection whose scope is on. Only the owner migrates."""

    def db_for_read(self, model: Any, **hints: Any) -> str:
        return active_alias()

    def db_for_write(self, model: Any, **hints: Any) -> str:
        return active_alias()

    def allow_relation(self, one: Any, two: Any, **hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db == "owner"


@contextmanager
def put_on(scope: Scope, *, read_only: bool = False) -> Iterator[Scope]:
    """One transaction under this scope; it ends with the block. Nested use narrows or changes it and restores it.

    With `read_only` every write is refused, by us and by PostgreSQL. Raises what the block raises, rolled back.
    """
    alias = settings.SCOPE_ALIASES[LOGIN_OF[scope.shape]]
    connection = connections[alias]
    outermost = not connection.in_atomic_block
    active = _Active(scope, alias, _active.get())
    token = _active.set(active)
    try:
        with transaction.atomic(using=alias):
            _write(connection, scope, read_only=read_only and outermost)
            if read_only:
                with connection.execute_wrapper(_refuse_writes):
                    yield scope
            else:
                yield scope
    finally:
        _active.reset(token)
        if not outermost and connection.in_atomic_block and not connection.needs_rollback:
            _write(connection, active.beneath())


def _refuse_writes(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    if not sql.lstrip(" (\t\n").upper().startswith(("SELECT", "WITH", "SAVEPOINT", "RELEASE", "ROLLBACK", "DECLARE")):
        raise RuntimeError(f"this page promised only to read, and ran: {sql[:60]}")
    return execute(sql, params, many, context)


def _write(connection: BaseDatabaseWrapper, scope: Scope | None, *, read_only: bool = False) -> None:
    """All settings in one round trip. Empty texts, not NULL, are what PostgreSQL leaves behind anyway."""
    values = _values(connection, scope)
    if read_only:
        values["transaction_read_only"] = "on"
    sql = "SELECT " + ", ".join(f"set_config('{name}', %s, true)" for name in values)
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values.values()))


def _values(connection: BaseDatabaseWrapper, scope: Scope | None) -> dict[str, str]:
    if scope is None:
        names = ("lo", "hi", "ranges", "groups", "actor", "behalf", "until", "sig", "why", "via")
        return {"role": "none", **{f"harapan.{name}": "" for name in names}}
    lo, hi = (str(edge) for edge in scope.ranges[0]) if scope.shape == Shape.REGION else ("", "")
    padded = scope.ranges + ((0, 0),) * (RANGES_MAX - len(scope.ranges))
    ranges = "{" + ",".join(str(edge) for pair in padded for edge in pair) + "}" if scope.shape == Shape.REGIONS else ""
    groups = "{" + ",".join(map(str, scope.groups)) + "}" if scope.shape == Shape.GROUPS else ""
    behalf = "" if scope.on_behalf is None else str(scope.on_behalf)
    until = str(int(time.time()) + (LIFETIME_SECONDS_BATCH if scope.shape == Shape.BATCH else LIFETIME_SECONDS))
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    message = "|".join((lo, hi, ranges, groups, str(scope.actor), behalf, until, str(pid)))
    return {
        "role": f"{settings.ROLE_PREFIX}_{scope.shape}",
        "harapan.lo": lo,
        "harapan.hi": hi,
        "harapan.ranges": ranges,
        "harapan.groups": groups,
        "harapan.actor": str(scope.actor),
        "harapan.behalf": behalf,
        "harapan.until": until,
        "harapan.sig": sign(message),
        "harapan.why": scope.why,
        "harapan.via": scope.via,
    }


def sign(message: str) -> str:
    """HMAC-SHA256 under the scope key, as the database's `harapan.scope_is_signed()` recomputes it."""
    return hmac.new(secret("scope", 64), message.encode(), hashlib.sha256).hexdigest()


def pads() -> tuple[bytes, bytes]:
    """The inner and outer pad of the scope key: all that the database needs to check a signature."""
    key = secret("scope", 64)
    return bytes(byte ^ 0x36 for byte in key), bytes(byte ^ 0x5C for byte in key)
