"""What is refused about verification, each in one sentence with the way out."""

from __future__ import annotations

from harapan.core.errors import Refused
from harapan.core.periods import format_month
from harapan.core.phrases import Phrase


def month_text(month: int) -> Phrase:
    """202504 -> "April 2025"."""
    return format_month(f"{month // 100:04d}-{month % 100:02d}")


class MonthProven(Refused):
    """What rests on evidence is not changed by a file or a declaration."""

    def __init__(self, facility: str, month: int, evidence: str) -> None:
        super().__init__(
            Phrase(
                "{month} di {facility} sudah terbukti ({evidence}), jadi tidak ditimpa. Bila memang keliru, "
                "catat bukti yang baru untuk bulan itu.",
                month=month_text(month),
                facility=facility,
                evidence=evidence,
            )
        )


class NothingDeclared(Refused):
    def __init__(self, facility: str, month: int) -> None:
        super().__init__(
            Phrase(
                "{month} di {facility} belum dinyatakan siapa pun, jadi belum ada yang dibuktikan. Masukkan "
                "formulirnya atau nyatakan kehadirannya lebih dahulu.",
                month=month_text(month),
                facility=facility,
            )
        )
