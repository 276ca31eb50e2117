"""What ethics refuses, each in one sentence with its way out."""

from __future__ import annotations

from datetime import date

from harapan.core.errors import Refused
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase


class NotYourCase(Refused):
    """Missing, of another place, or about oneself: nobody is told which."""

    def __init__(self) -> None:
        super().__init__(Phrase("Perkara ini tidak ada di daftar Anda. Muat ulang daftarnya."))


class StandsAside(Refused):
    """Too near to the accused to do this."""

    def __init__(self) -> None:
        super().__init__(
            Phrase(
                "Anda atasan orang yang dilaporkan, jadi langkah ini bukan untuk Anda. Serahkan kepada penegak etik "
                "lain."
            )
        )


class StepPassed(Refused):
    """Somebody else took the step, or it is not yet its turn."""

    def __init__(self, number: str, step: Phrase | str, since: date) -> None:
        super().__init__(
            Phrase(
                "Perkara {number} sudah berubah: {step} sejak {since}. Muat ulang halamannya.",
                number=number,
                step=step,
                since=format_date(since),
            )
        )


class Late(Refused):
    """A deadline has passed and nobody says why."""

    def __init__(self, due: date) -> None:
        super().__init__(
            Phrase(
                "Batas langkah ini {due} sudah lewat. Tulis sebab keterlambatannya, lalu simpan lagi.",
                due=format_date(due),
            )
        )


class AppealTooLate(Refused):
    def __init__(self, due: date) -> None:
        super().__init__(
            Phrase(
                "Masa banding berakhir {due}, jadi banding tidak diterima lagi. Hubungi Komisi Etik bila ada bukti "
                "baru.",
                due=format_date(due),
            )
        )


class UnknownPerson(Refused):
    """The report means somebody who is not in the record of persons."""

    def __init__(self, name: str) -> None:
        super().__init__(
            Phrase(
                "{name} belum dikenali sebagai SDM. Tautkan orangnya dahulu, atau tutup perkara ini dengan alasannya.",
                name=name,
            )
        )


class NothingFiled(Refused):
    """No report has this number and word; which of the two is wrong is not told."""

    def __init__(self) -> None:
        super().__init__(
            Phrase("Nomor atau kata rahasia tidak cocok. Periksa penulisannya; huruf besar dan kecil sama saja.")
        )
