"""The words of money on its way: what an answer says, where a claim stands, in which of the four sums it counts."""

from __future__ import annotations

from enum import IntEnum, StrEnum

from django.db import models

from harapan.exchange.settlement.words import OUTCOME_WORDS
from harapan.exchange.settlement.words import Outcome as Told

__all__ = ["OUTCOME_WORDS", "SUM_OF", "Claim", "ExceptionKind", "Outcome", "Resolution", "Sum", "Told"]


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


class Claim(IntEnum):
    """Where the money of one listing (family, wave) stands: its latest live line, else a hold, else nothing yet."""

    UNANSWERED = 0
    CREDITED = 1
    WITHDRAWN = 2
    BLOCKED = 3
    FAILED = 4
    UNDELIVERED = 5
    RETURNED = 6
    TREASURY = 7
    HELD = 8


class Sum(StrEnum):
    """The four sums of which due consists, and what has no answer yet."""

    CREDITED = "credited"
    FAILED = "failed"
    RETURNED = "returned"
    HELD = "held"
    UNANSWERED = "unanswered"


SUM_OF = {
    Claim.UNANSWERED: Sum.UNANSWERED,
    Claim.CREDITED: Sum.CREDITED,
    Claim.WITHDRAWN: Sum.CREDITED,
    Claim.BLOCKED: Sum.CREDITED,
    Claim.TREASURY: Sum.CREDITED,
    Claim.FAILED: Sum.FAILED,
    Claim.UNDELIVERED: Sum.RETURNED,
    Claim.RETURNED: Sum.RETURNED,
    Claim.HELD: Sum.HELD,
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


class Resolution(models.TextChoices):
    """How a person closed an exception."""

    MATCHED = "matched", "dicocokkan"
    SET_ASIDE = "set_aside", "disisihkan"
