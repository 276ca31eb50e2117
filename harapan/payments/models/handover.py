"""Money and cash aid handed over on a day at a place: where and when, and what was said of each family."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild, GroupChild


class Programme(models.TextChoices):
    """Whose money it is: both are paid over one counter and on one list (facts 0, seed 002)."""

    PKH = "pkh", Phrase("PKH")
    BPNT = "bpnt", Phrase("BPNT")


class PayoutDay(models.Model):
    """When and where a village is paid for a stage. It names nobody."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField("desa/kelurahan")
    on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    place = models.CharField("tempat", max_length=120)
    payer = models.CharField("penyalur", max_length=40)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "hari bayar"
        ordering = ["on", "begins"]
        constraints = [
            models.UniqueConstraint(fields=["stage", "region_no", "on", "begins"], name="payout_day_once"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="payout_day_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.region_no} {self.on}"


class ProgrammeDue(FamilyChild):
    """What another programme owes a family in the months of a stage, with where the figure comes from."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField("program", max_length=8, choices=Programme)
    amount_idr = models.BigIntegerField("jumlah")
    source = models.CharField("sumber", max_length=120)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "bantuan program lain"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "programme"], name="programme_due_once"),
            models.CheckConstraint(condition=models.Q(amount_idr__gt=0), name="programme_due_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.stage_id} {self.family_id}"


class HandoverProof(GroupChild):
    """One photographed page of a group's signed list, or a photograph of the hand-over itself."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    page = models.SmallIntegerField("halaman")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("difoto", null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "bukti serah terima"
        constraints = [models.UniqueConstraint(fields=["stage", "group", "original"], name="handover_proof_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.group_id} {self.page}"


class Handover(FamilyChild):
    """Whether a family got the money of a stage. No row: nobody has said anything, which is never "received"."""

    class Outcome(models.IntegerChoices):
        RECEIVED = 1, Phrase("diterima")
        NOT_RECEIVED = 2, Phrase("belum diterima")

    class Manner(models.IntegerChoices):
        SINGLE = 1, Phrase("satu per satu")
        REST = 2, Phrase("semua menerima kecuali yang ditandai")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField("program", max_length=8, choices=Programme, default=Programme.PKH)
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    on = models.DateField("tanggal")
    amount_idr = models.BigIntegerField("jumlah")
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)  # of the policy's undelivered list
    manner = models.SmallIntegerField("cara", choices=Manner, default=Manner.SINGLE)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now_add=True)
    late_because = models.CharField("alasan terlambat", max_length=200, blank=True)
    proof = models.ForeignKey(HandoverProof, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "serah terima"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "programme"], name="handover_once"),
            models.CheckConstraint(
                condition=models.Q(outcome=1, reason_code="") | (models.Q(outcome=2) & ~models.Q(reason_code="")),
                name="handover_reason_where_not_received",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "group_no", "family"], name="handover_stage_group"),
            models.Index(fields=["stage", "region_no", "family"], name="handover_stage_region"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.outcome}"
