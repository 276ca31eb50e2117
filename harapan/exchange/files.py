"""Files as they come: csv of any make, xlsx, xls, xlsb and ods, read into a grid of text without losing a digit.

Spreadsheets keep numbers as floats. fastexcel, asked for text, writes whole floats out in full ("6305026602731932"),
so up to 2^53 nothing is lost here; `Grid.numeric` tells which columns were numbers, for what lies above.
"""

from __future__ import annotations

import csv
import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

import fastexcel

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.archive import refuse_oversized

BYTES_MAX = 200 * 2**20
SNIFF_ROWS = 40
_DELIMITERS = (",", ";", "\t", "|")
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEP = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n", re.IGNORECASE)

# RuntimeError: a damaged archive claims versions, methods and passwords it does not have; ValueError, OSError and the
# others: places in the file that are before its beginning or beyond its end
_BROKEN = (
    fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, KeyError, OSError,
    struct.error,
)  # fmt: skip

csv.field_size_limit(2**20)


@dataclass(frozen=True)
class Dialect:
    """How a csv came, so that refused rows go back the same way."""

    delimiter: str = ","
    announced: bool = False  # a first line sep=;


@dataclass(frozen=True)
class Grid:
    """One sheet as text, by column. Blank cells are "". `lines[i]` is the line or row number a person sees."""

    file: str
    sheet: str  # "" for csv
    columns: list[list[str]]
    lines: list[int]
    dialect: Dialect | None = None  # None for spreadsheets
    _reader: Any = field(default=None, repr=False)

    @property
    def height(self) -> int:
        return len(self.lines)

    def row(self, index: int) -> list[str]:
        return [column[index] for column in self.columns]

    @property
    def place(self) -> str:
        """The file as a sentence names it."""
        if not self.sheet:
            return Phrase("Berkas “{name}”", name=self.file)
        return Phrase("Berkas “{name}” lembar “{sheet}”", name=self.file, sheet=self.sheet)

    def numeric(self, column: int, *, below: int) -> bool:
        """Whether a spreadsheet holds all of a column below row index `below` as numbers, so digits may have changed.

        Reads the sheet anew: ask only where something is suspicious. A column of numbers and texts counts as text.
        """
        if self._reader is None:
            return False
        guessed = self._reader.load_sheet(self.sheet, header_row=below, schema_sample_rows=None, use_columns=[column])
        kinds = {info.index: info.dtype for info in guessed.available_columns()}
        return kinds.get(column) in ("float", "int")


def read_grids(source: Path | bytes, *, name: str = "") -> list[Grid]:
    """Every sheet of a file that holds anything; one for csv. `name` is what messages call the file.

    Raises `Unreadable` for a broken, empty, locked, oversized or foreign file.
    """
    if isinstance(source, Path):
        name = name or source.name
        if not source.is_file():
            raise Unreadable("Berkas “{name}” tidak ditemukan; periksa nama dan foldernya.", name=name)
        raw = source.read_bytes() if source.stat().st_size <= BYTES_MAX else b"\0" * (BYTES_MAX + 1)
    else:
        raw = source
    name = name or "berkas"
    if len(raw) > BYTES_MAX:
        raise Unreadable(
            "Berkas “{name}” lebih besar dari {bytes_max} MB; pecah menjadi beberapa berkas.",
            name=name,
            bytes_max=BYTES_MAX // 2**20,
        )
    if not raw.strip():
        raise Unreadable("Berkas “{name}” kosong; unduh kembali dari sumbernya.", name=name)
    grids = _spreadsheet(raw, name) if raw.startswith((_ZIP, _OLE)) else [_text(raw, name)]
    grids = [grid for grid in grids if grid.height]
    if not grids:
        raise Unreadable("Berkas “{name}” tidak berisi satu baris pun; unduh kembali dari sumbernya.", name=name)
    return grids


def _spreadsheet(raw: bytes, name: str) -> list[Grid]:
    try:
        if raw.startswith(_ZIP):
            refuse_oversized(raw, name=name)
        reader = fastexcel.read_excel(raw)
        return [_worksheet(reader, sheet, name) for sheet in reader.sheet_names]
    except _BROKEN as error:
        locked = "password" in str(error).lower() or b"E\0n\0c\0r\0y\0p\0t\0e\0d" in raw
        reason = (
            Phrase("terkunci dengan kata sandi; buka kuncinya di Excel")
            if locked
            else Phrase("rusak atau bukan buku kerja Excel")
        )
        raise Unreadable(
            "Berkas “{name}” {reason}; simpan ulang sebagai .xlsx atau .csv, atau unduh kembali dari sumbernya.",
            name=name,
            reason=reason,
        ) from error


def _worksheet(reader: Any, sheet: str, name: str) -> Grid:
    # skip_rows=0: else blank rows on top are dropped and every row number is wrong
    table = reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_arrow()
    columns = [["" if cell is None else cell for cell in column.to_pylist()] for column in table.columns]
    filled = _filled_height(columns)
    columns = [column[:filled] for column in columns]
    return Grid(name, sheet, columns, list(range(1, filled + 1)), None, reader)


def _filled_height(columns: list[list[str]]) -> int:
    """The rows up to the last that holds anything."""
    height = len(columns[0]) if columns else 0
    while height and not any(column[height - 1].strip() for column in columns):
        height -= 1
    return height


def _text(raw: bytes, name: str) -> Grid:
    if raw.startswith(_PDF) or (b"\0" in raw[:4096] and not raw.startswith(_UTF16)):
        raise Unreadable("Berkas “{name}” bukan tabel; kirim sebagai .xlsx atau .csv.", name=name)
    text = _decoded(raw)
    if re.match(r"\s*(<!doctype html|<html|<table|<\?xml|<div)", text, re.IGNORECASE):
        raise Unreadable(
            "Berkas “{name}” sebenarnya halaman web; buka di Excel lalu simpan ulang sebagai .xlsx.", name=name
        )
    announced = _SEP.match(text)
    if announced:
        text = text[announced.end() :]
    delimiter = announced[1] if announced else _delimiter(text)
    lines, rows = _rows(text, delimiter, name, first=2 if announced else 1)
    columns = [list(column) for column in zip_longest(*rows, fillvalue="")]
    return Grid(name, "", columns, lines, Dialect(delimiter, bool(announced)))


def _rows(text: str, delimiter: str, name: str, *, first: int) -> tuple[list[int], list[list[str]]]:
    """Rows that hold anything, with the line each begins on (a quoted cell may run over several lines)."""
    lines, rows, before = [], [], 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                lines.append(first + before)
                rows.append(row)
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(
            "Berkas “{name}” baris {first}: tanda kutip atau pemisah kolomnya rusak; simpan ulang sebagai .xlsx.",
            name=name,
            first=first + before,
        ) from error
    return lines, rows


def _decoded(raw: bytes) -> str:
    if raw.startswith(_UTF16):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")  # what Excel writes as "CSV" on Indonesian Windows


def _delimiter(text: str) -> str:
    """The mark that cuts the first rows into most cells."""
    sample = io.StringIO("".join(islice(io.StringIO(text, newline=""), SNIFF_ROWS)), newline="")
    return max(_DELIMITERS, key=partial(_cells, sample.getvalue()))


def _cells(sample: str, delimiter: str) -> int:
    try:
        return sum(len(row) - 1 for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    except csv.Error:
        return 0
