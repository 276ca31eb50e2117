"""The log as a server has it: entries that were committed, and an owner with a knife."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from harapan.audit import anchors, verify


class Owner:
    """Somebody who may do everything in the database, and does."""

    def __call__(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        with connections["owner"].cursor() as cursor:
            cursor.execute(sql, params or None)
            return cursor.fetchall() if cursor.description else []

    def empty(self) -> None:
        self("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        self("DELETE FROM audit_seal")
        self("ALTER TABLE audit_seal ENABLE TRIGGER append_only")
        self("DELETE FROM audit_entry")  # few rows: quicker than emptying every partition
        for path in anchors.folder("anchors").iterdir():
            path.unlink()

    def cut(self, sql: str, *params: object) -> None:
        """Change seals with the guard taken off."""
        self("ALTER TABLE audit_seal DISABLE TRIGGER append_only")
        self(sql, *params)
        self("ALTER TABLE audit_seal ENABLE TRIGGER append_only")


@pytest.fixture
def owner(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Owner]:
    home = tmp_path / "anchors-here"
    home.mkdir()
    for module in (anchors, verify):
        monkeypatch.setattr(module, "folder", lambda name: home)
    with django_db_blocker.unblock():
        connections["default"].close()
        knife = Owner()
        knife.empty()
        yield knife
        knife.empty()
        connections.close_all()
