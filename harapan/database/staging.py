"""Rows on their way into tables: copied into a temporary table at once, so that a few statements do the rest.

PostgreSQL refuses COPY into a table under row-level security; the temporary table is nobody's but the session's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.database.roles import quoted
from harapan.database.scope import active_alias

ANALYZE_FROM = 1000  # smaller tables are planned well without statistics


@contextmanager
def staged(name: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> Iterator[CursorWrapper]:
    """A temporary table `name` holding `rows` (in the order of `columns`: name -> SQL type) for the block's statements.

    Yields a cursor on the connection whose scope is on. Needs an open transaction; the table ends with the block.
    """
    table = quoted(name)
    with connections[active_alias()].cursor() as cursor:
        defined = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({defined}) ON COMMIT DROP")
        listed = ", ".join(map(quoted, columns))
        count = 0
        with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        many = count >= ANALYZE_FROM
        if many:
            # Tables just filled have no statistics, and policies hide selectivity: guessing few rows, the planner would
            # compare every row with every row.
            cursor.execute(f"ANALYZE {table}; SET LOCAL enable_nestloop = off")
        yield cursor
        cursor.execute(f"DROP TABLE {table}" + ("; RESET enable_nestloop" if many else ""))
