"""Scores of a stage of selection, as the examiners send them: participant numbers, never names.

Fields: round (its code), stage, participant_no, score (hundredths of a point; "81,25" is 8125).
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


class Stage(StrEnum):
    """The stages that may be scored by file, as `workforce` calls them."""

    PSYCHOLOGICAL = "psychological"
    COMPETENCE = "competence"
    INTERVIEW = "interview"


_WORDS: dict[str, StrEnum] = {
    "psikotes": Stage.PSYCHOLOGICAL, "tes psikologi": Stage.PSYCHOLOGICAL, "psikologi": Stage.PSYCHOLOGICAL,
    "kompetensi": Stage.COMPETENCE, "kompetensi bidang": Stage.COMPETENCE, "tes kompetensi bidang": Stage.COMPETENCE,
    "wawancara": Stage.INTERVIEW,
}  # fmt: skip
_SHOWN = {Stage.PSYCHOLOGICAL: "psikotes", Stage.COMPETENCE: "kompetensi bidang", Stage.INTERVIEW: "wawancara"}


def _score(cell: str) -> int | None:
    """Hundredths of a point from "81", "81,5" or "81.25"; a dash is blank."""
    bare = cell.strip()
    if bare in ("", "-"):
        return None
    found = re.fullmatch(r"(\d{1,4})(?:[.,](\d{1,2})0*)?", bare)
    if not found:
        raise Unreadable("Nilai “{cell}” bukan angka dengan paling banyak dua desimal. Contoh: 81,25.", cell=bare)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def _shown(score: Any) -> str:
    return f"{score // 100},{score % 100:02d}"


def _participant(cell: str) -> int | None:
    bare = re.sub(r"[.,]0+$", "", cell.strip())
    if bare in ("", "-"):
        return None
    if not re.fullmatch(r"0*[1-9]\d{0,8}", bare):
        raise Unreadable("Nomor peserta “{cell}” bukan bilangan. Tulis seperti pada kartu peserta.", cell=cell.strip())
    return int(bare)


def _text_of(value: Any) -> str:
    return _SHOWN[value]


LAYOUT = Layout(
    name="scores",
    title=Phrase("Nilai seleksi"),
    about=Phrase("Nilai psikotes, kompetensi, atau wawancara per nomor peserta; tanpa nama."),
    columns=(
        Column("round", "PUTARAN", cells.TEXT, ("kode putaran",), required=True, filled=True),
        Column(
            "stage", "TAHAP SELEKSI", cells.one_of(_WORDS, what="Tahap seleksi", show=_text_of), ("tes", "ujian"),
            required=True, filled=True,
        ),
        Column(
            "participant_no", "NOMOR PESERTA", Kind(_participant, pa.int64()), ("no peserta",), required=True,
            filled=True,
        ),
        Column("score", "NILAI", Kind(_score, pa.int32(), show=_shown), ("skor",), required=True, filled=True),
    ),
)  # fmt: skip
parse = LAYOUT.parse

render = LAYOUT.render
