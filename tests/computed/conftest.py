"""A computed stage needs committed data, because its readers and loaders are sessions of their own. All of it goes
again at the end of each test, by the owner.

A test fills a dozen of 160 tables with a few rows each: deleting those is quicker than emptying every table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from harapan.accounts.models import User
from harapan.database.roles import quoted
from harapan.database.scope import Scope, put_on
from harapan.demo import emptied
from harapan.registry.models import NO_GROUP
from tests.computed.ground import Ground, make_ground

JOBS = ("jobs_work", "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")


def _empty(cursor: CursorWrapper) -> None:
    """Delete the rows there are. Triggers and foreign keys sleep meanwhile, which only a superuser may ask for."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        emptied.empty()
        cursor.execute("TRUNCATE jobs_work, procrastinate_jobs CASCADE")
        return
    models = [model for label in emptied.EMPTIED for model in apps.get_app_config(label).get_models()]
    tables = [*(model._meta.db_table for model in models if model._meta.managed), *JOBS]
    with transaction.atomic(using="owner"):
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(emptied.PARTITIONS)
        for (name,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {quoted(name)}")
        cursor.execute(
            " UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {quoted(table)})" for table in tables)
        )
        for (table,) in cursor.fetchall():
            kept = f" WHERE id <> {NO_GROUP}" if table == "registry_group" else ""
            cursor.execute(f"DELETE FROM {quoted(table)}{kept}")


@contextmanager
def committed(django_db_blocker: Any) -> Iterator[Callable[..., Ground]]:
    """Makes grounds, each in the place of the one before; the last goes with the block."""
    with django_db_blocker.unblock():
        with put_on(Scope.batch(via="test")):
            before = list(User.objects.values_list("pk", flat=True))

        def clear() -> None:
            with connections["owner"].cursor() as cursor:
                _empty(cursor)
                cursor.execute("SELECT set_config('harapan.actor', '0', false)")
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
