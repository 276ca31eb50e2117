"""Places of a round of recruitment: how many of which position in which region.

Fields: round (its code), region (number of a province, regency or district), position, quota (0 takes it out).
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.cells import Kind
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column

REGION_DIGITS = 10


class Position(StrEnum):
    """As `workforce` calls them."""

    FACILITATOR = "facilitator"
    ACCESS = "access"
    ASSISTANT = "assistant"
    SUPERVISOR = "supervisor"
    DATA_OFFICER = "data_officer"


_WORDS: dict[str, StrEnum] = {
    "pendamping": Position.FACILITATOR, "pendamping sosial": Position.FACILITATOR,
    "pendamping pkh akses": Position.ACCESS, "pendamping akses": Position.ACCESS,
    "asisten pendamping": Position.ASSISTANT, "asisten": Position.ASSISTANT,
    "supervisor": Position.SUPERVISOR, "pekerja sosial supervisor": Position.SUPERVISOR,
    "administrator pangkalan data": Position.DATA_OFFICER, "apd": Position.DATA_OFFICER,
    "operator": Position.DATA_OFFICER,
}  # fmt: skip
_SHOWN = {word: text for text, word in reversed(_WORDS.items())}


def _region(cell: str) -> int | None:
    """The number of a region from its code: "63", "63.05", "630503"."""
    bare = re.sub(r"[\s.]", "", cell.strip().strip("'"))
    if bare in ("", "-"):
        return None
    if not re.fullmatch(r"[1-9]\d(\d{2}){0,2}", bare):
        raise Unreadable("Kode wilayah “{cell}” bukan kode provinsi, kab/kota, atau kecamatan.", cell=cell.strip())
    return int(bare.ljust(REGION_DIGITS, "0"))


def _code(number: Any) -> str:
    digits = str(number)
    width = 2 if number % 10**8 == 0 else 4 if number % 10**6 == 0 else 6
    return digits[:width]


def _text_of(value: Any) -> str:
    return _SHOWN[value]


LAYOUT = Layout(
    name="formations",
    title=Phrase("Formasi rekrutmen"),
    about=Phrase("Kuota tiap jabatan per kecamatan atau kab/kota untuk satu putaran rekrutmen."),
    columns=(
        Column("round", "PUTARAN", cells.TEXT, ("kode putaran",), required=True, filled=True),
        Column(
            "region", "KODE WILAYAH", Kind(_region, pa.int64(), show=_code), ("kode kecamatan", "kode kab"),
            required=True, filled=True,
        ),
        Column(
            "position", "JABATAN", cells.one_of(_WORDS, what="Jabatan", show=_text_of), ("formasi",), required=True,
            filled=True,
        ),
        Column("quota", "KUOTA", cells.COUNT, ("jumlah", "alokasi"), required=True, filled=True),
    ),
)  # fmt: skip
parse = LAYOUT.parse

render = LAYOUT.render
