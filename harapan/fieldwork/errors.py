"""What is refused about a person's month, each in one sentence with the way out."""

from __future__ import annotations

from datetime import date

from harapan.core.errors import Refused
from harapan.core.periods import format_date, format_month
from harapan.core.phrases import Phrase


class DayFull(Refused):
    def __init__(self, day: date, left: int) -> None:
        super().__init__(
            Phrase(
                "{day} sudah penuh: jam kerjanya tinggal {left} menit. Pilih hari lain, atau pindahkan dahulu yang "
                "sudah ada di hari itu.",
                day=format_date(day), left=left,
            )
        )  # fmt: skip


class NoWorkday(Refused):
    def __init__(self, day: date, why: str) -> None:
        super().__init__(Phrase("{day} bukan hari kerja ({why}). Pilih hari kerja.", day=format_date(day), why=why))


class OutsideMonth(Refused):
    def __init__(self, day: date, month: str) -> None:
        super().__init__(
            Phrase(
                "{day} di luar rencana bulan {month}. Pilih hari di bulan itu.",
                day=format_date(day), month=format_month(month),
            )
        )  # fmt: skip


class NotYetDone(Refused):
    def __init__(self, day: date, on: date) -> None:
        super().__init__(
            Phrase(
                "Kegiatan {day} belum terjadi; hari ini {today}. Catat sesudahnya, atau masukkan ke rencana kerja.",
                day=format_date(day), today=format_date(on),
            )
        )  # fmt: skip


class TooLate(Refused):
    def __init__(self, day: date, closes: date) -> None:
        super().__init__(
            Phrase(
                "Kegiatan {day} tidak dapat dicatat atau diubah lagi: catatan bulan itu ditutup {closes}. "
                "Minta ketua tim mencatatnya.",
                day=format_date(day), closes=format_date(closes),
            )
        )  # fmt: skip


class NotReported(Refused):
    def __init__(self, month: str) -> None:
        super().__init__(
            Phrase(
                "Sembilan RHK belum berlaku pada {month}. Laporan dibuat untuk bulan sejak RHK ditetapkan, dan bukan "
                "untuk bulan yang belum mulai.",
                month=format_month(month),
            )
        )
