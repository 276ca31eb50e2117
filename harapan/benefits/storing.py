"""How a run is stored: loaded bare by COPY, then keyed, counted, protected and attached by the owner's function.

A partition has no row trigger and no foreign key; the run's manifest and hash vouch for it. What a killed load leaves
is a table that belongs to nothing, which the next try drops (`discard`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pac
import pyarrow.csv as pc
from django.db import connections

from harapan.benefits.models import Run
from harapan.database.scope import active_alias

if TYPE_CHECKING:
    from harapan.engine.run import Result

ROWS_AT_ONCE = 100_000


def load(run: Run, result: Result) -> None:
    """Fill the two bare tables of a running run. Needs the batch login."""
    places = result.entitlements.select(["family_id", "region_no", "group_id"])
    lines = result.lines.join(places, "family_id", join_type="inner")
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.run_open(%s)", [run.pk])
    _copy(run, "benefits_entitlement", result.entitlements)
    _copy(run, "benefits_line", lines)


def attach(run: Run, result: Result) -> None:
    """Make the loaded tables partitions. The database refuses other counts or sums than were computed."""
    figures = [run.pk, result.entitlements.num_rows, result.lines.num_rows, result.totals.net_idr]
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.run_attach(%s, %s, %s, %s)", figures)


def discard(run: Run) -> None:
    """Drop what a run that did not end has left behind."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.run_drop(%s)", [run.pk])


def retire(run: Run) -> None:
    """Drop the rows of a superseded run; its totals and hash stay with it."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.run_retire(%s)", [run.pk])


def _copy(run: Run, base: str, table: pa.Table) -> None:
    named = table.append_column("run_id", pac.cast(pa.repeat(run.pk, table.num_rows), pa.int64()))
    columns = ", ".join(named.column_names)
    with (
        connections[active_alias()].cursor() as cursor,
        cursor.copy(f"COPY {base}_r{int(run.pk)} ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        for batch in named.to_batches(max_chunksize=ROWS_AT_ONCE):
            buffer = io.BytesIO()
            pc.write_csv(batch, buffer, pc.WriteOptions(include_header=False))
            copy.write(buffer.getvalue())
