"""Files of lines of one width, in ASCII: texts padded behind with spaces, numbers in front with zeros."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file.contents import Contents, body_of, broken, cut_off, one_row
from harapan.exchange.payment_file.delimited import joined
from harapan.exchange.payment_file.fields import Write
from harapan.exchange.payment_file.layouts import Layout, Record


class FixedWriter:
    """Head, details and trailer, in this order, each piece written as it comes."""

    def __init__(self, layout: Layout, into: BinaryIO) -> None:
        self._layout, self._into, self._width = layout, into, width_of(layout)

    def head(self, cells: Mapping[str, str]) -> None:
        self._lines(self._layout.head, one_row(self._layout.head, cells))

    def details(self, columns: Sequence[pa.Array]) -> None:
        self._lines(self._layout.detail, columns)

    def trailer(self, cells: Mapping[str, str]) -> None:
        self._lines(self._layout.trailer, one_row(self._layout.trailer, cells))

    def close(self) -> None:
        """Nothing is kept back: every line is written."""

    def _lines(self, record: Record, columns: Sequence[pa.Array]) -> None:
        cells = [
            pc.ascii_lpad(column, field.width, "0")
            if field.write is Write.WHOLE
            else pc.ascii_rpad(column, field.width, " ")
            for field, column in zip(record.fields, columns, strict=True)
        ]
        rest = " " * (self._width - record.width)
        self._into.write(joined(pc.binary_join_element_wise(record.tag, *cells, rest, "")))


def width_of(layout: Layout) -> int:
    """The width of every line, without its end."""
    return max(record.width for record in (layout.head, layout.detail, layout.trailer))


def read(raw: bytes, layout: Layout, place: str) -> Contents:
    """The file in texts. Refuses one that is cut off, or with a line of another width or kind."""
    body = body_of(raw, place)
    width = width_of(layout)
    count = _count(body, width, place)
    lines = pa.Array.from_buffers(pa.binary(width + 1), count, [None, pa.py_buffer(body)])
    if body[-width - 1 :][: len(layout.trailer.tag)] != layout.trailer.tag.encode():
        raise cut_off(place, count)
    if count < 3:
        raise Unreadable(
            "{place} tidak memuat satu pesanan pun; minta berkas dikirim ulang.",
            place=place,
        )
    head = _table(lines.slice(0, 1), layout.head, place, 1)
    trailer = _table(lines.slice(count - 1), layout.trailer, place, count)
    details = _table(lines.slice(1, count - 2), layout.detail, place, 2)
    return Contents(place, _cells(head), details, _cells(trailer), 2)


def _count(body: bytes, width: int, place: str) -> int:
    """How many lines. Every one must have the width, and letters of ASCII only."""
    count, rest = divmod(len(body), width + 1)
    if rest or body.count(b"\n") != count or body[width :: width + 1] != b"\n" * count or not body.isascii():
        for number, line in enumerate(body.split(b"\n")[:-1], start=1):
            if len(line) != width:
                raise broken(
                    place, number, Phrase("selebar {found} huruf, seharusnya {wanted}", found=len(line), wanted=width)
                )
            if not line.isascii():
                raise broken(place, number, Phrase("memuat huruf di luar ASCII"))
    return count


def _table(lines: pa.Array, record: Record, place: str, first_line: int) -> pa.Table:
    tags = pc.binary_slice(lines, 0, len(record.tag))
    other = pc.index(pc.not_equal(tags, record.tag.encode()), True).as_py()
    if other >= 0:
        stated = tags[other].as_py().decode()
        raise broken(
            place, first_line + other, Phrase("bertanda “{stated}”, seharusnya “{tag}”", stated=stated, tag=record.tag)
        )
    columns, start = {}, len(record.tag)
    for field in record.fields:
        if field.write is not Write.BLANK:
            cells = pc.cast(pc.binary_slice(lines, start, start + field.width), pa.string())
            columns[field.name] = pc.ascii_rtrim(cells, " ")
        start += field.width
    return pa.table(columns)


def _cells(table: pa.Table) -> dict[str, str]:
    return {name: str(cells[0]) for name, cells in table.to_pydict().items()}
