"""The database roles: one login per kind of process, one role per shape of scope.

    owner       migrations and backups only
    app         web requests, exports, jobs of people below the nation; holds no right on people or money itself
    app_nation  the same for people who see the nation: a separate login, so that a flaw in the first cannot become it
    batch       whole-stage work without a person's scope (runs, sealing)

A request puts on one shape for one transaction (`scope.put_on`): region, regions, groups or nation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

LOGINS = ("app", "app_nation", "batch")
SHAPES = ("region", "regions", "groups", "nation")


class Cursor(Protocol):
    """What a DB-API cursor must offer here."""

    def execute(self, sql: str, params: Any = None) -> Any: ...
    def fetchone(self) -> Any: ...


def quoted(name: str) -> str:
    """A role's name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def role(prefix: str, name: str) -> str:
    """The quoted role of this installation: role("harapan", "region") -> "harapan_region" in quotes."""
    return quoted(f"{prefix}_{name}")


def everyone(prefix: str) -> str:
    """Comma list of the roles that read what everybody may read. The logins need it directly: they inherit nothing."""
    return ", ".join(role(prefix, name) for name in ("common", "app", "app_nation", "batch"))


def ensure(cursor: Cursor, prefix: str, passwords: dict[str, str]) -> None:
    """Create what is missing and set the logins' passwords. Run as the owner, who may create roles.

    NOINHERIT comes before the grants: PostgreSQL 16+ copies it into each grant.
    """
    for name in ("common", *SHAPES):
        _create(cursor, f"{prefix}_{name}", "NOLOGIN INHERIT")
    for name in LOGINS:
        kind = "LOGIN INHERIT" if name == "batch" else "LOGIN NOINHERIT"
        _create(cursor, f"{prefix}_{name}", kind)
        cursor.execute(f"ALTER ROLE {role(prefix, name)} PASSWORD '{passwords[name].replace(chr(39), chr(39) * 2)}'")
    members = {
        "common": (*SHAPES, *LOGINS),
        "region": ("app",),
        "regions": ("app",),
        "groups": ("app",),
        "nation": ("app_nation",),
    }
    for granted, to in members.items():
        for name in to:
            cursor.execute(f"GRANT {role(prefix, granted)} TO {role(prefix, name)}")
    cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role(prefix, 'common')}, {everyone(prefix)}")


def _create(cursor: Cursor, name: str, kind: str) -> None:
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if cursor.fetchone() is None:
        cursor.execute(f"CREATE ROLE {quoted(name)} {kind}")


def grant(prefix: str, rights: str, table: str, roles: Iterable[str]) -> str:
    """One GRANT statement for roles of this installation."""
    return f"GRANT {rights} ON {quoted(table)} TO " + ", ".join(role(prefix, name) for name in roles)
