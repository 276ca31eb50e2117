"""One freeze, computation or drawing of a stage at a time: a lock that goes with the process, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from harapan.benefits.errors import StageBusy
from harapan.benefits.models import Stage

LOCK_SPACE = 0x48415231  # pg_advisory_lock(space, stage)


@contextmanager
def alone(stage: Stage) -> Iterator[None]:
    """Hold the stage's lock on the batch connection. Raises StageBusy while another process holds it."""
    connection = connections[settings.SCOPE_ALIASES["batch"]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, stage.pk])
        if not cursor.fetchone()[0]:
            raise StageBusy(stage.name)
    try:
        yield
    finally:
        if connection.connection is not None and not connection.needs_rollback:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, stage.pk])
