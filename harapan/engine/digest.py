"""A hash of what a table says: typed values in key order, whatever chunks, files or engine made them."""

from __future__ import annotations

import hashlib

import pyarrow as pa
import pyarrow.compute as pc

from harapan.core.errors import Refused
from harapan.engine.tables import KEYS, OUTPUTS


class Digest:
    """Takes a table's rows bit by bit, in key order, and gives one SHA-256.

    Each column is hashed by itself as little-endian values (a boolean is one byte), so where one chunk ends and
    the next begins leaves no trace. Refuses nulls and rows that are out of order or there twice.
    """

    def __init__(self, schema: pa.Schema, key: tuple[str, ...]) -> None:
        self._schema = schema
        self._key = key
        self._columns = {name: hashlib.sha256() for name in schema.names}
        self._latest: tuple[int, ...] | None = None
        self.rows = 0

    def update(self, table: pa.Table) -> None:
        """The next rows. `table` has the columns and types of the schema."""
        if not table.schema.equals(self._schema, check_metadata=False):
            raise Refused(
                "Kolom hasil tidak sesuai: {names}. Perlu {wanted}.",
                names=table.schema.names,
                wanted=self._schema.names,
            )
        for batch in table.to_batches():
            self._refuse_disorder(batch)
            for name, column in zip(self._schema.names, batch.columns, strict=True):
                self._columns[name].update(_values(name, column))
            self.rows += batch.num_rows

    def hexdigest(self) -> str:
        """The hash of all rows so far, with the names and types of the columns and the number of rows."""
        whole = hashlib.sha256()
        for field in self._schema:
            whole.update(f"{field.name}:{field.type}:{self._columns[field.name].hexdigest()}\n".encode())
        whole.update(f"rows:{self.rows}\n".encode())
        return whole.hexdigest()

    def _refuse_disorder(self, batch: pa.RecordBatch) -> None:
        if not batch.num_rows:
            return
        columns = [batch.column(name) for name in self._key]
        first = tuple(column[0].as_py() for column in columns)
        rising = _rising(columns)
        if not rising or (self._latest is not None and first <= self._latest):
            raise Refused(
                "Hasil tidak urut atau memuat kunci ganda ({key}). Periksa apakah satu keluarga atau anggota "
                "tercatat dua kali dalam data masukan.",
                key=", ".join(self._key),
            )
        self._latest = tuple(column[-1].as_py() for column in columns)


def output_sha256(entitlements: Digest, lines: Digest) -> str:
    """The one hash of a run."""
    return hashlib.sha256(f"{entitlements.hexdigest()}\n{lines.hexdigest()}\n".encode()).hexdigest()


def digest_of(name: str) -> Digest:
    """A fresh digest for one of the output tables: "entitlements" or "lines"."""
    return Digest(OUTPUTS[name], KEYS[name])


def _rising(columns: list[pa.Array]) -> bool:
    """Whether each row's key is above that of the row before."""
    above, tied = pa.scalar(False), pa.scalar(True)
    for column in columns:
        before, after = column[:-1], column[1:]
        above = pc.or_(above, pc.and_(tied, pc.greater(after, before)))
        tied = pc.and_(tied, pc.equal(after, before))
    return bool(pc.all(above).as_py()) if len(columns[0]) > 1 else True


def _values(name: str, column: pa.Array) -> memoryview | bytes:
    if column.null_count:
        raise Refused("Kolom hasil {name} memuat nilai kosong; setiap nilai harus terisi.", name=name)
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.uint8())
    if not pa.types.is_integer(column.type):
        raise Refused(
            "Kolom hasil {name} bertipe {type}; hanya bilangan bulat dan ya/tidak yang dapat diringkas.",
            name=name,
            type=column.type,
        )
    width = column.type.bit_width // 8
    start = column.offset * width
    return memoryview(column.buffers()[1])[start : start + len(column) * width]
