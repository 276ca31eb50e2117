"""Files of delimited lines. A cell with a delimiter or a quote stands in quotes; no cell is run by a spreadsheet."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping, Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.payment_file.contents import Contents, body_of, broken, cut_off, one_row
from harapan.exchange.payment_file.fields import NUMBERED, Write
from harapan.exchange.payment_file.layouts import Layout, Record

LINE_END = "\r\n"
_CODES = NUMBERED | {"reference"}  # digits and marks that no cell needs quotes for
_RUN_BY_SPREADSHEETS = r"^'*[=+\-@]."  # the rule of `cells.guarded`, for whole columns
_GUARDED = r"^'+[=+\-@]."


class DelimitedWriter:
    """Head, details and trailer, in this order, each piece written as it comes."""

    def __init__(self, layout: Layout, into: BinaryIO) -> None:
        self._layout, self._into = layout, into

    def head(self, cells: Mapping[str, str]) -> None:
        if self._layout.charset == "utf-8-sig":
            self._into.write(codecs.BOM_UTF8)
        self._line(self._layout.head, cells)
        if self._layout.titles_tag:
            titles = Record(self._layout.titles_tag, self._layout.detail.fields)
            self._lines(titles, [pa.array([field.title]) for field in titles.fields])

    def details(self, columns: Sequence[pa.Array]) -> None:
        self._lines(self._layout.detail, columns)

    def trailer(self, cells: Mapping[str, str]) -> None:
        self._line(self._layout.trailer, cells)

    def close(self) -> None:
        """Nothing is kept back: every line is written."""

    def _line(self, record: Record, cells: Mapping[str, str]) -> None:
        """A head or trailer; one whose cells need neither quotes nor a guard is no work for whole columns."""
        delimiter, texts = self._layout.delimiter, [cells[field.name] for field in record.fields]
        if any('"' in text or delimiter in text or re.match(_RUN_BY_SPREADSHEETS, text) for text in texts):
            self._lines(record, one_row(record, cells))
        else:
            self._into.write((delimiter.join([record.tag, *texts]) + LINE_END).encode())

    def _lines(self, record: Record, columns: Sequence[pa.Array]) -> None:
        delimiter = self._layout.delimiter
        cells = [
            _quoted(column, delimiter) if field.write is Write.TEXT and field.name not in _CODES else column
            for field, column in zip(record.fields, columns, strict=True)
        ]
        self._into.write(joined(pc.binary_join_element_wise(record.tag, *cells, delimiter)))


def joined(lines: pa.Array) -> pa.Buffer:
    """The lines as one piece of text, each with its end."""
    ended = pc.binary_join_element_wise(lines, LINE_END, "")
    whole = pa.ListArray.from_arrays(pa.array([0, len(lines)], pa.int32()), ended)
    return pc.binary_join(whole, "")[0].as_buffer()


def read(raw: bytes, layout: Layout, place: str) -> Contents:
    """The file in texts. Refuses one that is cut off, or whose lines have not the cells they should have."""
    body = body_of(raw.removeprefix(codecs.BOM_UTF8), place)
    top = 2 if layout.titles_tag else 1
    *above, rest = body.split(b"\n", top)
    start = rest.rfind(b"\n", 0, -1) + 1
    middle, last = rest[:start], rest[start:]
    last_line = body.count(b"\n")
    if len(above) < top or not last.startswith(f"{layout.trailer.tag}{layout.delimiter}".encode()):
        raise cut_off(place, last_line)
    if not middle:
        raise Unreadable(
            "{place} tidak memuat satu pesanan pun; minta berkas dikirim ulang.",
            place=place,
        )
    return Contents(
        place,
        _one(above[0] + b"\n", layout, layout.head, place, 1),
        _table(middle, layout, layout.detail, place, top + 1),
        _one(last, layout, layout.trailer, place, last_line),
        top + 1,
    )


def _quoted(column: pa.Array, delimiter: str) -> pa.Array:
    runs = pc.match_substring_regex(column, _RUN_BY_SPREADSHEETS)
    if pc.any(runs).as_py():
        column = pc.if_else(runs, pc.binary_join_element_wise("'", column, ""), column)
    marked = pc.match_substring_regex(column, f'["{re.escape(delimiter)}]')
    if not pc.any(marked).as_py():
        return column
    doubled = pc.binary_join_element_wise('"', pc.replace_substring(column, '"', '""'), '"', "")
    return pc.if_else(marked, doubled, column)


def _one(line: bytes, layout: Layout, record: Record, place: str, number: int) -> dict[str, str]:
    """A head or trailer. What is not plainly as it should be is read, or refused, as any line of the table."""
    if b'"' not in line and line.isascii():
        tag, *cells = line.decode().removesuffix("\n").split(layout.delimiter)
        guarded = any(re.match(_GUARDED, cell) for cell in cells)
        if tag == record.tag and len(cells) == len(record.fields) and not guarded and "\n" not in "".join(cells):
            return {
                field.name: cell
                for field, cell in zip(record.fields, cells, strict=True)
                if field.write is not Write.BLANK
            }
    return {name: str(cells[0]) for name, cells in _table(line, layout, record, place, number).to_pydict().items()}


def _table(lines: bytes, layout: Layout, record: Record, place: str, first_line: int) -> pa.Table:
    names = ["tag", *(field.name for field in record.fields)]
    odd: list[pcsv.InvalidRow] = []

    def keep(row: pcsv.InvalidRow) -> str:
        odd.append(row)
        return "skip"

    try:
        table = pcsv.read_csv(
            pa.BufferReader(lines),
            pcsv.ReadOptions(column_names=names, use_threads=False, block_size=len(lines) + 1),
            pcsv.ParseOptions(delimiter=layout.delimiter, ignore_empty_lines=False, invalid_row_handler=keep),
            pcsv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, UnicodeDecodeError):  # no UTF-8, or a quote that never ends
        table = None
    if table is None or table.num_rows + len(odd) != lines.count(b"\n"):
        raise broken(place, first_line + _odd_quotes(lines), Phrase("tanda kutip atau hurufnya rusak"))
    if odd:
        at = first_line + (odd[0].number or 1) - 1
        found, wanted = odd[0].actual_columns, odd[0].expected_columns
        raise broken(place, at, Phrase("memuat {found} kolom, seharusnya {wanted}", found=found, wanted=wanted))
    table = table.combine_chunks()
    other = pc.index(pc.not_equal(table["tag"], record.tag), True).as_py()
    if other >= 0:
        stated = table["tag"][other].as_py()
        raise broken(
            place, first_line + other, Phrase("bertanda “{stated}”, seharusnya “{tag}”", stated=stated, tag=record.tag)
        )
    written = [field for field in record.fields if field.write is not Write.BLANK]
    return pa.table({f.name: _unguarded(table[f.name]) if f.write is Write.TEXT else table[f.name] for f in written})


def _unguarded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    guarded = pc.match_substring_regex(column, _GUARDED)
    if not pc.any(guarded).as_py():
        return column
    return pc.if_else(guarded, pc.utf8_slice_codeunits(column, 1), column)


def _odd_quotes(lines: bytes) -> int:
    """The place of the first line that is no UTF-8 or whose quotes do not close."""
    for place, line in enumerate(lines.splitlines()):
        if line.count(b'"') % 2 or b"\xef\xbf\xbd" in line.decode(errors="replace").encode():
            return place
    return 0
