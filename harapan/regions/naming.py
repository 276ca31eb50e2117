"""How regions are named in lists, and the keys by which a written name finds its region whatever its spelling."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from harapan.regions import codes
from harapan.regions.codes import VILLAGE_LABELS, Level, VillageKind, level_of, village_kind


class Kind(StrEnum):
    """What a written name says the region is; decides between two of the same name in one parent."""

    UNSAID = ""
    KABUPATEN = "kabupaten"
    KOTA = "kota"
    DESA = "desa"
    KELURAHAN = "kelurahan"


class Reading(NamedTuple):
    """One way to read a written name: the kind it claims and the key of what is left."""

    kind: Kind
    key: str


# Words that lists shorten; folded so that both spellings share a key.
_FOLDED = {
    "SEI": "SUNGAI",
    "KEP": "KEPULAUAN",
    "ADM": "ADMINISTRASI",
    "TJ": "TANJUNG",
    "KAMP": "KAMPUNG",
    "KP": "KAMPUNG",
}
_PREFIXES = {
    Level.PROVINCE: [
        (r"(PROVINSI|PROPINSI|PROV|PROP)", Kind.UNSAID),
        (r"(PROVINSI |PROPINSI |PROV |PROP )?(DAERAH KHUSUS( IBUKOTA)?|DAERAH ISTIMEWA|DKI|DKJ|DI|D I)", Kind.UNSAID),
    ],
    Level.REGENCY: [
        (r"(KABUPATEN|KAB)( ADMINISTRASI)?", Kind.KABUPATEN),
        (r"(KOTAMADYA|KOTA|KODYA)( ADMINISTRASI)?", Kind.KOTA),
    ],
    Level.DISTRICT: [(r"(KECAMATAN|KEC|DISTRIK)", Kind.UNSAID)],
    Level.VILLAGE: [
        (r"(KELURAHAN|KEL)", Kind.KELURAHAN),
        (r"(DESA ADAT|DESA|DS)", Kind.DESA),
        (r"(KAMPUNG|GAMPONG|NAGARI|PEKON)", Kind.UNSAID),
    ],
}
_COMPILED = {
    level: [(re.compile(rf"{pattern} (?=\S)"), kind) for pattern, kind in prefixes]
    for level, prefixes in _PREFIXES.items()
}
_NOT_WORD = re.compile(r"[^A-Z0-9]+")
_SHORT = (("Kabupaten ", "Kab. "), ("Kota Administrasi ", "Kota Adm. "), ("Kab. Administrasi ", "Kab. Adm. "))


def name_key(text: str) -> str:
    """Upper-case letters and digits only: "Sei. Danau" and "SUNGAI DANAU" are both "SUNGAIDANAU"."""
    return "".join(_words(text))


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore") if not text.isascii() else text.encode()
    # An apostrophe belongs into its word: "Du'en" is DUEN.
    upper = plain.decode().upper().replace("'", "")
    return [_FOLDED.get(word, word) for word in _NOT_WORD.split(upper) if word]


@lru_cache(maxsize=1 << 16)
def readings(level: Level, text: str) -> tuple[Reading, ...]:
    """Every way to read a written name: whole first, then without the level's word ("KAB. TAPIN")."""
    words = " ".join(_words(text))
    found = [Reading(Kind.UNSAID, words.replace(" ", ""))]
    for pattern, kind in _COMPILED[level]:
        match = pattern.match(words)
        if match:
            found.append(Reading(kind, words[match.end() :].replace(" ", "")))
    return tuple(found)


def own_keys(number: int, name: str) -> set[str]:
    """The keys of a region of the official list: its whole name and its name without the level's word."""
    return {reading.key for reading in readings(level_of(number), name)}


def kind_of(number: int) -> Kind:
    """Regencies numbered from 71 are cities; the seventh digit of a village tells kelurahan from desa."""
    level = level_of(number)
    if level is Level.REGENCY:
        return Kind.KOTA if number // 10**6 % 100 > 70 else Kind.KABUPATEN
    if level is Level.VILLAGE:
        return Kind.KELURAHAN if village_kind(number) is VillageKind.URBAN else Kind.DESA
    return Kind.UNSAID


def display_name(number: int, name: str) -> str:
    """The name with the short word for its level: "Kab. Tapin", "Kec. Tapin Tengah", "Desa Hiyung"."""
    level = level_of(number)
    if level is Level.REGENCY:
        for long, short in _SHORT:
            name = name.replace(long, short, 1) if name.startswith(long) else name
        return name
    if level is Level.DISTRICT:
        return f"Kec. {name}"
    kind = village_kind(number)
    if kind is None or name.startswith(f"{VILLAGE_LABELS[kind]} "):
        return name
    return f"{VILLAGE_LABELS[kind]} {name}"


def path_name(number: int, names: Mapping[int, str]) -> str:
    """ "Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin", as far as `names` reaches; a province only by itself."""
    known = [each for each in codes.lineage(number) if each in names]
    shown = [each for each in known if codes.level_of(each) > Level.PROVINCE] or known
    return ", ".join(display_name(each, names[each]) for each in reversed(shown))
