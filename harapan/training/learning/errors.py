"""What is refused to a learner, each in one sentence with the way out."""

from __future__ import annotations

from datetime import date

from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.training.models import Batch, Quiz


class BatchNotOpen(Refused):
    def __init__(self, batch: Batch, on: date) -> None:
        if on < batch.begins:
            super().__init__(
                Phrase(
                    "Pembelajaran angkatan ini baru dibuka {day}. Silakan kembali pada hari itu.",
                    day=format_date(batch.begins),
                )
            )
        else:
            super().__init__(
                Phrase(
                    "Pembelajaran angkatan ini ditutup {day}; pelajarannya masih dapat dibaca. Minta balai diklat bila "
                    "perlu ikut angkatan berikutnya.",
                    day=format_date(batch.ends),
                )
            )


class NotTakingPart(Refused):
    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Anda tercatat tidak ikut angkatan ini, jadi kuisnya tidak dapat dikerjakan. Hubungi balai diklat bila "
                "keliru."
            )
        )


class AttemptsUsedUp(Refused):
    def __init__(self, quiz: Quiz) -> None:
        super().__init__(
            Phrase(
                "Kuis “{title}” sudah dicoba {count} kali, sebanyak yang boleh. Pelajari hasilnya, lalu hubungi balai "
                "diklat.",
                title=quiz.title, count=quiz.attempts_max,
            )
        )  # fmt: skip


class TimeIsUp(Refused):
    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Waktu kuis sudah habis, jadi jawaban ini tidak disimpan. Jawaban yang tersimpan sebelumnya sudah "
                "dinilai."
            )
        )


class AlreadyHandedIn(Refused):
    def __init__(self) -> None:
        super().__init__(Phrase("Percobaan ini sudah dikumpulkan, jadi tidak diubah. Lihat hasilnya."))
