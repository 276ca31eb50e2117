"""A bank's or the post's answer file and its lines. Lines are never changed: where money stands is read from them.

A file that was booked in error is withdrawn as a whole (`payments.withdrawing`): its lines go to another table, where
nothing reads a standing from them, and the ledger is posted back.
"""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.files.models import StoredFile
from harapan.payments.enums import Outcome
from harapan.registry.models import FamilyChild


class SettlementFile(models.Model):
    """One answer file booked for a stage. The same contents a second time change nothing, unless it was withdrawn."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField("nama berkas", max_length=200)
    digest = models.CharField(max_length=64)
    payer = models.CharField("penyalur", max_length=40, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("diterima")
    at = models.DateTimeField("dicatat", auto_now_add=True)
    rows = models.IntegerField("baris", default=0)
    booked = models.IntegerField("dibukukan", default=0)
    unchanged = models.IntegerField("sudah dibukukan", default=0)
    exceptions = models.IntegerField("belum cocok", default=0)
    withdrawn_on = models.DateField("ditarik kembali", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField("alasan", max_length=300, blank=True)

    class Meta:
        verbose_name = "berkas penyelesaian"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=models.Q(withdrawn_on__isnull=True), name="settlement_file_booked_once"
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | (models.Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_because="")),
                name="settlement_file_withdrawn_by_whom_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class _Line(FamilyChild):
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)  # others begin with it
    file = models.ForeignKey(SettlementFile, on_delete=models.PROTECT, related_name="+", db_index=False)
    line = models.IntegerField("baris")
    wave = models.CharField("gelombang", max_length=20, blank=True)
    attempt = models.SmallIntegerField("upaya", default=1)  # 2 only after attempt 1 failed or came back
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    amount_idr = models.BigIntegerField("jumlah")
    on = models.DateField("tanggal")
    bank = models.CharField("penyalur", max_length=40, blank=True)
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)  # of the policy's undelivered list
    note = models.CharField("keterangan", max_length=200, blank=True)
    ntpn = models.CharField("NTPN", max_length=16, blank=True)  # of money paid back into the treasury

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.file_id}:{self.line}"


class SettlementLine(_Line):
    """One answer about the money of one listing. A line for several waves at once stands here once per wave."""

    class Meta:
        verbose_name = "jawaban pembayaran"
        constraints = [
            models.UniqueConstraint(fields=["file", "line", "wave"], name="settlement_line_once"),
            models.CheckConstraint(condition=models.Q(amount_idr__gte=0), name="settlement_amount_not_negative"),
        ]
        indexes = [
            models.Index(fields=["stage", "family", "wave", "-id"], name="settlement_latest"),
            models.Index(fields=["stage", "region_no", "family"], name="settlement_stage_region"),
        ]


class WithdrawnLine(_Line):
    """A line of a withdrawn file as it had been booked, with the number it had."""

    class Meta:
        verbose_name = "jawaban yang ditarik kembali"
        indexes = [models.Index(fields=["stage", "family"], name="withdrawn_line_family")]
