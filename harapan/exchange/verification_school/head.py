"""The head of the education form: what stands above the pupils, and where each month's block begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

from harapan.core.errors import Unreadable
from harapan.core.periods import MONTH_NAMES, month_number, quarter_months, split_month
from harapan.core.phrases import Phrase
from harapan.exchange.files import Grid

BLOCK_ROWS = 5  # month names, effective days and the alpa/izin/sakit titles stand within so many rows
DAYS_MAX = 31
PERIOD = re.compile(r"TRIWULAN\W*(?P<quarter>[1-4]|I{1,3}|IV)\b\W*(?:TAHUN|THN?)?\W*(?P<year>20\d{2})", re.IGNORECASE)
# an NPSN has 8 digits, or a letter and 7 (PKBM); the NSM of a madrasah has 12
_NPSN = re.compile(r"(?:NPSN|NSM)[\s:=]*(?P<npsn>\d{12}|[A-Z]?\d{7,8})\b", re.IGNORECASE)
_SCHOOL = re.compile(r"(?:NAMA\s+)?(?:SEKOLAH|SATUAN PENDIDIKAN)[\s:=]+(?P<school>.+)", re.IGNORECASE)
QUARTERS = {"I": 1, "II": 2, "III": 3, "IV": 4}


@dataclass(frozen=True, slots=True)
class Head:
    """One school and quarter. `effective_days` is 0 for a month whose days nobody has filled in."""

    year: int
    quarter: int
    npsn: str
    school: str
    effective_days: tuple[int, int, int]

    @property
    def months(self) -> tuple[str, str, str]:
        """ "2025-04", "2025-05", "2025-06"."""
        return quarter_months(self.year, self.quarter)

    @property
    def month_names(self) -> tuple[str, ...]:
        return tuple(MONTH_NAMES[split_month(month)[1] - 1] for month in self.months)


def read_head(grid: Grid, titles: int) -> tuple[Head, tuple[int, int, int]]:
    """The head above and in row `titles`, and the columns in which the three month blocks begin.

    Raises `Unreadable` where quarter, NPSN, months or days are missing or contradict each other.
    """
    above = "\n".join(" ".join(filter(None, map(str.strip, grid.row(row)))) for row in range(titles))
    period, npsn, school = PERIOD.search(above), _NPSN.search(above), _SCHOOL.search(above)
    if not period:
        raise _unclear(grid, Phrase("triwulan dan tahun, misalnya “TRIWULAN 2 TAHUN 2025”, tidak ditemukan di judul"))
    if not npsn:
        raise _unclear(grid, Phrase("NPSN sekolah (8 angka) atau NSM (12 angka) tidak ditemukan di atas tabel"))
    quarter = QUARTERS.get(period["quarter"].upper()) or int(period["quarter"])
    starts = _month_starts(grid, titles, quarter)
    days = _effective_days(grid, titles, starts)
    name = " ".join(school["school"].split()) if school else ""
    return Head(int(period["year"]), quarter, npsn["npsn"].upper(), name, days), starts


def _unclear(grid: Grid, what: str) -> Unreadable:
    return Unreadable(
        "{place}: {what}; unduh kembali formulirnya atau lengkapi kepalanya.", place=grid.place, what=what
    )


def _month_starts(grid: Grid, titles: int, quarter: int) -> tuple[int, int, int]:
    named = [(month_number(cell.split()[0]), place) for place, cell in enumerate(grid.row(titles)) if cell.strip()]
    found = [(number, place) for number, place in named if number]
    if len(found) != 3:
        raise _unclear(
            grid,
            Phrase(
                "baris {lines} harus memuat tiga nama bulan, terbaca {count}",
                lines=grid.lines[titles],
                count=len(found),
            ),
        )
    wanted = tuple(split_month(month)[1] for month in quarter_months(2000, quarter))
    if tuple(number for number, _ in found) != wanted:
        names = ", ".join(MONTH_NAMES[(number or 1) - 1] for number, _ in found)
        what = Phrase("judul menyebut triwulan {quarter}, tetapi kolomnya {names}", quarter=quarter, names=names)
        raise _unclear(grid, what)
    return found[0][1], found[1][1], found[2][1]


def _effective_days(grid: Grid, titles: int, starts: tuple[int, int, int]) -> tuple[int, int, int]:
    ends = (*starts[1:], starts[2] + starts[1] - starts[0])
    first, second, third = (_days_of(grid, titles, range(start, end)) for start, end in zip(starts, ends, strict=True))
    return first, second, third


def _days_of(grid: Grid, titles: int, block: range) -> int:
    """The number after "HARI EFEKTIF", in the same cell or to its right."""
    for row in range(titles, min(titles + BLOCK_ROWS, grid.height)):
        words = " ".join(cell.strip() for cell in grid.row(row)[block.start : block.stop])
        if found := re.match(r"\s*(?:JUMLAH\s+)?HARI\s+EFEKTIF\D*(\d+(?:[.,]0+)?)?\s*$", words, re.IGNORECASE):
            days = int(re.sub(r"[.,]0+$", "", found[1] or "0"))
            if days > DAYS_MAX:
                raise _unclear(
                    grid,
                    Phrase(
                        "hari efektif {days} di baris {lines} lebih dari {days_max} hari",
                        days=days,
                        lines=grid.lines[row],
                        days_max=DAYS_MAX,
                    ),
                )
            return days
    raise _unclear(grid, Phrase("hari efektif salah satu bulan tidak ditemukan di bawah nama bulannya"))
