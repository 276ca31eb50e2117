"""Money kept back before it is paid: by the centre (exclude) or by a decision."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class Hold(FamilyChild):
    """A family's money of a stage is held from a day on, until lifted. An answer of the bank outweighs it.

    In computed mode `amount_idr` is what the family was due when orders were drawn without it; nought before that, and
    always in received mode, where the list says it.
    """

    class Cause(models.TextChoices):
        DECISION = "decision", Phrase("keputusan")
        CENTRE = "centre", Phrase("dikecualikan pusat")
        ACCOUNT = "account", Phrase("cek rekening")
        SANCTION = "sanction", Phrase("penangguhan")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)  # others begin with it
    since = models.DateField("sejak")
    why = models.CharField("alasan", max_length=300)
    cause = models.CharField("sebab", max_length=8, choices=Cause, default=Cause.DECISION)
    amount_idr = models.BigIntegerField("jumlah", default=0)
    by_centre = models.BooleanField("oleh pusat", default=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    lifted_on = models.DateField("dilepas", null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.CharField("alasan dilepas", max_length=300, blank=True)

    class Meta:
        verbose_name = "penahanan"
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "family"], condition=models.Q(lifted_on__isnull=True), name="hold_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_on__isnull=True, lifted_because="")
                | (models.Q(lifted_on__isnull=False) & ~models.Q(lifted_because="")),
                name="hold_lifted_when_and_why",
            ),
        ]
        indexes = [models.Index(fields=["stage", "region_no", "family"], name="hold_stage_region")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id}"
