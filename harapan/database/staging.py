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
    with connections[active_alias()].cursor() as cursor:
        listed = _create(cursor, name, columns)
        count = 0
        with cursor.copy(f"COPY {quoted(name)} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
                count += 1
        with _counted(cursor, name, count):
            yield cursor


@contextmanager
def staged_csv(name: str, columns: Mapping[str, str], rows: bytes, count: int) -> Iterator[CursorWrapper]:
    """As `staged` for `count` rows that are csv already, without a header: "" is an empty text, nothing is null."""
    with connections[active_alias()].cursor() as cursor:
        listed = _create(cursor, name, columns)
        with cursor.copy(f"COPY {quoted(name)} ({listed}) FROM STDIN (FORMAT csv)") as copy:
            copy.write(rows)
        with _counted(cursor, name, count):
            yield cursor


def _create(cursor: CursorWrapper, name: str, columns: Mapping[str, str]) -> str:
    """Make the table; its columns as SQL lists them."""
    defined = ", ".join(f"{quoted(column)} {kind}" for column, kind in columns.items())
    cursor.execute(f"CREATE TEMPORARY TABLE {quoted(name)} ({defined}) ON COMMIT DROP")
    return ", ".join(map(quoted, columns))


@contextmanager
def _counted(cursor: CursorWrapper, name: str, count: int) -> Iterator[None]:
    many = count >= ANALYZE_FROM
    if many:
        # Tables just filled have no statistics, and policies hide selectivity: guessing few rows, the planner would
        # compare every row with every row.
        cursor.execute(f"ANALYZE {quoted(name)}; SET LOCAL enable_nestloop = off")
    yield
    cursor.execute(f"DROP TABLE {quoted(name)}" + ("; RESET enable_nestloop" if many else ""))
