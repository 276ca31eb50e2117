"""A freeze: what the rules read of a stage at one moment, in Parquet files with a manifest. It names nobody.

A stage is frozen once for its main wave (0), and once for each supplementary one (susulan, 1 and up). The steps of a
wave after the freeze stand here too; the stage's own state follows those of the main wave.
"""

from __future__ import annotations

import json
from pathlib import Path

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models.stage import Stage
from harapan.core.phrases import Phrase
from harapan.database import places
from harapan.policy.stage_rules import StageRules


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def live(self) -> SnapshotQuerySet:
        """Frozen and in force: at most one for a stage and wave."""
        return self.exclude(state__in=(Snapshot.State.RUNNING, Snapshot.State.FAILED, Snapshot.State.SUPERSEDED))


class Snapshot(models.Model):
    """One freeze of a stage. Its files and manifest never change; `state` says how far its wave has come."""

    class State(models.TextChoices):
        RUNNING = "running", Phrase("sedang dibekukan")
        FAILED = "failed", Phrase("gagal")
        SUPERSEDED = "superseded", Phrase("diganti")
        FROZEN = "frozen", Phrase("dibekukan")
        COMPUTED = "computed", Phrase("dihitung")
        CHECKED = "checked", Phrase("diperiksa")
        APPROVED = "approved", Phrase("disetujui")
        INSTRUCTED = "instructed", Phrase("diperintahkan")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="snapshots")
    number = models.SmallIntegerField("nomor")  # of the freezes of the stage, from 1
    wave = models.SmallIntegerField("susulan", default=0)  # 0: the main one
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.RUNNING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system itself
    on = models.DateField("tanggal")
    started_at = models.DateTimeField("mulai", auto_now_add=True)
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)
    beat_at = models.DateTimeField("tanda hidup", null=True, blank=True)
    data_as_of = models.DateTimeField("data per", null=True, blank=True)
    ranges_done = models.IntegerField("bagian selesai", default=0)
    ranges = models.IntegerField("bagian", default=0)
    families = models.BigIntegerField("keluarga", default=0)
    members = models.BigIntegerField("anggota", default=0)
    manifest = models.JSONField(default=dict)  # as in the folder's manifest.json: files, counts, moment, rules
    manifest_sha256 = models.CharField("sidik manifes", max_length=64, blank=True)
    refusal = models.TextField("sebab", blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = "pembekuan"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "number"], name="snapshot_number_once"),
            models.UniqueConstraint(
                fields=["stage", "wave"],
                condition=~models.Q(state__in=["running", "failed", "superseded"]),
                name="snapshot_one_live_for_a_wave",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} #{self.number}"

    @property
    def folder(self) -> Path:
        """Where its files lie; it is there only once the freeze is whole."""
        return places.folder("snapshots") / self.stage.name / str(self.number)

    @property
    def rules(self) -> StageRules:
        """The law as it was resolved at the freeze: every run of this snapshot computes by it."""
        return StageRules.from_json(json.dumps(self.manifest["rules"]))

    @property
    def wave_label(self) -> str:
        return "utama" if self.wave == 0 else f"susulan {self.wave}"
