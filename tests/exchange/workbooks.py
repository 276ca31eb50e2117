"""Spreadsheets as other programs make them, for tests of the reader."""

import io
from datetime import date

import xlsxwriter


def workbook(
    *sheets: list[list[object]], names: tuple[str, ...] = (), at: dict[tuple[int, int], str] | None = None
) -> bytes:
    """An xlsx with these sheets of rows; int and float become number cells, dates date cells, None stays empty.

    `at` puts texts into single cells (row, column) of the last sheet.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for place, rows in enumerate(sheets):
        page = book.add_worksheet(names[place] if names else None)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, int | float):
                    page.write_number(row, column, cell)
                elif cell is not None:
                    page.write_string(row, column, str(cell))
    for (row, column), cell in (at or {}).items():
        page.write_string(row, column, cell)
    book.close()
    return out.getvalue()


def text(*rows: str, encoding: str = "utf-8") -> bytes:
    return ("\r\n".join(rows) + "\r\n").encode(encoding)
