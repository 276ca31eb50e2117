"""Tables in and out as Arrow, over ADBC, for whole-stage work: streamed, so that memory does not grow with the rows.

The batch login only, on connections of their own. `one_moment()` lets several readers see the database as it was at one
instant: one transaction exports its snapshot, and each reader takes it over. Rows go in to bare tables that belong to
nothing yet (`load`); the owner's functions make them part of something.

The driver is imported when first used: it brings pandas along, a third of a second and 60 MB for every command and
every process that serves pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyarrow as pa
from django.db import connections

from harapan.core.errors import Refused

if TYPE_CHECKING:
    import adbc_driver_postgresql.dbapi as adbc

BATCH_BYTES = 16 * 1024 * 1024  # about what ADBC gathers before it hands a batch over
# Readers go through whole ranges: policies and the exclusion of spells hide selectivity from the planner, which would
# else look up each of half a million families by itself.
WHOLE_TABLES = (
    "SET LOCAL enable_nestloop = off",
    "SET LOCAL enable_sort = off",  # hash, and sort only what is to come in order
    "SET LOCAL max_parallel_workers_per_gather = 0",  # the readers are parallel themselves
    "SET LOCAL work_mem = '256MB'",
)
READ_ONLY = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


@dataclass(frozen=True, slots=True)
class Moment:
    """One instant of the database. `snapshot` names it to other sessions, `visible` says which transactions it saw."""

    snapshot: str
    visible: str  # pg_snapshot as text: xmin:xmax:those in progress


@contextmanager
def one_moment() -> Iterator[Moment]:
    """Hold one instant open for `reader()`s. Ends with the block; the readers must have ended before."""
    with _session() as cursor:
        cursor.execute(READ_ONLY)
        cursor.execute("SELECT pg_export_snapshot() AS snapshot, pg_current_snapshot()::text AS visible")
        yield Moment(*cursor.fetchone())


@contextmanager
def reader(moment: Moment) -> Iterator[adbc.Cursor]:
    """A cursor on a connection of its own that sees the moment and can write nothing. Use it from one thread."""
    with _session() as cursor:
        cursor.execute(READ_ONLY)
        for setting in WHOLE_TABLES:
            cursor.execute(setting)
        cursor.execute(f"SET TRANSACTION SNAPSHOT '{moment.snapshot}'")
        yield cursor


def stream(cursor: adbc.Cursor, sql: str) -> pa.RecordBatchReader:
    """The rows of a query, batch by batch as they come."""
    from adbc_driver_postgresql import StatementOptions

    cursor.adbc_statement.set_options(**{StatementOptions.BATCH_SIZE_HINT_BYTES.value: str(BATCH_BYTES)})
    cursor.execute(sql)
    return cursor.fetch_record_batch()


def query(sql: str) -> pa.Table:
    """All rows of a query as the database is now; for whoever has bounded them."""
    with _session() as cursor:
        return stream(cursor, sql).read_all()


def load(table: str, rows: pa.RecordBatchReader | pa.Table) -> int:
    """Append rows to a bare table in one transaction of its own; how many. Column types must be the table's."""
    with _session() as cursor:
        loaded = cursor.adbc_ingest(table, rows, mode="append")
        return max(loaded, 0)


@contextmanager
def _session() -> Iterator[adbc.Cursor]:
    import adbc_driver_postgresql.dbapi as adbc

    with adbc.connect(_address(), autocommit=True) as connection, connection.cursor() as cursor:
        try:
            yield cursor
        except adbc.OperationalError as error:
            if "No space left" in str(error):
                raise Refused(
                    "Ruang penyimpanan basis data habis, jadi tidak ada yang tersimpan. Kosongkan ruang, lalu ulangi."
                ) from error
            raise


def _address() -> str:
    place: dict[str, Any] = connections["batch"].settings_dict
    who = f"{quote(place['USER'])}:{quote(place['PASSWORD'])}"
    options = quote("-c search_path=public -c jit=off -c statement_timeout=0")
    host, port = place["HOST"] or "127.0.0.1", place["PORT"] or 5432
    return f"postgresql://{who}@{host}:{port}/{quote(place['NAME'])}?options={options}"
