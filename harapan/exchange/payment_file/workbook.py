"""A list to print: a workbook with the head above, one row per order with room to sign, and the totals below."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import BinaryIO

import pyarrow as pa
import xlsxwriter

from harapan.core.errors import Unreadable
from harapan.core.numbers import FLOAT_EXACT_MAX
from harapan.exchange.files import Grid, read_grids
from harapan.exchange.payment_file.contents import Contents, cut_off
from harapan.exchange.payment_file.fields import Write
from harapan.exchange.payment_file.layouts import Layout, Record
from harapan.exchange.payment_file.workbook_rows import Details, filled

COLUMN_WIDTH_MAX = 32
SIGNATURE_HEIGHT = 30  # points: room for a name or a thumb
PAPER_A4 = 9
LABELS = 1  # the column of the titles above and below the table; their values stand in the next


class WorkbookWriter:
    """Head, details and trailer, in this order; the rows are kept until it is closed, a few megabytes for a file."""

    def __init__(self, layout: Layout, into: BinaryIO) -> None:
        self._layout, self._row, self._into = layout, 0, into
        self._draft, self._details, self._whole = io.BytesIO(), list[Details](), False
        self._book = xlsxwriter.Workbook(self._draft, {"in_memory": True})
        self._page = self._book.add_worksheet("Daftar bayar")
        self._bold = self._book.add_format({"bold": True})
        boxed = {"border": 1, "valign": "vcenter"}
        self._titles = self._book.add_format({"bold": True, "text_wrap": True, **boxed})
        self._text = self._book.add_format({"text_wrap": True, "num_format": "@", **boxed})
        self._sum = self._book.add_format({"num_format": "#,##0", "align": "left"})
        self._number = self._book.add_format({"num_format": "#,##0", **boxed})

    def head(self, cells: Mapping[str, str]) -> None:
        fields = self._layout.detail.fields
        # else the clock of this machine: the same orders make the same bytes
        self._book.set_properties({"created": datetime.fromisoformat(cells["made_on"]).replace(tzinfo=UTC)})
        for place, field in enumerate(fields):
            self._page.set_column(place, place, min(max(field.width, len(field.title)) + 2, COLUMN_WIDTH_MAX))
        self._page.set_landscape()
        self._page.set_paper(PAPER_A4)
        self._page.fit_to_pages(1, 0)
        self._page.set_footer("&LSusunan daftar buatan Harapan&RHalaman &P dari &N")
        self._labels(self._layout.head, cells)
        self._row += 1
        self._page.repeat_rows(self._row)
        for place, field in enumerate(fields):
            self._page.write_string(self._row, place, field.title, self._titles)
        self._row += 1

    def details(self, columns: Sequence[pa.Array]) -> None:
        numbers = [field.write is Write.WHOLE for field in self._layout.detail.fields]
        if not self._details:  # the row whose styles all others take
            self._page.set_row(self._row, SIGNATURE_HEIGHT)
            for place, number in enumerate(numbers):
                self._page.write_blank(self._row, place, None, self._number if number else self._text)
        self._details.append(Details(columns, self._row, numbers))
        self._row += len(columns[0])

    def trailer(self, cells: Mapping[str, str]) -> None:
        self._row += 1
        self._labels(self._layout.trailer, cells)
        self._whole = True

    def close(self) -> None:
        """Nothing is written before; a list without its trailer is none, and nothing of it is written at all."""
        self._book.close()
        if self._whole:
            filled(self._draft, self._into, self._details)

    def _labels(self, record: Record, cells: Mapping[str, str]) -> None:
        """Beside their titles, in the second and third column, which are wide enough."""
        for field in record.fields:
            cell = cells[field.name]
            self._page.write_string(self._row, LABELS, field.title, self._bold)
            if record is self._layout.trailer and int(cell) <= FLOAT_EXACT_MAX:
                self._page.write_number(self._row, LABELS + 1, int(cell), self._sum)
            else:
                self._page.write_string(self._row, LABELS + 1, cell)
            self._row += 1


def read(raw: bytes, layout: Layout, place: str) -> Contents:
    """The list in texts. What the payer wrote into the blank columns is left alone."""
    (grid, *_) = read_grids(raw, name=place.removeprefix("Berkas ").strip("“”"))
    titles = [field.title for field in layout.detail.fields]
    top = next((at for at in range(grid.height) if grid.row(at)[: len(titles)] == titles), None)
    if top is None:
        raise Unreadable(
            "{place} tidak memuat baris judul kolom daftar {layout}; minta berkas dikirim ulang.",
            place=place,
            layout=layout.name,
        )
    end = next((at for at in range(top + 1, grid.height) if not grid.columns[0][at].strip()), grid.height)
    if end == top + 1:
        raise Unreadable(
            "{place} tidak memuat satu pesanan pun; minta berkas dikirim ulang.",
            place=place,
        )
    below = _labelled(grid, range(end, grid.height), layout.trailer)
    if below is None:
        raise cut_off(place, grid.lines[-1])
    above = _labelled(grid, range(top), layout.head)
    if above is None:
        raise Unreadable(
            "{place} tidak memuat kepala daftar {layout}; minta berkas dikirim ulang.",
            place=place,
            layout=layout.name,
        )
    columns = {
        field.name: pa.array(grid.columns[at][top + 1 : end], pa.string())
        for at, field in enumerate(layout.detail.fields)
        if field.write is not Write.BLANK
    }
    return Contents(place, above, pa.table(columns), below, grid.lines[top + 1])


def _labelled(grid: Grid, rows: range, record: Record) -> dict[str, str] | None:
    """The texts beside the titles; None where one is missing."""
    beside = {grid.columns[LABELS][at]: grid.columns[LABELS + 1][at] for at in rows}
    if any(field.title not in beside for field in record.fields):
        return None
    return {field.name: beside[field.title] for field in record.fields}
