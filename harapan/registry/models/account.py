"""Where a family's money goes, as dated facts."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from harapan.core.phrases import Phrase
from harapan.database.fields import SealedField
from harapan.registry.models.base import FamilyChild, Source


class Channel(models.IntegerChoices):
    BANK = 1, Phrase("bank")
    POST = 2, Phrase("PT Pos")


class PaymentAccount(FamilyChild):
    """The account and card (KKS), or the post office, through which a family is paid between two days."""

    channel = models.SmallIntegerField("saluran", choices=Channel, default=Channel.BANK)
    bank = models.CharField("bank", max_length=20, blank=True)
    number = SealedField("nomor rekening", kind="account")
    card = SealedField("nomor kartu", kind="card")
    holder = models.CharField("atas nama", max_length=120, blank=True)
    spell = DateRangeField("masa")
    source = models.CharField("sumber", max_length=12, choices=Source)

    class Meta:
        verbose_name = "rekening"
        constraints = [
            ExclusionConstraint(
                name="account_spells_apart",
                expressions=[("family", RangeOperators.EQUAL), ("spell", RangeOperators.OVERLAPS)],
            )
        ]
        indexes = [models.Index(fields=["number_ix"], name="account_number")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.bank}".strip()
