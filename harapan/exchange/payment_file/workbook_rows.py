"""The rows of a printed list as sheet XML, made column by column in Arrow: cell by cell takes most of a list's time.

XlsxWriter makes the book, its styles, and one row without contents; these rows take over that one's styles. What they
contain is fitted already (`orders`): one line of printable signs, numbers in digits.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

SHEET = "xl/worksheets/sheet1.xml"
LEVEL = 4  # of compression: a list is printed once, and is small beside what it costs to press it further
_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))
_LIKE_AN_ESCAPE = r"_x([0-9A-Fa-f]{4})_"  # what a workbook would read as one sign


@dataclass(frozen=True, slots=True)
class Details:
    """Columns of texts, with how many stand above the first; `numbers` says which are written as numbers."""

    columns: Sequence[pa.Array]
    above: int
    numbers: Sequence[bool]

    def rows(self, opening: str, styles: Sequence[str]) -> bytes:
        """All rows. `opening`: what a row's tag says behind its number; `styles`: of each column."""
        count = len(self.columns[0])
        nth = pc.cast(pa.array(range(self.above + 1, self.above + count + 1), pa.int64()), pa.string())
        cells = [
            self._cells(column, xl_col_to_name(place), nth, style, number=number)
            for place, (column, style, number) in enumerate(zip(self.columns, styles, self.numbers, strict=True))
        ]
        lines = pc.binary_join_element_wise('<row r="', nth, f'"{opening}>', *cells, "</row>", "")
        whole = pa.ListArray.from_arrays(pa.array([0, count], pa.int32()), lines)
        return bytes(pc.binary_join(whole, "")[0].as_buffer())

    @staticmethod
    def _cells(column: pa.Array, name: str, nth: pa.Array, style: str, *, number: bool) -> pa.Array:
        opened = pc.binary_join_element_wise(f'<c r="{name}', nth, f'" s="{style}"', "")
        if number:
            return pc.binary_join_element_wise(opened, "><v>", column, "</v></c>", "")
        filled = pc.not_equal(column, "")
        if not pc.any(filled).as_py():
            return pc.binary_join_element_wise(opened, "/>", "")
        for sign, written in _ESCAPES:
            column = pc.replace_substring(column, sign, written)
        column = pc.replace_substring_regex(column, _LIKE_AN_ESCAPE, r"_x005F_x\1_")
        texts = pc.binary_join_element_wise(opened, ' t="inlineStr"><is><t>', column, "</t></is></c>", "")
        return pc.if_else(filled, texts, pc.binary_join_element_wise(opened, "/>", ""))


def filled(book: BytesIO, into: BinaryIO, details: Sequence[Details]) -> None:
    """The book with the rows of `details` in place of its one row without contents, which stands where they begin."""
    with ZipFile(book) as source, ZipFile(into, "w", ZIP_DEFLATED, compresslevel=LEVEL) as target:
        for entry in source.infolist():
            contents = source.read(entry)
            target.writestr(entry, _with_rows(contents, details) if entry.filename == SHEET else contents)


def _with_rows(sheet: bytes, details: Sequence[Details]) -> bytes:
    pattern = rb'<row r="%d"([^>]*)>(.*?)</row>' % (details[0].above + 1)
    sample = re.search(pattern, sheet)
    if sample is None:
        raise ValueError("the book has no row to take the styles from")
    opening = sample[1].decode()
    styles = [style.decode() for style in re.findall(rb' s="(\d+)"', sample[2])]
    rows = b"".join(each.rows(opening, styles) for each in details)
    return sheet[: sample.start()] + rows + sheet[sample.end() :]
