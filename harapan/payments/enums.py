"""The words of money on its way: what an answer says, where a claim stands, in which of the four sums it counts."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from harapan.core.phrases import Phrase
from harapan.exchange.settlement.words import OUTCOME_WORDS
from harapan.exchange.settlement.words import Outcome as Told

__all__ = ["CAME_BACK", "OUTCOME_WORDS", "SUM_OF", "ExceptionKind", "Outcome", "Resolution", "Standing", "Sum", "Told"]


class Outcome(models.IntegerChoices):
    """What one line of a settlement says. TREASURY is a return after the money had been credited (with its NTPN)."""

    CREDITED = 1, Phrase("masuk rekening")
    WITHDRAWN = 2, Phrase("sudah diambil")
    BLOCKED = 3, Phrase("di rekening, terblokir")
    FAILED = 4, Phrase("gagal")
    UNDELIVERED = 5, Phrase("tidak tersalur")
    RETURNED = 6, Phrase("retur")
    TREASURY = 7, Phrase("disetor kembali ke kas negara")

    @classmethod
    def of(cls, told: Told | str) -> Outcome:
        """The outcome for the word the layout's parser gives."""
        return cls[Told(told).name]


class Standing(models.IntegerChoices):
    """Where the money of one listing (family, wave) stands: its latest live line, else a hold, else nothing yet."""

    UNANSWERED = 0, Phrase("belum terjawab")
    CREDITED = 1, Phrase("masuk rekening, belum diambil")
    WITHDRAWN = 2, Phrase("sudah diambil")
    BLOCKED = 3, Phrase("di rekening, terblokir")
    FAILED = 4, Phrase("gagal")
    UNDELIVERED = 5, Phrase("tidak tersalur")
    RETURNED = 6, Phrase("retur")
    TREASURY = 7, Phrase("disetor kembali ke kas negara")
    HELD = 8, Phrase("ditahan")


CAME_BACK = (Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED)  # it lies with nobody of the family


class Sum(StrEnum):
    """The four sums of which due consists, and what has no answer yet."""

    CREDITED = "credited"
    FAILED = "failed"
    RETURNED = "returned"
    HELD = "held"
    UNANSWERED = "unanswered"


SUM_OF = {
    Standing.UNANSWERED: Sum.UNANSWERED,
    Standing.CREDITED: Sum.CREDITED,
    Standing.WITHDRAWN: Sum.CREDITED,
    Standing.BLOCKED: Sum.CREDITED,
    Standing.TREASURY: Sum.CREDITED,
    Standing.FAILED: Sum.FAILED,
    Standing.UNDELIVERED: Sum.RETURNED,
    Standing.RETURNED: Sum.RETURNED,
    Standing.HELD: Sum.HELD,
}


class ExceptionKind(models.TextChoices):
    """Why a line of a settlement fits nothing."""

    NO_FAMILY = "no_family", Phrase("Tidak ada keluarga dengan nomor itu")
    NOT_LISTED = "not_listed", Phrase("Keluarga tidak ada di daftar tahap ini")
    WRONG_STAGE = "wrong_stage", Phrase("Daftarnya ada pada tahap lain")
    AMOUNT = "amount", Phrase("Jumlah tidak sama dengan daftar")
    DOUBLE = "double", Phrase("Dijawab dua kali")
    CONTRADICTS = "contradicts", Phrase("Bertentangan dengan jawaban sebelumnya")
    LATE = "late", Phrase("Tahap sudah ditutup")
    NOT_SENT = "not_sent", Phrase("Berkas ordernya belum diserahkan")
    NO_NTPN = "no_ntpn", Phrase("Setoran ke kas negara tanpa NTPN")
    SAID = "said", Phrase("Keluarga mengaku menerima jumlah lain")
    CARD_HELD = "card_held", Phrase("Kartu dipegang orang lain")
    CUT = "cut", Phrase("Keluarga mengaku uangnya dipotong")
    NOT_HANDED = "not_handed", Phrase("Belum diterima di lapangan")


class Resolution(models.TextChoices):
    """How a person closed an exception."""

    MATCHED = "matched", Phrase("dicocokkan")
    SET_ASIDE = "set_aside", Phrase("disisihkan")
    WITHDRAWN = "withdrawn", Phrase("ikut ditarik")  # with the file whose line it was
