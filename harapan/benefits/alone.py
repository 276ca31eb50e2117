"""One freeze, computation or drawing of a stage at a time: a lock that goes with the process, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from harapan.benefits.errors import StageBusy
from harapan.benefits.models import Stage
from harapan.database.scope import active_alias

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


def held(stage: Stage) -> bool:
    """Whether some process works on the stage at this moment; what says so without the lock has died."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_locks l JOIN pg_database d ON d.oid = l.database"
            " WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.classid = %s AND l.objid = %s)",
            [LOCK_SPACE, stage.pk],
        )
        return bool(cursor.fetchone()[0])
