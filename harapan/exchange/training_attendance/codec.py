"""The attendance list of one session: one line a participant. Fields: staff_number, nik, code, name, mark.

Marks are H, S, I, A or their words.
"""

from __future__ import annotations

from enum import StrEnum

from harapan.core.phrases import Phrase
from harapan.exchange import cells
from harapan.exchange.layout import Layout
from harapan.exchange.participant import CODE, NAME, NIK, STAFF_NUMBER
from harapan.exchange.sheet import Column


class MarkWord(StrEnum):
    """As `training.Mark` calls them."""

    PRESENT = "present"
    SICK = "sick"
    EXCUSED = "excused"
    ABSENT = "absent"


LETTERS = {"H": MarkWord.PRESENT, "S": MarkWord.SICK, "I": MarkWord.EXCUSED, "A": MarkWord.ABSENT}
_WORDS: dict[str, StrEnum] = {
    "h": MarkWord.PRESENT, "hadir": MarkWord.PRESENT, "s": MarkWord.SICK, "sakit": MarkWord.SICK,
    "i": MarkWord.EXCUSED, "izin": MarkWord.EXCUSED, "a": MarkWord.ABSENT, "alpa": MarkWord.ABSENT,
    "tidak hadir": MarkWord.ABSENT,
}  # fmt: skip
_LETTER_OF = {mark: letter for letter, mark in LETTERS.items()}
MARK = cells.one_of(_WORDS, what="Tanda", show=lambda mark: _LETTER_OF[MarkWord(mark)])

LAYOUT = Layout(
    name="training_attendance",
    title=Phrase("Daftar hadir diklat"),
    about=Phrase("Satu baris tiap peserta satu sesi: H hadir, S sakit, I izin, A alpa."),
    columns=(
        STAFF_NUMBER,
        NIK,
        CODE,
        NAME,
        Column("mark", "Kehadiran", MARK, ("hadir", "tanda", "keterangan"), required=True, filled=True),
    ),
    any_of=(("staff_number", "nik", "code"),),
)
parse = LAYOUT.parse
render = LAYOUT.render
