"""A computed stage needs committed data, because its readers and loaders are sessions of their own. All of it goes
again at the end of each test, by the owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections

from harapan.accounts.models import User
from harapan.database.scope import Scope, put_on
from harapan.demo import emptied
from tests.computed.ground import Ground, make_ground


@contextmanager
def committed(django_db_blocker: Any) -> Iterator[Callable[..., Ground]]:
    """Makes grounds, each in the place of the one before; the last goes with the block."""
    with django_db_blocker.unblock():
        with put_on(Scope.batch(via="test")):
            before = list(User.objects.values_list("pk", flat=True))

        def clear() -> None:
            emptied.empty()
            with connections["owner"].cursor() as cursor:
                cursor.execute("SELECT set_config('harapan.actor', '0', false)")
                cursor.execute("TRUNCATE jobs_work, procrastinate_jobs CASCADE")
                cursor.execute("DELETE FROM accounts_post WHERE NOT user_id = ANY(%s)", [before])
                cursor.execute("DELETE FROM accounts_user WHERE NOT id = ANY(%s)", [before])

        made: list[Ground] = []

        def make(families: int = 12) -> Ground:
            if made:
                made.pop().end()
                clear()
            with put_on(Scope.batch(via="test")):
                made.append(make_ground(families))
            return made[0]

        try:
            yield make
        finally:
            for ground in made:
                ground.end()
            clear()
            connections.close_all()


@pytest.fixture
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """A nation of two regencies with families, and the people of the ministry."""
    with committed(django_db_blocker) as make:
        yield make()


@pytest.fixture
def afresh(django_db_setup: None, django_db_blocker: Any) -> Iterator[Callable[..., Ground]]:
    """Makes such a nation, again and again."""
    with committed(django_db_blocker) as make:
        yield make
