"""A run of the engine for a stage, and its rows: partitioned by run, composite keys, never changed (design.md 3).

Entitlement and Line carry region and group of the moment of the run. Their tables are made in a migration of plain SQL;
rows come in by `benefits.storing`, never by the ORM.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models.snapshot import Snapshot
from harapan.benefits.models.stage import Stage
from harapan.core.components import LABELS_ID, Component
from harapan.core.phrases import Phrase
from harapan.database import places
from harapan.policy.stage_rules import StageRules


class RunQuerySet(models.QuerySet["Run"]):
    def live(self) -> RunQuerySet:
        """Done and not superseded: at most one for a stage and wave."""
        return self.filter(state=Run.State.DONE)


class Run(models.Model):
    """One computation, beside a list (received mode) or from a snapshot (computed mode). Immutable once done."""

    class State(models.TextChoices):
        RUNNING = "running", Phrase("sedang berjalan")
        DONE = "done", Phrase("selesai")
        FAILED = "failed", Phrase("gagal")
        REFUSED = "refused", Phrase("ditolak")
        SUPERSEDED = "superseded", Phrase("diganti")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="runs")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="runs")
    wave = models.SmallIntegerField("susulan", default=0)  # the snapshot's
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.RUNNING)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system itself
    started_at = models.DateTimeField("mulai", auto_now_add=True)
    ended_at = models.DateTimeField("berakhir", null=True, blank=True)
    beat_at = models.DateTimeField("tanda hidup", null=True, blank=True)
    ranges_done = models.IntegerField("bagian selesai", default=0)
    ranges = models.IntegerField("bagian", default=0)
    data_as_of = models.DateTimeField("data per", null=True, blank=True)
    families = models.BigIntegerField("keluarga", default=0)
    lines = models.BigIntegerField("baris", default=0)
    paid = models.BigIntegerField("keluarga dibayar", default=0)
    gross_idr = models.BigIntegerField("sebelum potongan", default=0)
    cut_idr = models.BigIntegerField("potongan", default=0)
    net_idr = models.BigIntegerField("bersih", default=0)
    output_sha256 = models.CharField("sidik hasil", max_length=64, blank=True)
    rules = models.JSONField("aturan", default=dict)  # StageRules.as_json() of this run
    manifest = models.JSONField(default=dict)  # engine and version, rows in and out of each step
    refusal = models.TextField("sebab", blank=True)
    retired_at = models.DateTimeField("barisnya dihapus", null=True, blank=True)  # superseded, rows dropped

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = "hasil hitung"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "wave"], condition=models.Q(state="done"), name="run_one_live_for_a_wave"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} #{self.pk}"

    @property
    def folder(self) -> Path:
        """Where the engine's output of a computed stage lies. One for all runs of a snapshot: they ask the same."""
        if self.snapshot is None:
            raise ValueError(f"run {self.pk} was computed beside a list and has no output folder")
        return places.folder("runs") / self.stage.name / str(self.snapshot.number)

    @property
    def stage_rules(self) -> StageRules:
        """The law this run was computed with."""
        return StageRules.from_json(json.dumps(self.rules))


class _RunRow(models.Model):
    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    family = models.ForeignKey("registry.Family", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    region_no = models.BigIntegerField()
    group_no = models.BigIntegerField(db_column="group_id")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("rows of a run are loaded whole (benefits.storing) and never changed")


class Entitlement(_RunRow):
    """What a run found due to a family, and why (`engine.tables.ENTITLEMENTS`)."""

    pk = models.CompositePrimaryKey("run_id", "family_id")
    decision = models.SmallIntegerField("keputusan")  # engine.tables.Decision
    gross_idr = models.BigIntegerField()
    cut_idr = models.BigIntegerField()
    net_idr = models.BigIntegerField()
    back_pay_idr = models.BigIntegerField(default=0)  # part of gross_idr
    recovered_idr = models.BigIntegerField(default=0)  # part of cut_idr
    reasons = models.BigIntegerField()
    account_id = models.BigIntegerField("rekening", default=0)  # as frozen; 0: none, or a run beside a list
    payer = models.CharField("penyalur", max_length=20, default="")  # bank or POS, as frozen

    class Meta:
        managed = False
        db_table = "benefits_entitlement"
        verbose_name = "hak keluarga"

    def __str__(self) -> str:
        return f"{self.run_id} {self.family_id}"


class Line(_RunRow):
    """What a member brings, or why not (`engine.tables.LINES`)."""

    pk = models.CompositePrimaryKey("run_id", "family_id", "member_id")
    member = models.ForeignKey("registry.Member", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    component = models.SmallIntegerField("komponen")  # 0: none, and reason says why
    annual_idr = models.BigIntegerField()
    stage_idr = models.BigIntegerField()
    counted = models.BooleanField("dihitung")
    reason = models.IntegerField()

    class Meta:
        managed = False
        db_table = "benefits_line"
        verbose_name = "baris hak"

    def __str__(self) -> str:
        return f"{self.run_id} {self.member_id}"

    @property
    def component_label(self) -> Phrase:
        return LABELS_ID[Component(self.component)] if self.component else Phrase("belum ada komponen")
