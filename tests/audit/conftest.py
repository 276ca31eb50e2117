"""The log as a server has it: entries that were committed, and an owner with a knife."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections

from harapan.database.places import folder


class Owner:
    """Somebody who may do everything in the database, and does."""

    def __call__(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    def settle(self) -> None:
        """Wait until no older transaction is open, be it of another database of the same server."""
        deadline = time.monotonic() + 120
        while not self("SELECT coalesce(max(xid) < pg_snapshot_xmin(pg_current_snapshot()), true) FROM audit_entry")[0][
            0
        ]:
            assert time.monotonic() < deadline, "a transaction on this server has been open for two minutes"
            time.sleep(0.1)

    def empty(self) -> None:
        self("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        self("TRUNCATE audit_seal")
        self("ALTER TABLE audit_seal ENABLE TRIGGER append_only")
        self("TRUNCATE audit_entry")
        for path in folder("anchors").iterdir():
            path.unlink()

    def cut(self, sql: str, *params: object) -> None:
        """Change seals with the guard taken off."""
        self("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        self(sql, *params)
        self("ALTER TABLE audit_seal ENABLE TRIGGER append_only")


@pytest.fixture
def owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[Owner]:
    with django_db_blocker.unblock():
        connections["default"].close()
        knife = Owner()
        knife.empty()
        yield knife
        knife.empty()
        connections.close_all()
