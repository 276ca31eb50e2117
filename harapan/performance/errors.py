"""Refusals about findings and check visits."""

from __future__ import annotations

from harapan.core.errors import Forbidden, Refused
from harapan.core.phrases import Phrase


class NotYourFinding(Forbidden):
    def __init__(self) -> None:
        super().__init__(Phrase("Temuan ini tidak ada atau bukan tentang Anda. Hanya yang bersangkutan menjawabnya."))


class DrawnBefore(Refused):
    def __init__(self, month: Phrase) -> None:
        super().__init__(
            Phrase(
                "Kunjungan cek untuk {month} di wilayah ini sudah diundi, dan hanya sekali. Kunjungi yang sudah "
                "terundi.",
                month=month,
            )
        )


class NobodyToDraw(Refused):
    def __init__(self, month: Phrase) -> None:
        super().__init__(
            Phrase(
                "Belum ada catatan pendamping untuk {month} di wilayah ini. Tunggu pemeriksaan bulanannya, atau pilih "
                "bulan lain.",
                month=month,
            )
        )
