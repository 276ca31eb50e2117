"""The education form (facts 2.2): one school and quarter a file, twenty-five columns, month blocks side by side.

A pupil's month holds alpa, izin, sakit, jml (days present) and % (jml of the effective days). Five blank cells are a
month nobody filled in: all None, and no complaint.

`Sheet.head` is a `Head`. Fields of a row: number, pengurus_nik, pengurus, nik, nisn, name, school_kind, grade, then for
n = 1..3 absent_n (alpa), excused_n (izin), sick_n, present_n, percent_n (hundredths of a percent); note, facilitator.
`marks` gives them one month a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.cells import Kind
from harapan.exchange.files import Grid, read_grids
from harapan.exchange.layout import HEADER_ROWS_MAX, Layout, MissingColumns, header_key
from harapan.exchange.sheet import Column, Problem, Sheet
from harapan.exchange.verification_school.head import BLOCK_ROWS, Head, read_head
from harapan.exchange.writing import write_csv, write_xlsx

PERCENT_APART_MAX = 100  # hundredths: schools round or cut to whole percents; one day of a month is more than this


def _percent(cell: str) -> int | None:
    """Hundredths of a percent from "95.45%", "95,45", "95"; blank is None."""
    bare = cell.strip().rstrip("%").strip().replace(",", ".")
    if bare in ("", "-"):
        return None
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", bare):
        raise Unreadable("Persentase “{cell}” tidak dapat dibaca; tulis seperti 95,45%.", cell=cell.strip())
    return round(float(bare) * 100)


PERCENT = Kind(_percent, pa.int32(), show=lambda value: f"{value // 100}.{value % 100:02d}%")
BLOCK = (
    ("absent", "ALPA", ("alpha", "a")),
    ("excused", "IZIN", ("ijin", "i")),
    ("sick", "SAKIT", ("s",)),
    ("present", "JML", ("jumlah", "hadir", "jml hadir")),
    ("percent", "%", ("persen", "prosentase", "persentase")),
)
PUPIL = (
    Column("number", "NO", cells.TEXT, ("no urut", "nomor")),
    Column("pengurus_nik", "NIK PENGURUS", cells.NIK, lenient=True),
    Column("pengurus", "NAMA PENGURUS", cells.TEXT),
    Column("nik", "NIK SISWA", cells.NIK, ("nik anak",), required=True),
    Column("nisn", "NISN", cells.NISN, lenient=True),
    Column("name", "NAMA SISWA", cells.TEXT, ("nama anak",), required=True, filled=True),
    Column("school_kind", "BENTUK PENDIDIKAN", cells.TEXT, ("bentuk",)),
    Column("grade", "TINGKAT PENDIDIKAN", cells.TEXT, ("tingkat", "kelas")),
)
TAIL = (
    Column("note", "KET", cells.TEXT, ("keterangan",)),
    Column("facilitator", "NAMA PENDAMPING", cells.TEXT, ("pendamping",)),
)


def _contradictions(sheet: Sheet) -> Iterator[Problem]:
    """Days that cannot be refuse the row; a percentage or a gap that only does not fit is a warning."""
    head: Head = sheet.head
    refused = {problem.line for problem in sheet.problems if problem.fatal}  # told already which cell cannot be
    for place, (month, days) in enumerate(zip(head.month_names, head.effective_days, strict=True), start=1):
        names = [f"{field}_{place}" for field, _, _ in BLOCK]
        for row, (absent, excused, sick, present, percent) in enumerate(
            zip(*(sheet[name] for name in names), strict=True)
        ):
            away = (absent or 0) + (excused or 0) + (sick or 0)
            if (absent, excused, sick, present) == (None,) * 4 and not percent:  # 0% comes of a formula over blanks
                continue
            if not days:
                what = Phrase("Hari efektif {month} belum diisi di kepala formulir; isi dahulu.", month=month)
                yield sheet.problem(row, names[3], what, fatal=True)
            elif present is None and away <= days:
                if sheet.lines[row] in refused:
                    continue
                yield sheet.problem(
                    row,
                    names[3],
                    Phrase("Jumlah hadir {month} kosong padahal bulan ini diisi.", month=month),
                    fatal=True,
                )
            elif (present or 0) + away > days:
                reason = Phrase(
                    "{month}: hadir {present} dan tidak hadir {away}, lebih dari {days} hari efektif.",
                    month=month,
                    present=present or 0,
                    away=away,
                    days=days,
                )
                yield sheet.problem(row, names[3], reason, fatal=True)
            else:
                yield from _doubts(sheet, row, names, month, (days, present, away, percent))


def _doubts(
    sheet: Sheet, row: int, names: list[str], month: str, counts: tuple[int, int, int, int | None]
) -> Iterator[Problem]:
    days, present, away, percent = counts
    if present + away < days:
        reason = Phrase(
            "{month}: {days} hari tidak hadir tanpa keterangan alpa, izin, atau sakit.",
            month=month,
            days=days - present - away,
        )
        yield sheet.problem(row, names[3], reason, fatal=False)
    if percent is not None and days:
        true = round(present * 10_000 / days)
        # a spreadsheet may hold 95,45% as 0.9545
        if min(abs(percent - true), abs(percent * 100 - true)) > PERCENT_APART_MAX:
            written, right = (PERCENT.show(value).replace(".", ",") for value in (percent, true))
            reason = Phrase(
                "{month}: tertulis {written}, padahal {present} dari {days} hari {right}. Jumlah hadir yang dipakai.",
                month=month,
                written=written,
                present=present,
                days=days,
                right=right,
            )
            yield sheet.problem(row, names[4], reason, fatal=False)


LAYOUT = Layout(
    name="verification-school",
    title=Phrase("Verifikasi komitmen pendidikan"),
    about=Phrase("Formulir verifikasi pendidikan dari e-PKH, satu berkas tiap sekolah dan triwulan."),
    columns=(
        *PUPIL,
        *(
            Column(
                f"{field}_{place}", title, PERCENT if field == "percent" else cells.COUNT, lenient=field == "percent"
            )
            for place in (1, 2, 3)
            for field, title, _ in BLOCK
        ),
        *TAIL,
    ),
    # a pupil without NIK and NISN is still known by name in the family of the pengurus
    any_of=(("nik", "nisn", "pengurus_nik"),),
    check=_contradictions,
)


class Mark(NamedTuple):
    """What the form says of one pupil and month. Days are None where nothing was filled in."""

    line: int
    nik: str | None
    nisn: str | None
    name: str
    month: str  # "2025-04"
    effective_days: int
    present: int | None
    absent: int | None
    excused: int | None
    sick: int | None


def parse(source: Path | bytes, *, name: str = "", sheet: str = "") -> Sheet:
    """The form's rows. Raises `Unreadable` when the file is broken or its head does not tell quarter and days."""
    grids = read_grids(source, name=name)
    forms = [(grid, titles) for grid in grids if (titles := _titles_row(grid)) is not None]
    forms = [form for form in forms if form[0].sheet == sheet] or forms
    if len(forms) > 1:
        raise Unreadable(
            "Berkas “{file}” memuat {count} formulir; simpan tiap lembar sebagai berkas sendiri.",
            file=grids[0].file,
            count=len(forms),
        )
    if not forms:
        raise MissingColumns(
            Phrase(
                "{place} tidak memuat kolom NIK SISWA dan NAMA SISWA, yang diperlukan untuk “{title}”; pilih "
                "jenis daftar yang sesuai.",
                place=grids[0].place,
                title=LAYOUT.title,
            )
        )
    grid, titles = forms[0]
    head, starts = read_head(grid, titles)
    block_row, blocks = _block_places(grid, titles, starts)
    return LAYOUT.parse_grid(grid, block_row, LAYOUT.places(grid, titles) | blocks, titles=titles, head=head)


