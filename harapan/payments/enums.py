"""The words of money on its way: what an answer says, where a claim stands, in which of the four sums it counts."""

from __future__ import annotations

from enum import StrEnum

from django.db import models

from harapan.exchange.settlement.words import OUTCOME_WORDS
from harapan.exchange.settlement.words import Outcome as Told

__all__ = ["OUTCOME_WORDS", "SUM_OF", "ExceptionKind", "Outcome", "Resolution", "Standing", "Sum", "Told"]


class Outcome(models.IntegerChoices):
    """What one line of a settlement says. TREASURY is a return after the money had been credited (with its NTPN)."""

    CREDITED = 1, "masuk rekening"
    WITHDRAWN = 2, "sudah diambil"
    BLOCKED = 3, "di rekening, terblokir"
    FAILED = 4, "gagal"
    UNDELIVERED = 5, "tidak tersalur"
    RETURNED = 6, "retur"
    TREASURY = 7, "disetor kembali ke kas negara"

    @classmethod
    def of(cls, told: Told | str) -> Outcome:
        """The outcome for the word the layout's parser gives."""
        return cls[Told(told).name]


class Standing(models.IntegerChoices):
    """Where the money of one listing (family, wave) stands: its latest live line, else a hold, else nothing yet."""

    UNANSWERED = 0, "belum terjawab"
    CREDITED = 1, "masuk rekening, belum diambil"
    WITHDRAWN = 2, "sudah diambil"
    BLOCKED = 3, "di rekening, terblokir"
    FAILED = 4, "gagal"
    UNDELIVERED = 5, "tidak tersalur"
    RETURNED = 6, "retur"
    TREASURY = 7, "disetor kembali ke kas negara"
    HELD = 8, "ditahan"


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

    NO_FAMILY = "no_family", "Tidak ada keluarga dengan nomor itu"
    NOT_LISTED = "not_listed", "Keluarga tidak ada di daftar tahap ini"
    WRONG_STAGE = "wrong_stage", "Daftarnya ada pada tahap lain"
    AMOUNT = "amount", "Jumlah tidak sama dengan daftar"
    DOUBLE = "double", "Dijawab dua kali"
    CONTRADICTS = "contradicts", "Bertentangan dengan jawaban sebelumnya"
    LATE = "late", "Tahap sudah ditutup"
    NOT_SENT = "not_sent", "Berkas ordernya belum diserahkan"
    NO_NTPN = "no_ntpn", "Setoran ke kas negara tanpa NTPN"


class Resolution(models.TextChoices):
    """How a person closed an exception."""

    MATCHED = "matched", "dicocokkan"
    SET_ASIDE = "set_aside", "disisihkan"
