"""The centre's word on a family in a stage, as SIKS-NG shows it."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.exchange.status.codec import STATUS_LABELS
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild

WORDS = [(str(word), label) for word, label in STATUS_LABELS.items()]


class CentreStatus(FamilyChild):
    """Final closing, cek rekening, SPM, SP2D, SI, top up, exclude: kept as told; the latest is what holds."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)  # others begin with it
    word = models.CharField("status", max_length=20, choices=WORDS)
    reason = models.CharField("alasan", max_length=200, blank=True)
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)  # of the policy's exclude list
    on = models.DateField("per tanggal")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    line = models.IntegerField("baris", default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "status pusat"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "word", "on"], name="centre_status_once_a_day")
        ]
        indexes = [
            models.Index(fields=["stage", "family", "-on", "-id"], name="status_latest"),
            models.Index(fields=["stage", "region_no", "family"], name="status_stage_region"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.word}"
