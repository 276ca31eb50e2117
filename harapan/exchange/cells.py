"""Kinds of cells: how a text becomes a value, a value becomes a text again, and the Arrow type it travels as.

`read` answers the value, or a `Number` where digits may have been repaired; it raises `Unreadable` with the reason.
Blank texts are "", blank values of any other kind None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.money import parse_rupiah
from harapan.core.numbers import (
    Number,
    read_account,
    read_card,
    read_digits,
    read_kk,
    read_nik,
    read_nisn,
    read_ntpn,
    read_phone,
)
from harapan.core.periods import StageName, month_number, parse_date, parse_month, quarter_months

COUNT_MAX = 99
_BLANK = frozenset({"", "-", "--", "null", "none", "n/a", "#n/a", "nan"})


@dataclass(frozen=True)
class Kind:
    """One kind of cell. `digits`: numbers that a spreadsheet's float may have damaged."""

    read: Callable[[str], Any]
    arrow: pa.DataType
    show: Callable[[Any], str] = str
    digits: bool = False
    blank: Any = None


def _text(cell: str) -> str:
    words = " ".join(cell.split())
    # the mark that `guarded` puts before what Excel would run as a formula
    return words[1:] if words.startswith("'") and is_formula(words.lstrip("'")) else words


def is_formula(text: str) -> bool:
    """Whether Excel would run the text of a csv cell instead of showing it."""
    return len(text) > 1 and text[0] in "=+-@"


def guarded(text: str) -> str:
    """The text so that no spreadsheet runs it; reading it back gives the text again."""
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def _identifier(cell: str) -> Number:
    """An outside key: digits are repaired like a NIK's, anything else is kept as it stands."""
    words = cell.strip().strip("'’‘")
    if re.fullmatch(r"[0-9][0-9.,]*(?:[eE]\+?[0-9]+)?", words):
        return read_digits(words, what="Nomor")
    return Number(None if words.lower() in _BLANK else " ".join(words.split()))


def _count(cell: str) -> int | None:
    bare = re.sub(r"[.,]0+$", "", cell.strip())
    if bare.lower() in _BLANK:
        return None
    if not re.fullmatch(r"[0-9]{1,6}", bare) or int(bare) > COUNT_MAX:
        raise Unreadable("“{cell}” bukan bilangan bulat 0 sampai {count_max}.", cell=cell.strip(), count_max=COUNT_MAX)
    return int(bare)


def _rank(cell: str) -> int | None:
    bare = re.sub(r"[.,]0+$", "", cell.strip())
    if bare.lower() in _BLANK:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,5}", bare):
        raise Unreadable("“{cell}” bukan peringkat; isi bilangan bulat mulai dari 1.", cell=cell.strip())
    return int(bare)


def _rupiah(cell: str) -> int | None:
    return None if cell.strip().lower() in _BLANK else parse_rupiah(cell)


def _date(cell: str) -> date | None:
    return None if cell.strip().lower() in _BLANK | {"0"} else parse_date(cell)


@lru_cache(maxsize=4096)
def _neighbourhood(cell: str) -> str:
    """RT or RW: three digits, zeros given back; "0" and "-" are blank, anything else stays as written."""
    bare = re.sub(r"[.,]0+$", "", cell.strip().strip("'"))
    if bare.lower() in _BLANK or not bare.strip("0"):
        return ""
    return bare.zfill(3) if bare.isascii() and bare.isdigit() else _text(cell)


@lru_cache(maxsize=100_000)
def _village(cell: str) -> Number:
    number = read_digits(cell, what="Kode wilayah")
    if number.value is not None and len(number.value) != 10:
        raise Unreadable(
            "Kode wilayah “{value}” terdiri atas {count} angka; kode desa atau kelurahan Kemendagri "
            "terdiri atas 10 angka.",
            value=number.value,
            count=len(number.value),
        )
    return number


