"""A list as a file: exactly the rows on the screen, xlsx or csv, written row by row with flat memory.

Identity numbers are text in xlsx (a spreadsheet number keeps 15 digits of 16). Text that a spreadsheet would run as a
formula is disarmed. A file is whole or refused, never cut: `batches` reads a list to its end, some rows at a time, and
refuses in words one that is longer than a page can wait for. Larger exports belong in a job: call `write` there.
"""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO, Any, Literal

import xlsxwriter
from django.db.models import QuerySet
from django.http import FileResponse, Http404
from django.utils import timezone

from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.ui import words

Kind = Literal["text", "number", "rupiah", "date", "moment"]
Form = Literal["xlsx", "csv"]

CONTENT_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
SHEET_ROWS_MAX = 1_048_575  # below the titles of a sheet; Excel has no more
_NUMBER_FORMATS = {"number": "#,##0", "rupiah": "#,##0", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm"}
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_SPOOL_BYTES = 4 * 1024 * 1024
ROWS_MAX = 200_000  # of one file: what a page can wait for
BATCH_ROWS = 1_000


@dataclass(frozen=True)
class Column:
    """One column of a file: its title and what its values are. Identity, account and phone numbers are `text`."""

    title: str
    kind: Kind = "text"
    width: int = 18

    @property
    def head(self) -> str:
        """The title as it stands in the file: over hours it names their zone."""
        return f"{self.title} ({words.zone()})" if self.kind == "moment" else self.title


def too_long(most: int) -> Refused:
    """The refusal of a list with more than `most` rows: a file is never cut."""
    return Refused(
        "Daftar ini lebih dari {most} baris, terlalu panjang untuk satu berkas. Saring dahulu, misalnya menurut "
        "kabupaten atau kecamatan, lalu unduh tiap bagiannya.",
        most=thousands(most),
    )


def batches(rows: QuerySet[Any], *, size: int = BATCH_ROWS) -> Iterator[list[Any]]:
    """All of `rows` in their order, `size` at a time with flat memory. Raises Refused for more than one file holds."""
    if rows.order_by()[ROWS_MAX : ROWS_MAX + 1].exists():
        raise too_long(ROWS_MAX)
    read = rows.iterator(chunk_size=size)
    while some := list(islice(read, size)):
        yield some


def answer(name: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, form: Form = "xlsx") -> FileResponse:
    """`rows` as a download named `NAME.xlsx` or `.csv`. The file never lies on disk under a name.

    Raises Http404 for another form: it stands in the address.
    """
    if form not in CONTENT_TYPES:
        raise Http404
    file = tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES)
    write(file, columns, rows, form=form)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=CONTENT_TYPES[form])


def write(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, form: Form = "xlsx") -> int:
    """Write `rows` (values in the order of `columns`) to an open binary file; returns how many."""
    return _write_xlsx(file, columns, rows) if form == "xlsx" else _write_csv(file, columns, rows)


def _write_xlsx(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Daftar")
    head = book.add_format({"bold": True, "bottom": 1})
    formats = [book.add_format({"num_format": _NUMBER_FORMATS.get(column.kind, "@")}) for column in columns]
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width, formats[place])
    sheet.freeze_panes(1, 1)
    for place, column in enumerate(columns):
        sheet.write_string(0, place, column.head, head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for place, (value, column) in enumerate(zip(row, columns, strict=True)):
            _put(sheet, count, place, value, column, formats[place])
    if count:
        sheet.autofilter(0, 0, count, len(columns) - 1)
    book.close()
    return count


def _put(sheet: Any, line: int, place: int, value: Any, column: Column, style: Any) -> None:
    if value is None or value == "":
        return
    if column.kind in ("number", "rupiah"):
        sheet.write_number(line, place, value, style)
    elif column.kind in ("date", "moment"):
        sheet.write_datetime(line, place, _naive(value), style)
    else:
        sheet.write_string(line, place, str(value), style)


def _write_csv(file: IO[bytes], columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> int:
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    lines = csv.writer(text, delimiter=";")  # what a spreadsheet set to Indonesian opens as columns
    lines.writerow([column.head for column in columns])
    count = 0
    for row in rows:
        lines.writerow([_plain(value, column) for value, column in zip(row, columns, strict=True)])
        count += 1
    text.detach()  # else closing the wrapper would close the caller's file
    return count


def _plain(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return _naive(value).isoformat(*([" ", "minutes"] if isinstance(value, datetime) else []))
    shown = str(value)
    return f"'{shown}" if column.kind == "text" and shown.startswith(_FORMULA_STARTS) else shown


def _naive(value: date) -> date:
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    return value
