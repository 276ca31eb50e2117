"""Tables written as xlsx or csv. Texts stay texts: no number loses a digit, no cell is run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import xlsxwriter

from harapan.exchange.cells import guarded
from harapan.exchange.files import Dialect
from harapan.exchange.sheet import Sheet, by_line

REASON_TITLE = "alasan penolakan"
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
COLUMN_WIDTH = 18
CELL_MAX = 32_767  # Excel's limit for one cell


def write_csv(head: Iterable[Sequence[str]], rows: Iterable[Sequence[Any]], *, dialect: Dialect | None = None) -> bytes:
    """UTF-8 with a byte order mark, so that Excel shows every letter right."""
    dialect = dialect or Dialect()
    out = io.StringIO(newline="")
    if dialect.announced:
        out.write(f"sep={dialect.delimiter}\r\n")
    writer = csv.writer(out, delimiter=dialect.delimiter, lineterminator="\r\n")
    writer.writerows([guarded(title) for title in titles] for titles in head)
    writer.writerows([guarded(cell) if type(cell) is str else cell for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


class Page(NamedTuple):
    """One sheet of a workbook: its name, the rows of titles, and the rows below."""

    name: str
    head: Iterable[Sequence[str]]
    rows: Iterable[Sequence[Any]]


def write_xlsx(head: Iterable[Sequence[str]], rows: Iterable[Sequence[Any]], *, sheet: str) -> bytes:
    """A workbook of one sheet."""
    return write_book([Page(sheet, head, rows)])


def write_book(pages: Iterable[Page]) -> bytes:
    """Whole numbers given as int are number cells, everything else is text. Rows are streamed to disk while written."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True})
    for name, head, rows in pages:
        _write_page(book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", name)[:31].strip() or "Data"), head, rows, bold)
    book.close()
    return out.getvalue()


def _write_page(page: Any, head: Iterable[Sequence[str]], rows: Iterable[Sequence[Any]], bold: Any) -> None:
    page.set_column(0, 40, COLUMN_WIDTH)
    titles_above = list(head)
    for at, titles in enumerate(titles_above):
        for column, title in enumerate(titles):
            if title:
                page.write_string(at, column, _text(title), bold)
    page.freeze_panes(len(titles_above), 0)
    for at, row in enumerate(rows, start=len(titles_above)):
        for column, cell in enumerate(row):
            if type(cell) is int:
                page.write_number(at, column, cell)
            elif cell != "":
                page.write_string(at, column, _text(cell))


def render_refused(sheet: Sheet, *, extra: dict[int, str] | None = None, form: str = "") -> bytes:
    """The refused rows as they came, in the layout they came in, with a last column that says why.

    `extra` adds reasons found later (line -> sentence), as by the import itself. `form` is "csv" or "xlsx"; without it
    the answer has the form of the question. Mended and sent in again, the file is read like the first.
    """
    reasons = _reasons(sheet, extra or {})
    kept, head = _head(sheet)
    rows = (
        [*(sheet.grid.columns[place][index] for place in kept), reasons[line]]
        for index, line in zip(sheet.indexes, sheet.lines, strict=True)
        if line in reasons
    )
    if (form or sheet.form) == "csv":
        return write_csv(head, rows, dialect=sheet.grid.dialect)
    return write_xlsx(head, rows, sheet=sheet.grid.sheet or "Ditolak")


def _reasons(sheet: Sheet, extra: dict[int, str]) -> dict[int, str]:
    fatal = by_line([problem for problem in sheet.problems if problem.fatal])
    said = {line: [f"{problem.column}: {problem.reason}" for problem in problems] for line, problems in fatal.items()}
    for line, reason in extra.items():
        said.setdefault(line, []).append(reason)
    return {line: " | ".join(words) for line, words in said.items()}


def _head(sheet: Sheet) -> tuple[list[int], list[list[str]]]:
    """The columns to give back, and title and header rows with the new column. Reasons of an earlier round go."""
    rows = [sheet.grid.row(index) for index in range(sheet.first)]
    kept = [place for place, title in enumerate(rows[-1]) if title != REASON_TITLE]
    titles = [[*(row[place] for place in kept), ""] for row in rows]
    titles[-1][-1] = REASON_TITLE
    return kept, titles


def _text(text: str) -> str:
    """A text cell is never run, so it needs no guard; but one that begins like a guarded text keeps its mark."""
    return _NOT_IN_XML.sub("", guarded(text) if text.startswith("'") else text)[:CELL_MAX]
