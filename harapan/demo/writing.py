"""Columns of invented rows on their way into a table: a few statements, whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import connections, models

from harapan.database.roles import quoted
from harapan.database.scope import active_alias
from harapan.database.staging import staged

Columns = dict[str, Sequence[Any]]  # as named in the database
ROWS_AT_ONCE = 50_000  # what one statement's audit keeps in memory


def write(model: type[models.Model], columns: Columns, **same: Any) -> int:
    """Insert rows given by column (names as in the database; sealed and range columns as stored). Returns how many.

    `same`: columns with one value for all rows.
    """
    connection = connections[active_alias()]
    types = {field.column: field.db_type(connection) or "" for field in model._meta.concrete_fields}
    listed = ", ".join(map(quoted, [*columns, *same]))
    constants = "".join(f", %s::{types[name]}" for name in same)
    rows = zip(*columns.values(), strict=True)
    count = 0
    while chunk := list(islice(rows, ROWS_AT_ONCE)):
        with staged("invented", {name: types[name] for name in columns}, chunk) as cursor:
            cursor.execute(
                f"INSERT INTO {quoted(model._meta.db_table)} ({listed}) "  # noqa: S608  (names of our own columns)
                f"SELECT {', '.join(map(quoted, columns))}{constants} FROM invented",
                list(same.values()),
            )
        count += len(chunk)
    return count
