"""A cell of the health and social forms: Y, Y2 (twice), Y 12/04/2025, T, H, ?; blank is nobody's word."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pyarrow as pa

from harapan.core.errors import Unreadable
from harapan.core.periods import parse_date
from harapan.exchange.cells import Kind

DONE, MISSED, EXCUSED, UNKNOWN = "Y", "T", "H", "?"
WORDS = {
    "y": DONE, "ya": DONE, "v": DONE, "✓": DONE, "√": DONE, "sudah": DONE, "t": MISSED, "tidak": MISSED, "x": MISSED,
    "h": EXCUSED, "halangan": EXCUSED, "berhalangan": EXCUSED, "?": UNKNOWN,
}  # fmt: skip
TIMES_MAX = 31
_CELL = re.compile(r"(?P<word>[a-z✓√?]*)\s*(?P<times>\d{1,2})?(?:\s+(?P<day>\S.*))?", re.IGNORECASE)


class Said(NamedTuple):
    """A cell: its letter, how often in the month, and the day where one was written."""

    word: str
    times: int = 1
    done_on: date | None = None

    def __str__(self) -> str:
        times = str(self.times) if self.times > 1 else ""
        return f"{self.word}{times}" + (f" {self.done_on.isoformat()}" if self.done_on else "")


def _read(cell: str) -> str:
    """The cell in its one spelling; "" is blank."""
    bare = " ".join(cell.split())
    if bare in ("", "-"):
        return ""
    return str(_said(bare))


def _said(bare: str) -> Said:
    if bare[0].isdigit() and not bare.isdigit():  # a date alone says that it was done
        return Said(DONE, 1, parse_date(bare))
    found = _CELL.fullmatch(bare)
    word = WORDS.get((found["word"] or "y").lower()) if found else None
    if found is None or word is None:
        raise Unreadable("“{cell}” bukan Y, T, H, ?, berapa kali, atau tanggal. Contoh: Y 12/04/2025.", cell=bare)
    times, day = int(found["times"] or 1), found["day"]
    if not 1 <= times <= TIMES_MAX or (word != DONE and (times > 1 or day)):
        raise Unreadable("“{cell}” tidak dapat dibaca: hanya Y yang diberi jumlah atau tanggal.", cell=bare)
    return Said(word, times, parse_date(day) if day else None)


def said(text: str) -> Said | None:
    """What a cell that was read says; None: nothing."""
    return _said(text) if text else None


MARK = Kind(_read, pa.string(), blank="")
