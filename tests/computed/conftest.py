"""A computed stage needs committed data, because its readers and loaders are sessions of their own. All of it goes
again at the end of each test, by the owner."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from harapan.accounts.models import User
from harapan.database.scope import Scope, put_on
from harapan.demo import emptied
from tests.computed.ground import Ground, make_ground


@pytest.fixture
def ground(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ground]:
    """A nation of two regencies with families, and the people of the ministry. Snapshots go to a folder of the test."""
    with django_db_blocker.unblock():
        with put_on(Scope.batch(via="test")):
            before = set(User.objects.values_list("pk", flat=True))
            made = make_ground()
        try:
            yield made
        finally:
            made.end()
            emptied.empty()
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT set_config('harapan.actor', '0', false)")
                cursor.execute("TRUNCATE jobs_work, procrastinate_jobs CASCADE")
                cursor.execute("DELETE FROM accounts_post WHERE NOT user_id = ANY(%s)", [list(before)])
                cursor.execute("DELETE FROM accounts_user WHERE NOT id = ANY(%s)", [list(before)])
            connections.close_all()
