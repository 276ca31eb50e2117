"""Region codes of the Ministry of Home Affairs (kode wilayah Kemendagri) as one number per region.

The number is the digits of the code, padded on the right to ten: 63 -> 6300000000, 63.05 -> 6305000000,
63.05.03 -> 6305030000, 63.05.03.2009 -> 6305032009. A region with everything below it is one half-open
range of numbers.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import IntEnum

from harapan.core.phrases import Phrase
from harapan.regions.errors import UnreadableCode


class Level(IntEnum):
    PROVINCE = 1
    REGENCY = 2  # kabupaten or kota
    DISTRICT = 3  # kecamatan; distrik in Papua
    VILLAGE = 4  # desa, kelurahan or desa adat


class VillageKind(IntEnum):
    """The first digit of a village's own part of the code says what kind of village it is."""

    URBAN = 1  # kelurahan
    RURAL = 2  # desa
    CUSTOMARY = 3  # desa adat


LEVEL_LABELS = {
    Level.PROVINCE: Phrase("Provinsi"),
    Level.REGENCY: Phrase("Kabupaten/Kota"),
    Level.DISTRICT: Phrase("Kecamatan"),
    Level.VILLAGE: Phrase("Desa/Kelurahan"),
}
VILLAGE_LABELS = {VillageKind.URBAN: "Kelurahan", VillageKind.RURAL: "Desa", VillageKind.CUSTOMARY: "Desa Adat"}

DIGITS_OF = {Level.PROVINCE: 2, Level.REGENCY: 4, Level.DISTRICT: 6, Level.VILLAGE: 10}
SPAN_OF = {level: 10 ** (10 - digits) for level, digits in DIGITS_OF.items()}
NATION = (1_100_000_000, 10_000_000_000)

_DIGITS = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{2}([. -]\d{2}([. -]\d{2}([. -]\d{4})?)?)?")
_FLOAT_TAIL = re.compile(r"(\d{2}|\d{4}|\d{6}|\d{10})\.0")
_SCIENTIFIC = re.compile(r"(\d)[.,](\d+)[eE]\+?(\d+)")
_EXAMPLES = "63, 63.05, 63.05.03 atau 63.05.03.2009"


def parse(text: str | int) -> int:
    """The number of the region that `text` names, with or without dots: "63.05.03.2009", "6305032009", "630503", "63".

    Also reads what spreadsheets make of a code where that is certain: a leading apostrophe, "6305032009.0", and
    scientific notation that kept every digit. Whether the region exists is not asked here. Raises UnreadableCode.
    """
    raw = str(text).strip()
    digits = _digits_in(raw)
    if len(digits) not in DIGITS_OF.values():
        raise UnreadableCode(_wrong_length(raw, digits))
    number = int(digits.ljust(10, "0"))
    problem = _problem(number)
    if problem:
        raise UnreadableCode(
            Phrase(
                "Kode wilayah {raw} {problem} Periksa kodenya; contoh yang benar: {examples}.",
                raw=raw,
                problem=problem,
                examples=_EXAMPLES,
            )
        )
    return number


def _digits_in(raw: str) -> str:
    bare = raw.lstrip("'’`").strip()
    if _DIGITS.fullmatch(bare):
        return bare
    if _GROUPED.fullmatch(bare):
        return re.sub(r"\D", "", bare)
    if tail := _FLOAT_TAIL.fullmatch(bare):
        return tail[1]
    if parts := _SCIENTIFIC.fullmatch(bare):
        return _exact_digits(raw, parts)
    raise UnreadableCode(
        Phrase(
            "“{raw}” bukan kode wilayah. Tuliskan angka Kemendagri, misalnya {examples}.", raw=raw, examples=_EXAMPLES
        )
    )


def _exact_digits(raw: str, parts: re.Match[str]) -> str:
    """The digits of scientific notation, unless the spreadsheet has rounded some of them away."""
    mantissa, exponent = parts[1] + parts[2], int(parts[3])
    if len(mantissa) - 1 != exponent or exponent > 15:
        raise UnreadableCode(
            Phrase(
                "Kode wilayah {raw} sudah dibulatkan lembar kerja sehingga angkanya hilang. Ubah kolomnya "
                "menjadi teks, isi ulang kodenya, lalu kirim kembali.",
                raw=raw,
            )
        )
    return str(Decimal(mantissa))


def _wrong_length(raw: str, digits: str) -> str:
    if len(digits) > 10:
        why = Phrase(
            "berisi {count} angka, seperti kode BPS sampai satuan lingkungan. Harapan memakai kode Kemendagri",
            count=len(digits),
        )
    else:
        why = Phrase("berisi {count} angka", count=len(digits))
    return Phrase(
        "Kode wilayah {raw} {why}; yang diterima 2, 4, 6 atau 10 angka, misalnya {examples}.",
        raw=raw,
        why=why,
        examples=_EXAMPLES,
    )


def _problem(number: int) -> str:
    """What makes a ten-digit number impossible as a region, as the rest of a sentence; empty when nothing does."""
    province, regency, district, village = split(number)
    if province < 11:
        return Phrase("tidak dimulai dengan kode provinsi (11 sampai 99).")
    if (village and not district) or (district and not regency):
        return Phrase("melompati satu tingkat wilayah.")
    if village and village // 1000 not in set(VillageKind):
        return Phrase("tampaknya kode BPS: angka ketujuh kode desa Kemendagri adalah 1, 2 atau 3.")
    return ""


def split(number: int) -> tuple[int, int, int, int]:
    """The own parts of province, regency, district and village: 6305032009 -> (63, 5, 3, 2009)."""
    return number // 10**8, number // 10**6 % 100, number // 10**4 % 100, number % 10**4


def level_of(number: int) -> Level:
    _, regency, district, village = split(number)
    if village:
        return Level.VILLAGE
    if district:
        return Level.DISTRICT
    return Level.REGENCY if regency else Level.PROVINCE


def range_of(number: int) -> tuple[int, int]:
    """The half-open range [lo, hi) of a region with everything below it."""
    return number, number + SPAN_OF[level_of(number)]


def contains(outer: int, inner: int) -> bool:
    low, high = range_of(outer)
    return low <= inner < high


def ancestor(number: int, level: Level) -> int:
    """The region of `level` that `number` lies in; the region itself at its own level."""
    return number - number % SPAN_OF[level]


def parent_of(number: int) -> int | None:
    level = level_of(number)
    return None if level is Level.PROVINCE else ancestor(number, Level(level - 1))


def lineage(number: int) -> list[int]:
    """The region and its ancestors, province first."""
    return [ancestor(number, level) for level in Level if level <= level_of(number)]


def compact(number: int) -> str:
    """The code without dots, as lists carry it: 6305030000 -> "630503"."""
    return str(number)[: DIGITS_OF[level_of(number)]]


def dotted(number: int) -> str:
    """The code as the ministry prints it: 6305032009 -> "63.05.03.2009"."""
    digits = compact(number)
    return ".".join(filter(None, (digits[:2], digits[2:4], digits[4:6], digits[6:])))


def village_kind(number: int) -> VillageKind | None:
    """Desa, kelurahan or desa adat; None above the village."""
    return VillageKind(number % 10_000 // 1000) if level_of(number) is Level.VILLAGE else None
