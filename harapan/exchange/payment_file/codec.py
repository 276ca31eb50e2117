"""Payment files: written, and read back the same.

`parse(render(orders, head, layout), layout)` is `(head, fitted(orders, layout), totals)`. Writing streams: memory does
not grow with the file. Reading takes a file whole (the cap of rows per file is dated policy) and refuses one in which
a single figure does not fit.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from typing import BinaryIO, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file import delimited, fixed, workbook
from harapan.exchange.payment_file.checking import checked
from harapan.exchange.payment_file.fields import Write
from harapan.exchange.payment_file.head import Head, Totals, head_cells, totals_cells
from harapan.exchange.payment_file.layouts import Layout
from harapan.exchange.payment_file.orders import checks_of, first, fitted, totals_of

BATCH_ROWS = 20_000


class Writer(Protocol):
    """One form of file. Called in this order: head, details as often as there are batches, trailer, close."""

    def __init__(self, layout: Layout, into: BinaryIO) -> None: ...
    def head(self, cells: Mapping[str, str]) -> None: ...
    def details(self, columns: Sequence[pa.Array]) -> None: ...
    def trailer(self, cells: Mapping[str, str]) -> None: ...
    def close(self) -> None: ...


_WRITERS: dict[str, type[Writer]] = {
    "delimited": delimited.DelimitedWriter,
    "fixed": fixed.FixedWriter,
    "workbook": workbook.WorkbookWriter,
}
_READERS = {"delimited": delimited.read, "fixed": fixed.read, "workbook": workbook.read}


def write(orders: pa.Table | Iterable[pa.RecordBatch], head: Head, layout: Layout, into: BinaryIO) -> Totals:
    """Stream a file of these orders, in their order; the totals it states.

    Raises `Refused`, naming the order, for what the layout cannot carry; what stands in `into` by then has no trailer,
    so that nobody can take it for a file.
    """
    totals = Totals()
    with closing(_WRITERS[layout.form](layout, into)) as writer:
        writer.head(head_cells(head, layout))
        for batch in _batches(orders):
            carried = fitted(batch, layout)
            _refuse_other_stage(carried["reference"], head.stage)
            writer.details(_texts(carried, head, layout, first_row=totals.rows + 1))
            totals += totals_of(carried, layout)
        if not totals.rows:
            raise Refused("Berkas pembayaran tanpa satu pesanan pun tidak dibuat; periksa pilihan pesanannya.")
        writer.trailer(totals_cells(totals, layout))
    return totals


def render(orders: pa.Table | Iterable[pa.RecordBatch], head: Head, layout: Layout) -> bytes:
    """As `write`, into memory."""
    into = io.BytesIO()
    write(orders, head, layout, into)
    return into.getvalue()


def parse(source: bytes | BinaryIO, layout: Layout, *, name: str = "") -> tuple[Head, pa.Table, Totals]:
    """Head, orders (the columns the layout carries) and totals. `name` is what sentences call the file.

    Raises `Unreadable`, naming the place, for a file cut off, of another layout, or with any figure that was changed.
    """
    raw = source if isinstance(source, bytes) else source.read()
    place = Phrase("Berkas “{name}”", name=name) if name else Phrase("Berkas pembayaran")
    return checked(_READERS[layout.form](raw, layout, place), layout)


def _batches(orders: pa.Table | Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    if isinstance(orders, pa.Table):
        orders = orders.to_batches(max_chunksize=BATCH_ROWS)
    for batch in orders:
        for start in range(0, batch.num_rows, BATCH_ROWS):
            yield batch.slice(start, BATCH_ROWS)


def _refuse_other_stage(references: pa.ChunkedArray, stage: str) -> None:
    foreign = first(pc.invert(pc.starts_with(references, f"{stage}/")))
    if foreign is not None:
        raise Refused(
            "Pesanan {references} bukan dari tahap {stage}; satu berkas hanya untuk satu tahap, tulis "
            "pesanan itu di berkas tahapnya.",
            references=references[foreign],
            stage=stage,
        )


def _texts(orders: pa.Table, head: Head, layout: Layout, *, first_row: int) -> list[pa.Array]:
    """One array of texts per field of the layout's details."""
    count = orders.num_rows
    made = {"row": pa.array(range(first_row, first_row + count), pa.int64())}
    columns = []
    for field in layout.detail.fields:
        if field.write is Write.BLANK:
            columns.append(pa.repeat("", count))
        elif field.name == "purpose":
            columns.append(pa.repeat(layout.purpose_of(head.stage), count))
        elif field.name == "check":
            columns.append(pc.cast(checks_of(orders, layout), pa.string()))
        else:
            column = made.get(field.name) if field.name in made else orders[field.name].combine_chunks()
            columns.append(pc.cast(column, pa.string()))
    return columns
