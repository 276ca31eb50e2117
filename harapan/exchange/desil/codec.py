"""Welfare deciles from the single social registry: whose, which decile, from when.

Fields: nik, kk, name, decile (1 poorest to 10), from_date (first day of the period). A row needs NIK or KK.
"""

from __future__ import annotations

import re

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.cells import Kind
from harapan.exchange.layout import Layout
from harapan.exchange.sheet import Column


def _decile(cell: str) -> int | None:
    """1 to 10 from "2", "2.0" or "Desil 2"; a dash is blank."""
    if cell.strip() in ("", "-"):
        return None
    found = re.fullmatch(r"(?:desil\s*)?(10|[1-9])(?:[.,]0+)?", cell.strip().lower())
    if not found:
        raise Unreadable("Desil “{cell}” tidak dikenal; isi 1 sampai 10.", cell=cell.strip())
    return int(found[1])


DECILE = Kind(_decile, pa.int32())
LAYOUT = Layout(
    name="desil",
    title=Phrase("Desil kesejahteraan"),
    about=Phrase("Peringkat desil dari DTSEN per NIK atau nomor KK, dengan periodenya."),
    columns=(
        Column("nik", "NIK", cells.NIK, ("nik ktp", "no nik")),
        Column("kk", "NO KK", cells.KK, ("nokk", "nomor kk", "kk")),
        Column("name", "NAMA", cells.TEXT, ("nama penerima", "nama lengkap", "nama kepala keluarga")),
        Column(
            "decile", "DESIL", DECILE, ("desil nasional", "desil dtsen", "peringkat"),
            required=True, filled=True,
        ),
        Column(
            "from_date", "PERIODE", cells.PERIOD, ("tanggal", "bulan", "per", "periode data"),
            required=True, filled=True,
        ),
    ),
    any_of=(("nik", "kk"),),
)  # fmt: skip
parse = LAYOUT.parse
render = LAYOUT.render
