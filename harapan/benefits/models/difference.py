"""Where the ministry's amount and ours part, with a likely reason, until a person answers."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.enums import NOBODYS_FAULT, Certainty, Reason
from harapan.benefits.models.run import Run
from harapan.benefits.models.stage import Stage
from harapan.registry.models import FamilyChild


class Difference(FamilyChild):
    """One family of a stage whose received and computed amounts differ."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)  # others begin with it
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    received_idr = models.BigIntegerField("menurut daftar")
    computed_idr = models.BigIntegerField("menurut hitungan")
    listed = models.BooleanField("ada di daftar")
    reason = models.CharField("kemungkinan sebab", max_length=16, choices=Reason)
    certainty = models.SmallIntegerField("kepastian", choices=Certainty)
    # what the words need: component, member, months, amount; never a name or a number of a person
    detail = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField("dijawab", null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.CharField("jawaban", max_length=300, blank=True)

    class Meta:
        verbose_name = "selisih"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family"], name="difference_once_a_family"),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (models.Q(answered_at__isnull=False, answered_by__isnull=False) & ~models.Q(answer="")),
                name="difference_answered_by_whom_when_and_how",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "region_no", "family"], name="difference_stage_region"),
            models.Index(fields=["stage", "group_no", "family"], name="difference_stage_group"),
            models.Index(fields=["stage", "reason", "family"], name="difference_stage_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.reason}"

    @property
    def delta_idr(self) -> int:
        """Received less computed."""
        return self.received_idr - self.computed_idr

    @property
    def open(self) -> bool:
        return self.answered_at is None

    @property
    def nobodys_fault(self) -> bool:
        return Reason(self.reason) in NOBODYS_FAULT
