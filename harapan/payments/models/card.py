"""Opening accounts and handing over cards (burekol): one row per step, the latest holds."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class CardStep(FamilyChild):
    """Where a family's account and card (KKS) stand, and the minutes that prove a hand-over."""

    class Step(models.TextChoices):
        ORDERED = "ordered", Phrase("dipesan")
        AT_BRANCH = "at_branch", Phrase("ada di cabang")
        HANDED_OVER = "handed_over", Phrase("diserahkan")
        NOT_HANDED_OVER = "not_handed_over", Phrase("belum diserahkan")

    step = models.CharField("langkah", max_length=16, choices=Step)
    bank = models.CharField("bank", max_length=40, blank=True)
    on = models.DateField("tanggal")
    minutes_no = models.CharField("nomor berita acara", max_length=80, blank=True)
    minutes_on = models.DateField("tanggal berita acara", null=True, blank=True)
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)  # of the policy's undelivered list
    note = models.CharField("keterangan", max_length=200, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "langkah kartu"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(step="handed_over")
                | (models.Q(minutes_on__isnull=False) & ~models.Q(minutes_no="")),
                name="card_handed_over_against_minutes",
            ),
            models.CheckConstraint(
                condition=~models.Q(step="not_handed_over") | ~models.Q(reason_code=""),
                name="card_not_handed_over_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "-id"], name="card_latest"),
            models.Index(fields=["region_no", "family"], name="card_region"),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.step}"
