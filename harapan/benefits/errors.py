"""What a stage or a list is refused for, each in one sentence with the way out."""

from __future__ import annotations

from harapan.core.errors import Refused


class ImpossibleMove(Refused):
    def __init__(self, stage: str, here: str, there: str) -> None:
        super().__init__(
            f"Tahap {stage} sekarang {here.lower()}, jadi tidak dapat langsung menjadi {there.lower()}. "
            "Lihat urutannya dengan `harapan stage status`, lalu lakukan langkah berikutnya lebih dahulu."
        )


class NoSuchStage(Refused):
    def __init__(self, stage: str) -> None:
        super().__init__(
            f"Tahap {stage} belum ada. Rencanakan dengan `harapan stage plan {stage}`, atau muat daftarnya dahulu."
        )


class StageBusy(Refused):
    def __init__(self, stage: str) -> None:
        super().__init__(f"Tahap {stage} sedang dihitung. Tunggu sampai selesai, lalu lihat hasilnya.")


class StageNotOpen(Refused):
    def __init__(self, stage: str, place: str, state: str) -> None:
        super().__init__(
            f"Tahap {stage} untuk {place} sudah {state.lower()}, jadi daftarnya tidak berubah lagi. "
            "Bila memang ada daftar baru, buka kembali rekonsiliasinya dengan alasan."
        )
