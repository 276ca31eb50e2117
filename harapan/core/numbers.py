"""Identity numbers: NIK, KK, NISN, account, card, phone and NTPN, read from what spreadsheets make of them.

`read_*` answer a `Number`: the clean digits, or None where the file says "none yet", with what was repaired. Only what
is certain is repaired; the rest is refused with an `Unreadable` whose sentence names the rule and the way out.

A NIK is district (6), day of birth + 40 for women, month, year (6), serial (4); a KK is district (6), day of issue (6),
serial (4). Neither has a check digit. Province codes start at 11, so neither can begin with 0.
"""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase

FLOAT_EXACT_MAX = 2**53  # spreadsheets keep numbers as floats: above this, digits may have changed unseen


class Number(NamedTuple):
    """A number as read. `note` says what was repaired, `warning` what a person should look at; both "" when clean."""

    value: str | None
    note: str = ""
    warning: str = ""


class Sex(StrEnum):
    FEMALE = "F"
    MALE = "M"


NONE_YET = Number(None)
_NOTHING = frozenset({"", "-", "--", "null", "none", "n/a", "#n/a", "nan", "nil", "tidak ada", "belum ada", "kosong"})
_WRAPPED = re.compile(r'^="?(.*?)"?$')  # ="6305…", how some systems force text into csv
_QUOTES = "'’‘`´\"\u200b\ufeff\u200e\u200f"
_FLOAT_TAIL = re.compile(r"([0-9]+)[.,]0+")
_SCIENTIFIC = re.compile(r"([0-9](?:[.,][0-9]+)?)[eE]\+?([0-9]{1,2})")
_NTPN = re.compile(r"[0-9A-Z]{16}")
_SEPARATED = re.compile(r"[0-9]+(?:[ .,/_\-\u2013\u00a0]+[0-9]+)+")


def read_digits(text: str, *, what: str) -> Number:
    """The bare digits of any number; `what` is its name in sentences. "", "-", 0 and their like are none yet."""
    bare = text.strip()
    if bare.isascii() and bare.isdigit():
        return Number(bare) if bare.strip("0") else NONE_YET
    if (wrapped := _WRAPPED.match(bare)) is not None:
        bare = wrapped[1]
    bare = bare.strip(_QUOTES + " \u00a0\t")
    if bare.lower() in _NOTHING:
        return NONE_YET
    digits, note = _repaired(bare, what=what)
    if not digits.strip("0"):
        return NONE_YET
    return Number(digits, note or Phrase("tanda baca di sekitar angka dibuang"))


def _repaired(bare: str, *, what: str) -> tuple[str, str]:
    if bare.isascii() and bare.isdigit():
        return bare, ""
    if tail := _FLOAT_TAIL.fullmatch(bare):
        _refuse_above_float(int(tail[1]), bare, what=what)
        return tail[1], Phrase("ekor desimal .0 dari Excel dibuang")
    if scientific := _SCIENTIFIC.fullmatch(bare):
        return _from_scientific(scientific, bare, what=what), Phrase("notasi ilmiah dengan angka lengkap dikembalikan")
    if _SEPARATED.fullmatch(bare):
        return re.sub(r"[^0-9]", "", bare), Phrase("titik, spasi, atau tanda hubung di antara angka dibuang")
    strange = sorted(set(re.sub(r"[0-9 .,\-]", "", bare)))
    shown = " ".join(strange[:5]) or bare
    raise Unreadable(
        "{what} {bare} memuat tanda yang bukan angka ({shown}); tulis angkanya saja.",
        what=what,
        bare=_shown(bare),
        shown=shown,
    )


def _from_scientific(found: re.Match[str], bare: str, *, what: str) -> str:
    mantissa = found[1].replace(",", ".")
    exponent = int(found[2])
    if len(mantissa.replace(".", "")) != exponent + 1:
        raise Unreadable(
            "{what} “{bare}” sudah dipotong Excel menjadi notasi ilmiah, angka aslinya tidak ada lagi di "
            "berkas ini; ambil kembali dari daftar asal dengan kolom berformat Teks.",
            what=what,
            bare=bare,
        )
    number = int(Decimal(mantissa).scaleb(exponent))
    _refuse_above_float(number, bare, what=what)
    return str(number)