@lru_cache(maxsize=1024)
def _stage(cell: str) -> str:
    """A stage's name "2025-2" where the text tells year and number; a bare number stays a number."""
    words = re.sub(r"[.,]0+$", "", " ".join(cell.split()).lower())
    if words in _BLANK:
        return ""
    if found := re.fullmatch(r"(?:tahap\s*)?(\d{1,2})(?:\s*(?:tahun|th\.?|/|-)?\s*(20\d{2}))?", words):
        return f"{found[2]}-{int(found[1])}" if found[2] else str(int(found[1]))
    try:
        return str(StageName.parse(words))
    except Unreadable:
        raise Unreadable(
            "Tahap “{cell}” tidak dikenal; tulis seperti 2025-2 atau Tahap 2 2025.", cell=cell.strip()
        ) from None


@lru_cache(maxsize=1024)
def _wave(cell: str) -> str:
    """A wave as the list calls it; where that is a number, the bare number: "1.0", "01" and "Gelombang 1" are "1"."""
    words = _text(cell)
    found = re.fullmatch(r"(?:(?:gelombang|gel\.?|termin)\s*)?0*(\d+)(?:[.,]0+)?", words, re.IGNORECASE)
    return found[1] if found else words


@lru_cache(maxsize=1024)
def _period(cell: str) -> date | None:
    """The first day of a year, quarter or month, or the day itself: from when an outside fact holds."""
    words = " ".join(cell.split()).lower()
    if words in _BLANK:
        return None
    if re.fullmatch(r"20\d{2}", words):
        return date(int(words), 1, 1)
    if found := re.fullmatch(r"(?:triwulan|tw|q)\s*([1-4]|i{1,3}|iv)[\s/-]*(?:tahun\s*)?(20\d{2})", words):
        quarter = {"i": 1, "ii": 2, "iii": 3, "iv": 4}.get(found[1]) or int(found[1])
        return date.fromisoformat(f"{quarter_months(int(found[2]), quarter)[0]}-01")
    if re.fullmatch(r"\d{4}-\d{1,2}|\d{1,2}/\d{4}", words) or month_number(words.split()[0].split("-")[0]):
        try:
            return date.fromisoformat(f"{parse_month(words)}-01")
        except Unreadable:
            pass
    return parse_date(words)


def one_of(words: dict[str, StrEnum], *, what: str, show: Callable[[Any], str]) -> Kind:
    """A word from a table (compared without case, marks and double spaces); refuses others by naming some known."""

    @lru_cache(maxsize=4096)
    def read(cell: str) -> StrEnum | None:
        bare = plain(cell)
        if bare in _BLANK or not bare:
            return None
        if bare not in words:
            known = ", ".join(f"“{word}”" for word in list(words)[:6])
            raise Unreadable(
                "{what} “{split}” tidak dikenal; yang dikenal antara lain {known}.",
                what=what,
                split=" ".join(cell.split()),
                known=known,
            )
        return words[bare]

    return Kind(read, pa.string(), show)


def plain(cell: str) -> str:
    """Lower case words without marks, for looking a text up in a table."""
    return " ".join(re.sub(r"[\W_]+", " ", cell.lower()).split())


TEXT = Kind(_text, pa.string(), blank="")
IDENTIFIER = Kind(_identifier, pa.string(), digits=True)
NIK = Kind(read_nik, pa.string(), digits=True)
KK = Kind(read_kk, pa.string(), digits=True)
NISN = Kind(read_nisn, pa.string(), digits=True)
ACCOUNT = Kind(read_account, pa.string(), digits=True)
CARD = Kind(read_card, pa.string(), digits=True)
NTPN = Kind(read_ntpn, pa.string(), digits=True)
PHONE = Kind(read_phone, pa.string(), digits=True)
VILLAGE = Kind(_village, pa.string())
COUNT = Kind(_count, pa.int32())
RANK = Kind(_rank, pa.int32())
RUPIAH = Kind(_rupiah, pa.int64())
DATE = Kind(_date, pa.date32(), show=date.isoformat)
PERIOD = Kind(_period, pa.date32(), show=date.isoformat)
NEIGHBOURHOOD = Kind(_neighbourhood, pa.string(), blank="")
STAGE = Kind(_stage, pa.string(), blank="")
WAVE = Kind(_wave, pa.string(), blank="")
