"""Where two tables that should say the same differ: found set by set, told value by value.

Used after hashes have differed, or where one side is no longer the engine's to vouch for. Memory stays flat: both
tables lie in a DuckDB of their own on disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from harapan.engine.snapshot import file_sha256

MEMORY = "600MB"
SHOWN_MAX = 20
MISSING, SURPLUS = "missing", "surplus"  # in place of a column: the whole row is only in one of the two


@dataclass(frozen=True, slots=True)
class Differing:
    """One value that differs: of which row (its key), in which column, and both values as text.

    `column` is MISSING where the row expected is not there, SURPLUS where one is that should not be: without values.
    """

    table: str
    key: dict[str, int]
    column: str
    expected: str
    found: str


def altered_files(folder: Path, files: dict[str, dict[str, object]]) -> list[str]:
    """Names of the Parquet files that are gone from the folder, hold other bytes than listed, or are not listed.

    `files` is the manifest's list: name -> {"sha256", "rows"}.
    """
    strangers = {path.name for path in folder.glob("*.parquet")} - files.keys()
    altered = {
        name
        for name, entry in files.items()
        if not (folder / name).is_file() or file_sha256(folder / name) != entry["sha256"]
    }
    return sorted(strangers | altered)


def differing(
    name: str,
    key: tuple[str, ...],
    expected: pa.RecordBatchReader,
    found: pa.RecordBatchReader,
    *,
    scratch: Path,
    shown: int = SHOWN_MAX,
) -> tuple[int, list[Differing]]:
    """How many rows differ, and the first of their values in order of the key.

    Both readers have the same columns; `scratch` is a folder for a database that the caller throws away.
    """
    columns = [column for column in expected.schema.names if column not in key]
    with duckdb.connect(str(scratch / f"{name}.duckdb"), config={"memory_limit": MEMORY, "threads": 2}) as con:
        con.execute("set preserve_insertion_order = false")
        for side, rows in (("expected", expected), ("found", found)):
            con.register("rows", rows)
            con.execute(f"create or replace table {side} as select * from rows")  # noqa: S608
            con.unregister("rows")
        con.execute(_joined(key, columns))
        (count,) = con.execute("select count(*) from differing").fetchall()[0]
        rows = con.execute(_told(key, columns, shown)).fetchall()
    width = len(key)
    return count, [
        Differing(name, dict(zip(key, row[:width], strict=True)), *(value or "" for value in row[width:]))
        for row in rows
    ]


def _joined(key: tuple[str, ...], columns: list[str]) -> str:
    """Every row that is not the same on both sides, with the values of both."""
    keys = ", ".join(f"coalesce(e.{one}, f.{one}) as {one}" for one in key)
    both = "".join(f", e.{one} as expected_{one}, f.{one} as found_{one}" for one in columns)
    lone = f"case when f.{key[0]} is null then '{MISSING}' when e.{key[0]} is null then '{SURPLUS}' else '' end"
    other = " or ".join([f"e.{key[0]} is null", f"f.{key[0]} is null", *_distinct(columns, "e.", "f.")])
    return f"""
        create or replace table differing as select {keys}, {lone} as lone{both}
        from expected e full join found f on {" and ".join(f"e.{one} = f.{one}" for one in key)}
        where {other}"""  # noqa: S608 - our own names only


def _told(key: tuple[str, ...], columns: list[str], shown: int) -> str:
    """The values that differ, one a row: key, column, expected, found."""
    keys = ", ".join(key)
    parts = [f"select {keys}, lone, '' as expected, '' as found, 0 as place from differing where lone <> ''"]  # noqa: S608
    parts += [
        f"select {keys}, '{column}', cast(expected_{column} as varchar), cast(found_{column} as varchar), {place} "  # noqa: S608
        f"from differing where lone = '' and {different}"
        for place, (column, different) in enumerate(
            zip(columns, _distinct(columns, "expected_", "found_"), strict=True), start=1
        )
    ]
    every = " union all ".join(parts)
    return f"select * exclude (place) from ({every}) told order by {keys}, place limit {int(shown)}"  # noqa: S608


def _distinct(columns: Iterable[str], one: str, other: str) -> list[str]:
    return [f"{one}{column} is distinct from {other}{column}" for column in columns]