def _refuse_above_float(number: int, bare: str, *, what: str) -> None:
    if number > FLOAT_EXACT_MAX:
        raise Unreadable(
            "{what} {bare} tersimpan sebagai bilangan di atas 9.007.199.254.740.992, sehingga angka "
            "terakhirnya dapat berubah; ambil kembali dari daftar asal dengan kolom berformat Teks.",
            what=what,
            bare=_shown(bare),
        )


def read_nik(text: str, *, known_districts: Container[str] | None = None) -> Number:
    """A NIK: 16 digits, a province, a birth date that exists, a serial above 0000.

    `known_districts` holds six-digit codes; one that is not in it is a warning, as districts are made and split.
    """
    number = read_digits(text, what="NIK")
    if number.value is None:
        return number
    value = _sixteen(number.value, what="NIK")
    day = int(value[6:8])
    born = f"{day - 40 if day > 40 else day:02d}{value[8:12]}"
    if not _is_day(born):
        raise Unreadable(
            "NIK {value} memuat tanggal lahir yang tidak ada: {day}-{month}-{year} (hari lahir "
            "perempuan ditambah 40). Cocokkan dengan KTP atau KK.",
            value=masked_nik(value),
            day=value[6:8],
            month=value[8:10],
            year=value[10:12],
        )
    if value.endswith("0000"):
        raise Unreadable(
            "NIK {value} berakhir dengan 0000, nomor urut itu tidak ada; cocokkan dengan KTP.", value=masked_nik(value)
        )
    warning = district_warning("NIK", value, known_districts)
    return number if not warning else number._replace(warning=warning)


def read_kk(text: str, *, known_districts: Container[str] | None = None) -> Number:
    """A family card number (KK): 16 digits, a province, a serial; an impossible day of issue is only a warning."""
    number = read_digits(text, what="Nomor KK")
    if number.value is None:
        return number
    value = _sixteen(number.value, what="Nomor KK")
    if value.endswith("0000"):
        raise Unreadable(
            "Nomor KK {value} berakhir dengan 0000, nomor urut itu tidak ada; cocokkan dengan KK.",
            value=masked_kk(value),
        )
    warning = district_warning("Nomor KK", value, known_districts)
    if not warning and not _is_day(value[6:12]):
        warning = Phrase("Tanggal terbit di dalam nomor KK tidak ada di kalender; cocokkan dengan KK.")
    return number if not warning else number._replace(warning=warning)


def _sixteen(digits: str, *, what: str) -> str:
    if len(digits) != 16:
        raise Unreadable(
            "{what} {digits} terdiri atas {count} angka, seharusnya 16; {what} tidak pernah berawalan 0, "
            "jadi angka yang hilang tidak dapat ditebak. Cocokkan dengan KTP atau KK.",
            what=what,
            digits=_shown(digits),
            count=len(digits),
        )
    if not "11" <= digits[:2] <= "96":
        raise Unreadable(
            "{what} berawalan {digits}, padahal kode provinsi mulai dari 11; cocokkan dengan KTP atau KK.",
            what=what,
            digits=digits[:2],
        )
    return digits


@lru_cache(maxsize=131_072)
def _is_day(ddmmyy: str) -> bool:
    """Whether the day exists in 19yy or in 20yy (29 February 2000 does, of 1900 does not)."""
    day, month, year = int(ddmmyy[:2]), int(ddmmyy[2:4]), int(ddmmyy[4:])
    return any(_day(century + year, month, day) for century in (1900, 2000))


def district_warning(what: str, value: str, known: Container[str] | None) -> str:
    """A sentence where the first six digits are no known district, else "". Districts are made and split: a warning."""
    if known is None or value[:6] in known:
        return ""
    return Phrase(
        "Kode kecamatan {value} di dalam {what} tidak ada di daftar wilayah; mungkin kecamatan baru atau lama.",
        value=value[:6],
        what=what,
    )


def sex_of(nik: str) -> Sex:
    return Sex.FEMALE if int(nik[6:8]) > 40 else Sex.MALE


