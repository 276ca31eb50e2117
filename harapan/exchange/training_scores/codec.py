"""Points of a test: one line a participant. Fields: staff_number, nik, code, name, points (at most two decimals)."""

from __future__ import annotations

import re
from decimal import Decimal

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.exchange.cells import Kind
from harapan.exchange.layout import Layout
from harapan.exchange.participant import CODE, NAME, NIK, STAFF_NUMBER
from harapan.exchange.sheet import Column


def read_points(cell: str) -> Decimal | None:
    """ "87,5" and "87.50" are the same; a dash is blank. What lies above the maximum is the batch's to refuse."""
    text = cell.strip().replace(",", ".")
    if text in ("", "-"):
        return None
    if not re.fullmatch(r"\d{1,3}(?:\.\d{1,2}0*)?", text):
        raise Unreadable("“{cell}” bukan nilai. Tulis angka seperti 80 atau 87,5.", cell=cell.strip())
    return Decimal(text).quantize(Decimal("0.01"))


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")


POINTS = Kind(read_points, pa.decimal128(5, 2), _shown)
LAYOUT = Layout(
    name="training_scores",
    title=Phrase("Nilai tes diklat"),
    about=Phrase("Satu baris tiap peserta, dengan NIP, nomor SDM, NIK, atau kode peserta, dan nilainya."),
    columns=(
        STAFF_NUMBER,
        NIK,
        CODE,
        NAME,
        Column("points", "Nilai", POINTS, ("skor", "score", "nilai tes"), required=True, filled=True),
    ),
    any_of=(("staff_number", "nik", "code"),),
)
parse = LAYOUT.parse
render = LAYOUT.render
