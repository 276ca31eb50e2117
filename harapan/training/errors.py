"""What is refused about batches and the people in them, each in one sentence with the way out."""

from __future__ import annotations

from datetime import date

from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.training.models import Batch


class NotYourBatch(Refused):
    """The batch is not there, or is another place's to change; which of both is not told."""

    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Angkatan itu tidak ada atau bukan penyelenggaraan Anda. Kembali ke daftarnya, atau minta "
                "penyelenggaranya."
            )
        )


class NotYourSession(Refused):
    """Somebody else teaches it."""

    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Sesi ini diajar pelatih lain, jadi tidak Anda catat. Mintalah pelatihnya, atau penyelenggara angkatan."
            )
        )


class BatchClosed(Refused):
    def __init__(self, batch: Batch) -> None:
        super().__init__(
            Phrase(
                "Angkatan ini sudah {state}, jadi tidak diubah lagi. Buat angkatan baru bila masih diperlukan.",
                state=batch.State(batch.state).label.lower(),
            )
        )


class QuotaFull(Refused):
    def __init__(self, name: str, places: int, quota: object) -> None:
        super().__init__(
            Phrase(
                "{name} tidak diundang: {places} kursi untuk {quota} sudah terisi. Tambah kuotanya, atau batalkan "
                "undangan lain di sana.",
                name=name,
                places=places,
                quota=quota,
            )
        )


class NoQuota(Refused):
    def __init__(self, name: str, place: str) -> None:
        super().__init__(
            Phrase(
                "{name} tidak diundang: angkatan ini tidak punya kuota untuk {place}. Tambah kuotanya lebih dahulu.",
                name=name,
                place=place,
            )
        )


class OutsideBatch(Refused):
    def __init__(self, day: date, batch: Batch) -> None:
        super().__init__(
            Phrase(
                "Tanggal {day} di luar angkatan ini, {begins} sampai {ends}. Pilih hari di antaranya.",
                day=format_date(day),
                begins=format_date(batch.begins),
                ends=format_date(batch.ends),
            )
        )


class Clash(Refused):
    """Somebody or something is in two places at once; `what` says who or which."""

    def __init__(self, what: object, day: date, hours: str) -> None:
        super().__init__(
            Phrase(
                "{what} sudah terpakai {day} pukul {hours}. Pilih jam, pelatih, atau ruang lain.",
                what=what,
                day=format_date(day),
                hours=hours,
            )
        )


class ScoreTooHigh(Refused):
    def __init__(self, points: object, most: int) -> None:
        super().__init__(
            Phrase("Nilai {points} bukan 0 sampai {most}. Periksa lembar nilainya.", points=points, most=most)
        )
