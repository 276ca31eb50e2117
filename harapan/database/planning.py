"""What the planner cannot know: how many rows a statement that its policies and triggers hide will touch."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.database.scope import active_alias


@contextmanager
def many_rows() -> Iterator[CursorWrapper]:
    """A cursor for statements over many rows, in the transaction that is open.

    Transition tables of the audit and CTEs have no statistics: guessing few rows, the planner compares every row with
    every row, and ten thousand notices take minutes.
    """
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute("RESET enable_nestloop")
