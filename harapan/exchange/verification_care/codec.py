"""The health and the social form: one facility and quarter a file, a row for each member and obligation.

The official forms share the quarterly layout of the education form (facts 2.2); a row for each obligation instead of a
column for each lets policy change them. `Sheet.head` is a `CareHead`. Fields: number, pengurus_nik, pengurus, nik,
name, kind, item, label, mark_1 to mark_3 (`marks.said` reads them), note, facilitator.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harapan.core.errors import Unreadable
from harapan.core.periods import MONTH_NAMES, month_days, month_number, quarter_months, split_month
from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.files import Grid, read_grids
from harapan.exchange.layout import HEADER_ROWS_MAX, Layout, MissingColumns
from harapan.exchange.sheet import Column, Problem, Sheet
from harapan.exchange.verification_care.marks import MARK, said
from harapan.exchange.verification_school.head import PERIOD, QUARTERS
from harapan.exchange.writing import write_csv, write_xlsx

_LINES = {
    "code": re.compile(r"KODE\s+FASILITAS[ \t:=]*(?P<it>[A-Z0-9.-]{0,20})", re.IGNORECASE),
    "facility": re.compile(r"NAMA\s+FASILITAS[ \t:=]+(?P<it>.+)", re.IGNORECASE),
    "village_code": re.compile(r"KODE\s+WILAYAH[ \t:=]*(?P<it>\d{0,10})", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class CareHead:
    """One facility and quarter. A posyandu without a code is known by its name and village (Kemendagri, ten digits)."""

    year: int
    quarter: int
    facility: str
    code: str = ""
    village_code: str = ""

    @property
    def months(self) -> tuple[str, str, str]:
        return quarter_months(self.year, self.quarter)


COLUMNS = (
    Column("number", "NO", cells.TEXT, ("no urut",)),
    Column("pengurus_nik", "NIK PENGURUS", cells.NIK, lenient=True),
    Column("pengurus", "NAMA PENGURUS", cells.TEXT),
    Column("nik", "NIK ANGGOTA", cells.NIK, required=True, lenient=True),
    Column("name", "NAMA ANGGOTA", cells.TEXT, required=True, filled=True),
    Column("kind", "JENIS", cells.TEXT),
    Column("item", "KODE KEWAJIBAN", cells.TEXT, required=True, filled=True),
    Column("label", "KEWAJIBAN", cells.TEXT),
    *(Column(f"mark_{place}", f"BULAN {place}", MARK) for place in (1, 2, 3)),
    Column("note", "KET", cells.TEXT, ("keterangan",)),
    Column("facilitator", "NAMA PENDAMPING", cells.TEXT, ("pendamping",)),
)


def _out_of_month(sheet: Sheet) -> Iterator[Problem]:
    """A day that is not of its month refuses the row."""
    for place, month in enumerate(sheet.head.months, start=1):
        first, after = month_days(month)
        for row, text in enumerate(sheet[f"mark_{place}"]):
            told = said(text or "")
            if told and told.done_on and not first <= told.done_on < after:
                reason = Phrase(
                    "Tanggal {day} tidak di dalam {month}.",
                    day=f"{told.done_on:%d/%m/%Y}",
                    month=MONTH_NAMES[split_month(month)[1] - 1],
                )
                yield sheet.problem(row, f"mark_{place}", reason, fatal=True)


@dataclass(frozen=True, slots=True)
class CareForm:
    """One of the two forms: its layout, parse and render."""

    LAYOUT: Layout
    title: str  # KESEHATAN or KESEJAHTERAAN SOSIAL

    def parse(self, source: Path | bytes, *, name: str = "", sheet: str = "") -> Sheet:
        """The form's rows. Raises `Unreadable` when the file is broken or its head does not tell quarter and place."""
        grids = read_grids(source, name=name)
        grids = [grid for grid in grids if grid.sheet == sheet] or grids
        found = [(grid, titles) for grid in grids if (titles := self._titles_row(grid)) is not None]
        if not found:
            raise MissingColumns(
                Phrase(
                    "{place} bukan “{title}”; pilih jenis daftar yang sesuai.",
                    place=grids[0].place,
                    title=self.LAYOUT.title,
                )
            )
        grid, titles = found[0]
        head = self._head(grid, titles)
        places = self.LAYOUT.places(grid, titles) | _month_places(grid, titles, head)
        return self.LAYOUT.parse_grid(grid, titles, places, head=head)

    def _titles_row(self, grid: Grid) -> int | None:
        wanted = {column.name for column in COLUMNS if column.required}
        rows = range(min(HEADER_ROWS_MAX, grid.height))
        row = next((row for row in rows if wanted <= set(self.LAYOUT.places(grid, row))), None)
        return row if row is not None and f"KOMITMEN {self.title}" in _above(grid, row).upper() else None

    def _head(self, grid: Grid, titles: int) -> CareHead:
        above = _above(grid, titles)
        period = PERIOD.search(above)
        lines = {
            field: (found["it"].strip() if (found := line.search(above)) else "") for field, line in _LINES.items()
        }
        if not period or not lines["facility"] or not (lines["code"] or len(lines["village_code"]) == 10):
            raise Unreadable(
                "{place}: triwulan, nama fasilitas, dan kode fasilitas atau kode wilayahnya (10 angka) harus tertulis "
                "di atas tabel; unduh kembali formulirnya.",
                place=grid.place,
            )
        quarter = QUARTERS.get(period["quarter"].upper()) or int(period["quarter"])
        return CareHead(int(period["year"]), quarter, **{**lines, "code": lines["code"].upper()})

    def render(self, head: CareHead, rows: Iterable[Mapping[str, Any]], *, form: str = "csv") -> bytes:
        """The form as `parse` reads it back."""
        names = [MONTH_NAMES[split_month(month)[1] - 1].upper() for month in head.months]
        titles = [
            names[int(column.name[-1]) - 1] if column.name.startswith("mark_") else column.title for column in COLUMNS
        ]
        above = [
            [f"FORM VERIFIKASI KOMITMEN {self.title} PKH PERIODE : TRIWULAN {head.quarter} TAHUN {head.year}"],
            [f"Kode Fasilitas : {head.code}"],
            [f"Nama Fasilitas : {head.facility}"],
            [f"Kode Wilayah : {head.village_code}"],
            titles,
        ]
        body = ([self.LAYOUT.shown(column, row.get(column.name)) for column in COLUMNS] for row in rows)
        return write_csv(above, body) if form == "csv" else write_xlsx(above, body, sheet=self.title.title()[:31])


