"""A snapshot folder: Parquet files named after their table, in order of family, and a manifest beside them.

    families-0000.parquet  members-0000.parquet  observations-0000.parquet  ...  facility_months.parquet  manifest.json

The freeze writes one file a table and range of 500,000 families; any number of files of a table is read, and none of
`adjustments` where there are none. The manifest is not needed; where it names a file, the file must still be the one
it names.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from harapan.core.errors import Refused, Unreadable
from harapan.engine.tables import INPUTS, MAY_BE_ABSENT

RANGE_FAMILIES = 500_000
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Snapshot:
    """The files of each table, checked to be there and to have its columns."""

    folder: Path
    files: dict[str, list[Path]]

    def reads(self, table: str) -> str:
        """What to put behind FROM to read all files of the table."""
        if not self.files[table]:
            return absent(table)
        names = ", ".join(f"'{quoted(path)}'" for path in self.files[table])
        return f"read_parquet([{names}])"

    def rows(self, table: str) -> int:
        return sum(pq.ParquetFile(path).metadata.num_rows for path in self.files[table])

    def ranges(self) -> list[tuple[int, int]]:
        """First and last family_id of each range of 500,000 families, in order; none for no family."""
        columns = [pq.ParquetFile(path).read(columns=["family_id"]).column(0) for path in self.files["families"]]
        return ranges(pa.chunked_array([chunk for column in columns for chunk in column.chunks], pa.int64()))

    @cached_property
    def fingerprints(self) -> dict[str, str]:
        """SHA-256 of every input file by name. Refuses a file that its manifest describes otherwise.

        The manifest may name files beside the inputs (where the money goes); they must be whole too.
        """
        found = {path.name: file_sha256(path) for paths in self.files.values() for path in paths}
        for name, expected in _manifest(self.folder).get("files", {}).items():
            beside = self.folder / name
            known = found.get(name) or (file_sha256(beside) if beside.is_file() else None)
            if known != expected["sha256"]:
                raise Refused(
                    "Berkas {name} dalam {folder} tidak sama dengan yang tercatat di {manifest}. Ambil kembali "
                    "salinan snapshot yang utuh.",
                    name=name,
                    folder=self.folder,
                    manifest=MANIFEST,
                )
        return found


def absent(table: str) -> str:
    """What to put behind FROM where a snapshot has no such table."""
    columns = ", ".join(f"null as {name}" for name in INPUTS[table].names)
    return f"(select {columns} where false) as {table}_absent"


def open_snapshot(folder: Path) -> Snapshot:
    """Find and check the files of a snapshot folder. Raises Unreadable with the file and what is wrong with it."""
    if not folder.is_dir():
        raise Unreadable(
            "Folder snapshot {folder} tidak ada. Periksa namanya, atau buat dengan `harapan engine generate`.",
            folder=folder,
        )
    files = {table: sorted([*folder.glob(f"{table}.parquet"), *folder.glob(f"{table}-*.parquet")]) for table in INPUTS}
    for table, paths in files.items():
        if not paths and table not in MAY_BE_ABSENT:
            raise Unreadable(
                "Snapshot {folder} tidak memuat {table}.parquet atau {table}-0000.parquet. Lengkapi dahulu.",
                folder=folder,
                table=table,
            )
        for path in paths:
            _refuse_other_columns(path, INPUTS[table])
    return Snapshot(folder, files)


def ranges(family_ids: pa.ChunkedArray) -> list[tuple[int, int]]:
    """First and last key of each range of 500,000 families."""
    keys = family_ids.combine_chunks()
    if len(keys) > 1 and not pc.all(pc.greater(keys[1:], keys[:-1])).as_py():
        keys = keys.take(pc.sort_indices(keys))
    firsts = keys[::RANGE_FAMILIES].to_pylist()
    return [
        (first, keys[min(place * RANGE_FAMILIES, len(keys)) - 1].as_py()) for place, first in enumerate(firsts, start=1)
    ]


def write_manifest(folder: Path, *, about: dict[str, Any]) -> None:
    """Name every Parquet file of the folder with its rows and SHA-256, beside whatever else is to be known."""
    files = {
        path.name: {"rows": pq.ParquetFile(path).metadata.num_rows, "sha256": file_sha256(path)}
        for path in sorted(folder.glob("*.parquet"))
    }
    (folder / MANIFEST).write_text(json.dumps(about | {"files": files}, indent=1, sort_keys=True))


def quoted(path: Path) -> str:
    """The path as it may stand between single quotes in SQL."""
    return str(path).replace("'", "''")


def file_sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.exists():
        return {}
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except ValueError as error:
        raise Unreadable(
            "{path} tidak dapat dibaca: {error}. Ambil kembali salinan snapshot yang utuh.", path=path, error=error
        ) from error
    return found


def _refuse_other_columns(path: Path, schema: pa.Schema) -> None:
    try:
        found = pq.read_schema(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise Unreadable(
            "{path} bukan berkas Parquet yang utuh. Ambil kembali salinan snapshot yang utuh.", path=path
        ) from error
    missing = [name for name in schema.names if name not in found.names]
    if missing:
        raise Unreadable(
            "{path} tidak memuat kolom {missing}. Lihat kolom yang perlu di docs/engine.md.",
            path=path,
            missing=", ".join(missing),
        )
