"""Money is whole rupiah in an int. Here it is written, read from what spreadsheets hold, spelt out and divided."""

from __future__ import annotations

import re
from enum import StrEnum

from harapan.core.errors import Unreadable

MINUS = "−"  # U+2212, as in every table of Harapan
IDR_MAX = 10**15  # a thousand trillion: more than any budget line; beyond it a number is a mistake

_GROUPED = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")  # 975.000 or 975,000, groups of three only
_PLAIN = re.compile(r"\d+")
_CENTS = re.compile(r"(?P<whole>.+)(?P<mark>[.,])(?P<cents>\d{1,2}|-+)", re.DOTALL)
_CURRENCY = re.compile(r"(?i)\b(?:rp|idr)\b\.?|\brp(?=\d)|rupiah\b")


def rupiah(idr: int) -> str:
    """`Rp1.600.940.000`: dots for thousands, no space, no cents, "−" before a negative amount."""
    return f"{MINUS if idr < 0 else ''}Rp{abs(idr):,}".replace(",", ".")


def thousands(number: int) -> str:
    """`1.600.940`: the same grouping for counts and for table columns whose head already says Rp."""
    return f"{MINUS if number < 0 else ''}{abs(number):,}".replace(",", ".")


def parse_rupiah(text: str, *, allow_negative: bool = False) -> int:
    """Whole rupiah from what a cell holds: "975000", "Rp 975.000", "975.000,00", "975000.0", "(975.000)".

    A single mark before exactly three digits is a thousands mark: no rupiah amount has three decimals.
    Refuses fractions, scientific notation, mixed marks and, unless asked, negative amounts.
    """
    if text.isascii() and text.isdecimal():
        amount = int(text)
    else:
        amount = _signed(text)
    if amount < 0 and not allow_negative:
        raise Unreadable("Jumlah uang “{text}” negatif; tulis jumlah nol atau lebih.", text=text.strip())
    if abs(amount) > IDR_MAX:
        raise Unreadable(
            "Jumlah uang “{text}” terlalu besar untuk satu baris; periksa kembali angkanya.", text=text.strip()
        )
    return amount


def _signed(text: str) -> int:
    bare = _CURRENCY.sub("", text).replace("\u00a0", "").replace(" ", "").replace("'", "").strip()
    negative = bare.startswith(("-", MINUS)) or (bare.startswith("(") and bare.endswith(")"))
    bare = bare.strip("()").lstrip("+-" + MINUS)
    if re.fullmatch(r"[\d.,]+[eE][+-]?\d+", bare):
        raise Unreadable(
            "Jumlah uang “{text}” tertulis sebagai notasi ilmiah, sehingga angkanya mungkin sudah "
            "dibulatkan; ubah format kolom menjadi Angka tanpa desimal lalu simpan ulang.",
            text=text.strip(),
        )
    whole = _without_cents(bare, shown=text.strip())
    return -whole if negative else whole


def _without_cents(bare: str, *, shown: str) -> int:
    if (whole := _whole(bare)) is not None:
        return whole
    with_cents = _CENTS.fullmatch(bare)
    if with_cents:
        mark, left = with_cents["mark"], with_cents["whole"]
        whole = None if mark in left else _whole(left)
        if whole is not None and not with_cents["cents"].strip("0-"):
            return whole
        if whole is not None:
            raise Unreadable("Jumlah uang “{shown}” memuat pecahan rupiah; tulis rupiah bulat.", shown=shown)
    raise Unreadable(
        "Jumlah uang “{shown}” tidak dapat dibaca dengan pasti; tulis angka saja, misalnya 975000.", shown=shown
    )


def _whole(bare: str) -> int | None:
    if _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare):
        return int(bare.replace(".", "").replace(",", ""))
    return None


class Rounding(StrEnum):
    """Which way a division goes when it leaves a rest."""

    DOWN = "down"
    NEAREST = "nearest"  # half goes up
    UP = "up"


def divide(idr: int, by: int, *, rounding: Rounding, unit_idr: int = 1) -> int:
    """`idr / by`, rounded to whole multiples of `unit_idr`: 2.000.000 / 12, down to 1.000, is 166.000.

    Only for amounts of zero or more: what "down" means below zero differs between databases.
    """
    if idr < 0 or by <= 0 or unit_idr <= 0:
        raise ValueError(f"divide({idr}, {by}, unit_idr={unit_idr}): amount must be >= 0, divisor and unit > 0")
    step = by * unit_idr
    carried = {Rounding.DOWN: 0, Rounding.NEAREST: step // 2, Rounding.UP: step - 1}[rounding]
    return (idr + carried) // step * unit_idr


_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))


def terbilang(number: int) -> str:
    """In Indonesian words, as minutes (berita acara) demand: 1150000 is "satu juta seratus lima puluh ribu"."""
    if number < 0:
        return f"minus {terbilang(-number)}"
    return " ".join(_spelt(number)) or "nol"


def _spelt(number: int) -> list[str]:
    for scale, word in _SCALES:
        if number >= scale:
            count, rest = divmod(number, scale)
            head = ["seribu"] if (scale, count) == (1000, 1) else [*_spelt(count), word]
            return head + _spelt(rest)
    if number >= 100:
        count, rest = divmod(number, 100)
        return (["seratus"] if count == 1 else [_UNITS[count], "ratus"]) + _spelt(rest)
    if number >= 20:
        return [_UNITS[number // 10], "puluh", *_spelt(number % 10)]
    if number >= 12:
        return [_UNITS[number - 10], "belas"]
    return [_UNITS[number]] if number else []
