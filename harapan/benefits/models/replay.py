"""What came of computing a stage again, and the pack with which others do it: each asked for by somebody, and kept.

Findings name families by number, so only the nation's scope sees them.
"""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models.approval import NATION_ONLY
from harapan.benefits.models.stage import Stage
from harapan.files.models import StoredFile


class _Asked(models.Model):
    """Long work on a finished run that somebody asked for. It ends with a result or a refusal, and stays."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField(default=NATION_ONLY)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system itself
    work_no = models.BigIntegerField("pekerjaan", null=True, blank=True)  # jobs.Work; null: done by command
    asked_at = models.DateTimeField("diminta", auto_now_add=True)
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)
    refusal = models.TextField("sebab", blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.stage_id} #{self.pk}"


class Replay(_Asked):
    """A stage computed again from its snapshots and compared with what was stored."""

    identical = models.BooleanField("identik", null=True)  # null: not ended, or refused
    output_sha256 = models.CharField("sidik hasil hitung ulang", max_length=64, blank=True)
    rows_differing = models.BigIntegerField("baris berbeda", default=0)
    engine_version = models.CharField("versi mesin", max_length=20, blank=True)  # the one that computed again
    waves = models.JSONField("gelombang", default=list)  # benefits.replaying.WaveResult, main wave first

    class Meta(_Asked.Meta):
        verbose_name = "hitung ulang"


class Pack(_Asked):
    """The auditor's pack of a stage: all that recomputes it elsewhere, as one zip file, encrypted where it lies."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField("sidik berkas", max_length=64, blank=True)

    class Meta(_Asked.Meta):
        verbose_name = "paket auditor"
