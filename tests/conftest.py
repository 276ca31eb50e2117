"""Ground for every test: one database, the app login, and scopes to put on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connections
from django.test.utils import setup_databases, teardown_databases

from harapan.database.roles import SHAPES, role
from harapan.database.scope import Scope, put_on


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any, request: Any) -> Iterator[None]:
    """The test database, made and migrated by the owner; then the test's one connection may put on every shape."""
    keep = request.config.getvalue("reuse_db")
    with django_db_blocker.unblock():
        made = setup_databases(0, interactive=False, keepdb=keep, aliases=set(settings.DATABASES))
        prefix = settings.ROLE_PREFIX
        with connections["owner"].cursor() as cursor:
            for name in (*SHAPES, "batch"):
                cursor.execute(f"GRANT {role(prefix, name)} TO {role(prefix, 'app')}")
        connections["owner"].close()
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        teardown_databases(made, 0, keepdb=keep)


@pytest.fixture
def system(db: None) -> Iterator[Scope]:
    """For preparing data: sees and writes everything, as no person in particular."""
    with put_on(Scope.batch(via="test")) as scope:
        yield scope