def _titles_row(grid: Grid) -> int | None:
    wanted = {column.name for column in PUPIL if column.required}
    rows = range(min(HEADER_ROWS_MAX, grid.height))
    return next((row for row in rows if wanted <= set(LAYOUT.places(grid, row))), None)


def _block_places(grid: Grid, titles: int, starts: tuple[int, int, int]) -> tuple[int, dict[str, int]]:
    """The row of ALPA, IZIN, SAKIT, JML, % and where each of them stands for each month."""
    for row in range(titles, min(titles + BLOCK_ROWS, grid.height)):
        keys = ["%" if cell.strip() == "%" else header_key(cell) for cell in grid.row(row)]
        places: dict[str, int] = {}
        for month, start in enumerate(starts, start=1):
            for field, title, aliases in BLOCK:
                spellings = {"%" if title == "%" else header_key(title), *map(header_key, aliases)}
                found = [
                    place for place in range(start, min(start + len(BLOCK), len(keys))) if keys[place] in spellings
                ]
                places |= {f"{field}_{month}": place for place in found[:1]}
        if len(places) == 3 * len(BLOCK):
            return row, places
    raise MissingColumns(
        Phrase(
            "{place}: kolom ALPA, IZIN, SAKIT, JML, dan % tidak lengkap untuk ketiga bulan; unduh kembali formulirnya.",
            place=grid.place,
        )
    )


def marks(sheet: Sheet, *, refused: bool = False) -> Iterator[Mark]:
    """One mark per pupil and month, in the order of the form."""
    head: Head = sheet.head
    for row in sheet.rows(refused=refused):
        for place, (month, days) in enumerate(zip(head.months, head.effective_days, strict=True), start=1):
            counts = (row[f"{field}_{place}"] for field in ("present", "absent", "excused", "sick"))
            yield Mark(row["line"], row["nik"], row["nisn"], row["name"], month, days, *counts)


def render(head: Head, rows: Iterable[Mapping[str, Any]], *, form: str = "csv") -> bytes:
    """The form as the centre writes it; `percent_n` is worked out from `present_n`."""
    above = _head_rows(head)
    body = (_row(head, row) for row in rows)
    return write_csv(above, body) if form == "csv" else write_xlsx(above, body, sheet=head.npsn)


def _head_rows(head: Head) -> list[list[str]]:
    blank = [""] * len(PUPIL)
    names = [cell for month in head.month_names for cell in (month.upper(), "", "", "", "")]
    days = [cell for count in head.effective_days for cell in ("HARI EFEKTIF", str(count or ""), "", "", "")]
    tail = [column.title for column in TAIL]
    return [
        [f"FORM VERIFIKASI KOMITMEN PENDIDIKAN PKH PERIODE : TRIWULAN {head.quarter} TAHUN {head.year}"],
        [f"NPSN : {head.npsn}"],
        [f"Nama Sekolah : {head.school}"],
        [*(column.title for column in PUPIL), *names, *tail],
        [*blank, *days, "", ""],
        [*blank, *(title for _, title, _ in BLOCK * 3), "", ""],
    ]


def _row(head: Head, row: Mapping[str, Any]) -> list[Any]:
    shown = dict(row)
    for place, days in enumerate(head.effective_days, start=1):
        present = row.get(f"present_{place}")
        shown[f"percent_{place}"] = None if present is None or not days else round(present * 10_000 / days)
    return [LAYOUT.shown(column, shown.get(column.name)) for column in LAYOUT.columns]
