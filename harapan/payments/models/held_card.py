"""A family's card in somebody else's hand: a confidential report, and what was done about it."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class HeldCard(FamilyChild):
    """Seen by the regency and above and by whoever reported it, never by the person it speaks of (`accused`)."""

    class Resolution(models.TextChoices):
        RETURNED = "returned", Phrase("kartu dikembalikan kepada keluarga")
        REPLACED = "replaced", Phrase("kartu lama diblokir, kartu baru dipesan")
        REFERRED = "referred", Phrase("diteruskan ke penegak etik atau hukum")
        UNFOUNDED = "unfounded", Phrase("setelah diperiksa tidak terbukti")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")  # when it was found
    holder = models.CharField("dipegang oleh", max_length=30)  # a code of the policy's card_holders
    holder_name = models.CharField("nama pemegang", max_length=120, blank=True)
    accused = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField("sejak", null=True, blank=True)
    found_how = models.CharField("cara diketahui", max_length=200)
    done = models.CharField("yang sudah dilakukan", max_length=200, blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reported_on = models.DateField("dilaporkan")
    resolution = models.CharField("penyelesaian", max_length=12, choices=Resolution, blank=True)
    resolved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    resolved_on = models.DateField("diselesaikan", null=True, blank=True)
    resolved_how = models.CharField("cara diselesaikan", max_length=300, blank=True)

    class Meta:
        verbose_name = "kartu dipegang orang lain"
        constraints = [
            models.UniqueConstraint(
                # by reporter: a second one must not learn from a refusal that somebody else has spoken
                fields=["family", "reported_by"],
                condition=models.Q(resolution=""),
                name="held_card_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(resolution="", resolved_by__isnull=True, resolved_on__isnull=True)
                | (models.Q(resolved_by__isnull=False, resolved_on__isnull=False) & ~models.Q(resolution="")),
                name="held_card_resolved_by_whom_and_when",
            ),
        ]
        indexes = [models.Index(fields=["region_no", "-id"], name="held_card_place")]

    def __str__(self) -> str:
        return f"{self.family_id} {self.holder}"