def _above(grid: Grid, titles: int) -> str:
    return "\n".join(" ".join(filter(None, map(str.strip, grid.row(row)))) for row in range(titles))


def _month_places(grid: Grid, titles: int, head: CareHead) -> dict[str, int]:
    wanted = [split_month(month)[1] for month in head.months]
    named = {month_number(cell.split()[0]): place for place, cell in enumerate(grid.row(titles)) if cell.strip()}
    places = {f"mark_{at}": named[number] for at, number in enumerate(wanted, start=1) if number in named}
    if len(places) != 3:
        names = ", ".join(MONTH_NAMES[number - 1] for number in wanted)
        raise MissingColumns(
            Phrase(
                "{place}: kolom bulan {names} tidak lengkap; unduh kembali formulirnya.", place=grid.place, names=names
            )
        )
    return places


def _form(name: str, heading: str, title: Phrase, about: Phrase) -> CareForm:
    return CareForm(Layout(name=name, title=title, about=about, columns=COLUMNS, check=_out_of_month), heading)


HEALTH = _form(
    "verification-health",
    "KESEHATAN",
    Phrase("Verifikasi komitmen kesehatan"),
    Phrase("Formulir posyandu atau puskesmas, satu berkas tiap tempat dan triwulan; susunan Harapan sendiri."),
)
WELFARE = _form(
    "verification-welfare",
    "KESEJAHTERAAN SOSIAL",
    Phrase("Verifikasi komitmen kesejahteraan sosial"),
    Phrase(
        "Formulir layanan lanjut usia dan disabilitas, satu berkas tiap tempat dan triwulan; susunan Harapan sendiri."
    ),
)