def birth_date_of(nik: str, *, on: date, years_min: int = 0) -> date:
    """The birth date inside a NIK that passed `read_nik`: the youngest reading with which the person is at least
    `years_min` years old on the day `on`. Give 17 for a pengurus, so that "20" is 1920 and not 2020.
    """
    day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
    day = day - 40 if day > 40 else day
    latest = (on.year - years_min, on.month, on.day)
    readings = [day_in for century in (1900, 2000) if (day_in := _day(century + year, month, day)) is not None]
    return max((born for born in readings if (born.year, month, day) <= latest), default=readings[0])


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_nisn(text: str) -> Number:
    """A pupil number (NISN): ten digits, the first three the birth year, so its leading zeros are surely lost ones."""
    number = read_digits(text, what="NISN")
    if number.value is None:
        return number
    if len(number.value) in (8, 9):
        return Number(number.value.zfill(10), Phrase("angka 0 di depan NISN dikembalikan"))
    if len(number.value) != 10:
        raise Unreadable(
            "NISN {value} terdiri atas {count} angka, seharusnya 10.",
            value=_shown(number.value),
            count=len(number.value),
        )
    return number


def read_account(text: str) -> Number:
    """A bank account number: 5 to 20 digits. Lengths differ between banks, so lost zeros cannot be given back."""
    return _of_length(read_digits(text, what="Nomor rekening"), 5, 20, what="Nomor rekening")


def read_card(text: str) -> Number:
    """A card number (KKS): 16 to 19 digits."""
    return _of_length(read_digits(text, what="Nomor kartu"), 16, 19, what="Nomor kartu")


def read_ntpn(text: str) -> Number:
    """The number of a state-revenue receipt (NTPN): 16 letters and digits. "-" and their like are none yet."""
    bare = text.strip(_QUOTES + " \u00a0\t")
    if bare.lower() in _NOTHING or not bare.strip("0"):
        return NONE_YET
    value = re.sub(r"[ \u00a0-]", "", bare).upper()
    if not _NTPN.fullmatch(value):
        raise Unreadable(
            "NTPN “{value}” bukan 16 huruf dan angka seperti 0A1B2C3D4E5F6G7H; salin dari bukti penerimaan negara.",
            value=bare,
        )
    spaced = Phrase("spasi atau tanda hubung di dalam NTPN dibuang")
    return Number(value, spaced if len(bare) > len(value) else "")


def _of_length(number: Number, shortest: int, longest: int, *, what: str) -> Number:
    if number.value is not None and not shortest <= len(number.value) <= longest:
        raise Unreadable(
            "{what} {value} terdiri atas {count} angka, seharusnya {shortest} sampai {longest}; cocokkan "
            "dengan buku tabungan atau kartu.",
            what=what,
            value=_shown(number.value),
            count=len(number.value),
            shortest=shortest,
            longest=longest,
        )
    return number


def read_phone(text: str) -> Number:
    """A phone number in the world's form: "0812-3456-7890", "62812…" and "812…" all become "+62812…"."""
    number = read_digits(
        text.strip(_QUOTES + " ").lstrip("+").replace("(", " ").replace(")", " "), what="Nomor telepon"
    )
    if number.value is None:
        return number
    digits = number.value.removeprefix("00")
    if digits.startswith("62"):
        national = digits[2:].lstrip("0")
    elif digits.startswith("0"):
        national = digits.lstrip("0")
    elif digits.startswith("8"):  # mobile numbers are written 08…: the zero was lost
        national = digits
    else:
        raise Unreadable(
            "Nomor telepon {text} tidak berawalan 0 atau 62; tulis lengkap, misalnya 0812….", text=_shown(text.strip())
        )
    if not 8 <= len(national) <= 12:
        raise Unreadable(
            "Nomor telepon {text} terlalu pendek atau terlalu panjang; periksa angkanya.", text=_shown(text.strip())
        )
    return Number(f"+62{national}", number.note)


def _shown(bare: str) -> str:
    """A refused number as a sentence may carry it into logs and pages: its beginning, and how long it goes on."""
    return f"“{bare}”" if len(bare) <= 6 else f"“{bare[:4]}{'•' * (len(bare) - 4)}”"


def masked_nik(nik: str) -> str:
    """`6301 •••• •••• ••••`: with region and birth date known, the last four digits are the secret. Never show them."""
    return f"{nik[:4]} •••• •••• ••••"


def masked_kk(kk: str) -> str:
    """`6301 •••• •••• 6220`."""
    return f"{kk[:4]} •••• •••• {kk[-4:]}"


def masked_tail(number: str) -> str:
    """`•••• 6722`, for accounts, cards and phones."""
    return f"•••• {number[-4:]}"
