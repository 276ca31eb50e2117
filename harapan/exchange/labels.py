"""Words that several lists share: banks, programmes and components, in the spellings seen in the field."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa

from harapan.core.components import Component
from harapan.core.errors import Unreadable
from harapan.exchange.cells import Kind, plain

BANKS = {
    "BRI": ("bri", "bank bri", "bank rakyat indonesia", "pt bri", "002"),
    "BNI": ("bni", "bni 46", "bank bni", "bank negara indonesia", "009"),
    "MANDIRI": ("mandiri", "bank mandiri", "bmri", "008"),
    "BTN": ("btn", "bank btn", "bank tabungan negara", "200"),
    "BSI": ("bsi", "bank bsi", "bank syariah indonesia", "bank syariah", "451"),
    "POS": ("pos", "pt pos", "pos indonesia", "pt pos indonesia", "kantor pos", "ptpos"),
}
_BANK_OF = {word: bank for bank, words in BANKS.items() for word in words}

PKH_NAMES = ("pkh", "program keluarga harapan", "bansos pkh")

COMPONENT_LABELS = {
    Component.PREGNANT: ("hamil", "bumil", "ibu hamil", "nifas", "ibu nifas", "ibu hamil nifas", "hamil nifas"),
    Component.TODDLER: (
        "aud", "anak usia dini", "balita", "bayi", "apras", "anak prasekolah", "anak usia 0 6 tahun", "usia dini",
    ),
    Component.PRIMARY: ("sd", "mi", "sd mi", "sd sederajat", "anak sd", "paket a", "sdlb"),
    Component.JUNIOR: ("smp", "mts", "smp mts", "smp sederajat", "anak smp", "paket b", "smplb"),
    Component.SENIOR: ("sma", "smk", "ma", "sma smk ma", "sma sederajat", "sma smk", "anak sma", "paket c", "smalb"),
    Component.DISABILITY: (
        "disabilitas", "disabilitas berat", "penyandang disabilitas", "penyandang disabilitas berat", "pdb", "difabel",
    ),
    Component.ELDERLY: ("lansia", "lanjut usia", "lu", "lanjut usia lansia"),
    Component.HUMAN_RIGHTS: (
        "ham berat", "ham", "pelanggaran ham", "korban pelanggaran ham", "korban pelanggaran ham berat",
    ),
}  # fmt: skip
_COMPONENT_OF = {word: component for component, words in COMPONENT_LABELS.items() for word in words}
_WRITTEN = {component: words[0].upper() for component, words in COMPONENT_LABELS.items()}


@lru_cache(maxsize=4096)
def bank_code(cell: str) -> str:
    """ "BRI" for "Bank Rakyat Indonesia"; a bank not in the table keeps its name in capitals."""
    return _BANK_OF.get(plain(cell), " ".join(cell.upper().split()))


@lru_cache(maxsize=4096)
def programme_code(cell: str) -> str:
    """ "PKH" for "Program Keluarga Harapan"; other programmes keep their name in capitals."""
    return "PKH" if plain(cell) in PKH_NAMES else " ".join(cell.upper().split())


@lru_cache(maxsize=4096)
def component_of(label: str) -> Component | None:
    """The component a label stands for; None for a blank; an unknown label is refused."""
    words = plain(label)
    if not words:
        return None
    if words not in _COMPONENT_OF:
        raise Unreadable(
            "Komponen “{label}” tidak dikenal; yang dikenal: {values}.",
            label=label.strip(),
            values=", ".join(_WRITTEN.values()),
        )
    return _COMPONENT_OF[words]


@lru_cache(maxsize=65_536)
def components_in(cell: str) -> tuple[Component, ...]:
    """ "HAMIL, SD, SD" as components, one for each person, in the order written."""
    parts = cell.replace(";", ",").replace("+", ",").replace("\n", ",").split(",")
    found = (component_of(part) for part in parts)
    return tuple(component for component in found if component is not None)


PROGRAMME = Kind(programme_code, pa.string(), blank="")
BANK = Kind(bank_code, pa.string(), blank="")
COMPONENT = Kind(component_of, pa.int8(), show=lambda value: _WRITTEN[Component(value)])
COMPONENTS = Kind(
    components_in, pa.list_(pa.int8()), show=lambda value: ", ".join(_WRITTEN[part] for part in value), blank=()
)
