"""Months, quarters, stage names and dates: how they are written in the field, ordered and read.

A month is the text "2025-04", which sorts as it should. A quarter is (year, 1..4).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase

MONTH_NAMES = (
    Phrase("Januari"), Phrase("Februari"), Phrase("Maret"), Phrase("April"), Phrase("Mei"), Phrase("Juni"),
    Phrase("Juli"), Phrase("Agustus"), Phrase("September"), Phrase("Oktober"), Phrase("November"), Phrase("Desember"),
)  # fmt: skip

# Spellings met in files beside the proper names: old Indonesian, English, abbreviations of both.
_OTHER_SPELLINGS = {
    1: "jan january januari", 2: "feb peb pebruari febuari pebuari february", 3: "mar mrt march", 4: "apr",
    5: "may", 6: "jun june", 7: "jul july", 8: "agu agt agust ags aug august", 9: "sep sept",
    10: "okt oct october", 11: "nov nop nopember", 12: "des dec december",
}  # fmt: skip
_MONTH_NUMBERS = {name.lower(): number for number, name in enumerate(MONTH_NAMES, start=1)} | {
    word: number for number, words in _OTHER_SPELLINGS.items() for word in words.split()
}

_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_STAGE = re.compile(r"(20\d{2})-([1-9]\d?)(?:-([a-z]+))?")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)  # 1954 to 2119: outside, a bare number is no date


def month_number(word: str) -> int | None:
    """1..12 for "April", "PEBRUARI", "Nopember", "Agt."; None for anything else."""
    return _MONTH_NUMBERS.get(word.strip().rstrip(".").lower())


def month_of(day: date) -> str:
    return f"{day.year:04d}-{day.month:02d}"


def parse_month(text: str) -> str:
    """ "2025-04" from "2025-04", "04/2025", "April 2025" or "Pebruari 2025"."""
    bare = text.strip()
    if _MONTH.fullmatch(bare):
        return bare
    if numeric := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", bare):
        number, year = int(numeric[1]), int(numeric[2])
    elif worded := re.fullmatch(r"([^\W\d]+)\.?[\s-]+(\d{4})", bare):
        number, year = month_number(worded[1]) or 0, int(worded[2])
    else:
        number, year = 0, 0
    if not 1 <= number <= 12:
        raise Unreadable("Bulan “{bare}” tidak dikenal; tulis seperti 2025-04 atau April 2025.", bare=bare)
    return f"{year:04d}-{number:02d}"


def format_month(month: str) -> Phrase:
    """ "April 2025"."""
    year, number = split_month(month)
    return Phrase("{month} {year}", month=MONTH_NAMES[number - 1], year=year)


def split_month(month: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(month)
    if not found:
        raise Unreadable("Bulan “{month}” tidak dikenal; tulis seperti 2025-04.", month=month)
    return int(found[1]), int(found[2])


def add_months(month: str, count: int) -> str:
    year, number = split_month(month)
    index = year * 12 + number - 1 + count
    return f"{index // 12:04d}-{index % 12 + 1:02d}"


def month_range(first: str, last: str) -> tuple[str, ...]:
    """Every month from `first` to `last`, both counted; empty when `last` comes before `first`."""
    (first_year, first_number), (last_year, last_number) = split_month(first), split_month(last)
    count = (last_year - first_year) * 12 + last_number - first_number + 1
    return tuple(add_months(first, step) for step in range(count))


def month_days(month: str) -> tuple[date, date]:
    """The first day of the month and the first day after it, half-open."""
    year, number = split_month(month)
    first = date(year, number, 1)
    return first, first + timedelta(days=monthrange(year, number)[1])


def quarter_of(month: str) -> tuple[int, int]:
    """The triwulan a month lies in: "2025-04" is in (2025, 2)."""
    year, number = split_month(month)
    return year, (number + 2) // 3


def quarter_months(year: int, quarter: int) -> tuple[str, str, str]:
    if quarter not in range(1, 5):
        raise Unreadable("Triwulan {quarter} tidak ada; pilih 1 sampai 4.", quarter=quarter)
    first = quarter * 3 - 2
    return (f"{year:04d}-{first:02d}", f"{year:04d}-{first + 1:02d}", f"{year:04d}-{first + 2:02d}")


@dataclass(frozen=True, slots=True, order=True)
class StageName:
    """A payment stage (tahap) by name: "2025-2", or "2023-3-pos" where a channel has a calendar of its own.

    Orders by year, number, channel. `channel` is "all" where the stage pays every channel.
    """

    year: int
    number: int
    channel: str = "all"

    @classmethod
    def parse(cls, text: str) -> StageName:
        found = _STAGE.fullmatch(text.strip().lower())
        if not found:
            raise Unreadable("Tahap “{text}” tidak dikenal; tulis tahun dan nomor, misalnya 2025-2.", text=text.strip())
        return cls(int(found[1]), int(found[2]), found[3] or "all")

    def __str__(self) -> str:
        return f"{self.year}-{self.number}" + ("" if self.channel == "all" else f"-{self.channel}")

    @property
    def label(self) -> Phrase:
        """ "Tahap 2 Tahun 2025", for headings."""
        if self.channel == "all":
            return Phrase("Tahap {number} Tahun {year}", number=self.number, year=self.year)
        return Phrase(
            "Tahap {number} Tahun {year} ({channel})", number=self.number, year=self.year, channel=self.channel
        )


def format_date(day: date) -> Phrase:
    """ "27 Mei 2018"."""
    return Phrase("{day} {month} {year}", day=day.day, month=MONTH_NAMES[day.month - 1], year=day.year)


@lru_cache(maxsize=4096)  # files repeat few dates over many rows
def parse_date(text: str) -> date:
    """A day as files write it: 2025-04-05, 05/04/2025, 5-Apr-25, 27 Mei 2018, 20250405, or Excel's serial number.

    Numbers with marks are read day first, as in Indonesia; a month above 12 is refused, never swapped.
    A time of day after the date is dropped. Two-digit years are 2000-2068 and 1969-1999.
    """
    bare = re.sub(r"[T ]\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?$", "", text.strip())
    try:
        parts = _date_parts(bare)
        if parts is not None:
            return date(*parts)
    except ValueError:
        pass
    raise Unreadable(
        "Tanggal “{text}” tidak dapat dibaca; tulis seperti 2025-04-05 atau 05/04/2025.", text=text.strip()
    )


def _date_parts(bare: str) -> tuple[int, int, int] | None:
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", bare):
        return int(found[1]), int(found[2]), int(found[3])
    if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})", bare):
        return _year(found[3]), int(found[2]), int(found[1])
    if found := re.fullmatch(r"(\d{1,2})[\s-]*([^\W\d]+)\.?[\s-]*(\d{4}|\d{2})", bare):
        return _year(found[3]), month_number(found[2]) or 0, int(found[1])
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", bare):
        return int(found[1]), int(found[2]), int(found[3])
    if (found := re.fullmatch(r"(\d{5})(?:\.\d+)?", bare)) and int(found[1]) in _EXCEL_DAYS:
        day = _EXCEL_EPOCH + timedelta(days=int(found[1]))
        return day.year, day.month, day.day
    return None


def _year(digits: str) -> int:
    short = int(digits)
    if len(digits) == 4:
        return short
    return 2000 + short if short < 69 else 1900 + short
