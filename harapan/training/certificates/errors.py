"""What is refused about certificates, each in one sentence with the way out."""

from __future__ import annotations

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase


class NothingToIssue(Refused):
    def __init__(self, batch: str, standing: int) -> None:
        if standing:
            super().__init__(
                Phrase(
                    "Semua {standing} peserta yang lulus {batch} sudah bersertifikat. Untuk membetulkan isinya, "
                    "terbitkan ulang satu per satu.",
                    batch=batch, standing=standing,
                )
            )  # fmt: skip
        else:
            super().__init__(
                Phrase(
                    "Belum ada peserta {batch} yang lulus, jadi belum ada sertifikat yang terbit. Tunggu hasilnya "
                    "dicatat.",
                    batch=batch,
                )
            )


class Revoked(Refused):
    def __init__(self, number: str) -> None:
        super().__init__(
            Phrase(
                "Sertifikat {number} sudah dicabut dan tidak dapat diubah lagi. Orangnya perlu mengikuti diklat "
                "kembali.",
                number=number,
            )
        )


class NoChange(Refused):
    def __init__(self, number: str) -> None:
        super().__init__(
            Phrase(
                "Isi sertifikat {number} akan sama persis dengan versi sekarang. Ubah yang keliru, atau unduh saja "
                "versi itu lagi.",
                number=number,
            )
        )


class RecordedBefore(Refused):
    def __init__(self, number: str, issuer: str) -> None:
        super().__init__(
            Phrase(
                "Sertifikat {number} dari {issuer} sudah tercatat untuk orang ini. Periksa nomornya.",
                number=number, issuer=issuer,
            )
        )  # fmt: skip
