"""What a stage or a list is refused for, each in one sentence with the way out."""

from __future__ import annotations

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase


class ImpossibleMove(Refused):
    def __init__(self, stage: str, here: str, there: str) -> None:
        super().__init__(
            Phrase(
                "Tahap {stage} sekarang {here}, jadi tidak dapat langsung menjadi {there}. Lihat urutannya "
                "dengan `harapan stage status`, lalu lakukan langkah berikutnya lebih dahulu.",
                stage=stage,
                here=here.lower(),
                there=there.lower(),
            )
        )


class NoSuchStage(Refused):
    def __init__(self, stage: str) -> None:
        super().__init__(
            Phrase(
                "Tahap {stage} belum ada. Rencanakan dengan `harapan stage plan {stage}`, atau muat daftarnya dahulu.",
                stage=stage,
            )
        )


class StageBusy(Refused):
    def __init__(self, stage: str) -> None:
        super().__init__(
            Phrase("Tahap {stage} sedang dihitung. Tunggu sampai selesai, lalu lihat hasilnya.", stage=stage)
        )


class StageNotOpen(Refused):
    def __init__(self, stage: str, place: str, state: str) -> None:
        super().__init__(
            Phrase(
                "Tahap {stage} untuk {place} sudah {state}, jadi daftarnya tidak berubah lagi. Bila memang "
                "ada daftar baru, buka kembali rekonsiliasinya dengan alasan.",
                stage=stage,
                place=place,
                state=state.lower(),
            )
        )
