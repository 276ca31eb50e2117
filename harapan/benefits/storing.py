"""How a run is stored: loaded bare, then keyed, counted, protected and attached by the owner's function.

A run beside a list loads what it has in memory by COPY, in its own transaction (`load`). A run of a computed stage
loads the engine's files range by range over ADBC, both tables at once (`load_folder`): memory does not grow.

A partition has no row trigger and no foreign key; the run's manifest and hash vouch for it. What a killed load leaves
is a table that belongs to nothing, which the next try drops (`discard`).
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pac
import pyarrow.csv as pc
import pyarrow.parquet as pq
from django.db import connections

from harapan.benefits.models import Run
from harapan.core.errors import Refused
from harapan.database import arrow
from harapan.database.scope import active_alias

if TYPE_CHECKING:
    from harapan.engine.run import Result

ROWS_AT_ONCE = 100_000
TABLES = {"entitlements": "benefits_entitlement", "lines": "benefits_line"}  # engine.tables.OUTPUTS in the database


def load(run: Run, result: Result) -> None:
    """Fill the two bare tables of a running run. Needs the batch login."""
    places = result.entitlements.select(["family_id", "region_no", "group_id"])
    lines = result.lines.join(places, "family_id", join_type="inner")
    open_tables(run)
    _copy(run, "benefits_entitlement", result.entitlements)
    _copy(run, "benefits_line", lines)


def open_tables(run: Run) -> None:
    """Two bare tables for a running run, what a killed try left of them gone. Needs the batch login."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT harapan.run_open(%s)", [run.pk])


def load_folder(run: Run, payees: Path) -> int:
    """Fill the two bare tables of an opened run from its folder and the snapshot's payees; how many lines.

    Works on sessions of its own, so the opening must be committed. Raises Refused where files and payees name different
    families.
    """
    with ThreadPoolExecutor(2) as pool:
        loading = [
            pool.submit(arrow.load, f"{TABLES[name]}_r{run.pk}", streamed(tables))
            for name, tables in stored_form(run, run.folder, payees).items()
        ]
        for each in loading:
            each.result()
    return sum(pq.read_metadata(path).num_rows for path in run.folder.glob("lines-*.parquet"))


def stored_form(run: Run, folder: Path, payees: Path) -> dict[str, Iterator[pa.Table]]:
    """What an output folder of the engine holds, range by range, in the columns and types of the run's partitions."""
    files = sorted(folder.glob("entitlements-*.parquet"))
    parts = [(path, folder / path.name.replace("entitlements", "lines")) for path in files]
    return {"entitlements": _entitlements(run, parts, payees), "lines": _lines(run, parts)}


def streamed(tables: Iterator[pa.Table]) -> pa.RecordBatchReader:
    """The same rows in batches. There must be one table at least: it names the columns."""
    first = next(tables)
    batches = (batch for table in chain([first], tables) for batch in table.to_batches(max_chunksize=ROWS_AT_ONCE))
    return pa.RecordBatchReader.from_batches(first.schema, batches)


def _entitlements(run: Run, parts: Sequence[tuple[Path, Path]], payees: Path) -> Iterator[pa.Table]:
    """Each range with where its money goes. Both are in order of family, so they must name the same ones in step."""
    for path, _ in parts:
        table = pq.ParquetFile(path).read()
        beside = pq.ParquetFile(payees / path.name.replace("entitlements", "payees")).read()
        if not table.column("family_id").equals(beside.column("family_id")):
            raise Refused(
                "Berkas {path} dan tujuan bayarnya memuat keluarga yang berbeda. Bekukan lagi tahap ini.",
                path=path.name,
            )
        for name in ("account_id", "payer"):
            table = table.append_column(name, beside.column(name))
        yield _stored(run, table)


def _lines(run: Run, parts: Sequence[tuple[Path, Path]]) -> Iterator[pa.Table]:
    """Each range's lines with the region and group of their family."""
    for path, lines in parts:
        homes = pq.ParquetFile(path).read(columns=["family_id", "region_no", "group_id"])
        table = pq.ParquetFile(lines).read()
        place = pac.index_in(table.column("family_id"), value_set=homes.column("family_id").combine_chunks())
        for name in ("region_no", "group_id"):
            table = table.append_column(name, homes.column(name).take(place))
        yield _stored(run, table)


def _stored(run: Run, table: pa.Table) -> pa.Table:
    """With the run's number, and in the types of the database, which has no integer of one byte."""
    table = table.append_column("run_id", pac.cast(pa.repeat(run.pk, table.num_rows), pa.int64()))
    wide = [pa.field(f.name, pa.int16() if f.type == pa.int8() else f.type) for f in table.schema]
    return table.cast(pa.schema(wide))


def attach(run: Run, *, families: int, lines: int, net_idr: int) -> None:
    """Make the loaded tables partitions. The database refuses other counts or sums than were computed."""
    figures = [run.pk, families, lines, net_idr]
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
