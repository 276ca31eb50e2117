"""Payment orders of a computed stage: drawn in batches, grouped into files, never changed.

An order is one family's money of one attempt. Its table is made in a migration of plain SQL, partitioned by stage; rows
come in by `payments.ordering`, never by the ORM. Where an order stands is read from the answers (`Claim`).
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from harapan.accounts.models import User
from harapan.benefits.models import Run, Stage
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild


class Instruction(models.Model):
    """One drawing of orders: the main wave, a supplementary one, money let go again, or a second attempt."""

    class Kind(models.TextChoices):
        WAVE = "wave", Phrase("pembayaran")
        RETRY = "retry", Phrase("pembayaran ulang")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    number = models.SmallIntegerField("nomor")  # of the stage, from 1
    kind = models.CharField("jenis", max_length=8, choices=Kind, default=Kind.WAVE)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("tanggal")
    at = models.DateTimeField("dicatat", auto_now_add=True)
    why = models.CharField("alasan", max_length=300, blank=True)
    orders = models.BigIntegerField("order", default=0)
    amount_idr = models.BigIntegerField("jumlah", default=0)
    held = models.BigIntegerField("ditahan", default=0)
    held_idr = models.BigIntegerField("jumlah ditahan", default=0)

    class Meta:
        verbose_name = "perintah bayar"
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["stage", "number"], name="instruction_number_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} #{self.number}"


class PaymentFileQuerySet(models.QuerySet["PaymentFile"]):
    def claim(self, file: PaymentFile, **handing: Any) -> bool:
        """True for exactly one caller, however many hand the same file over."""
        waiting = self.filter(pk=file.pk, handed_over_at__isnull=True, written_at__isnull=False)
        return waiting.update(**handing) == 1


class PaymentFile(models.Model):
    """Orders of one payer and regency, at most so many, as one file: written, read back, handed over once."""

    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="files")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField("penyalur", max_length=20)
    region_no = models.BigIntegerField("kabupaten/kota")
    part = models.SmallIntegerField("bagian")
    parts = models.SmallIntegerField("dari")
    rows = models.IntegerField("order")
    amount_idr = models.BigIntegerField("jumlah")
    layout = models.CharField("bentuk", max_length=40, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sha256 = models.CharField("sidik", max_length=64, blank=True)  # of the clear contents
    written_at = models.DateTimeField("ditulis", null=True, blank=True)
    handed_over_at = models.DateTimeField("diserahkan", null=True, blank=True)
    handed_over_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    handed_to = models.CharField("diterima oleh", max_length=120, blank=True)

    objects = PaymentFileQuerySet.as_manager()

    class Meta:
        verbose_name = "berkas pembayaran"
        ordering = ["payer", "region_no", "part"]
        constraints = [
            models.UniqueConstraint(
                fields=["instruction", "payer", "region_no", "part"], name="payment_file_part_once"
            ),
            models.CheckConstraint(
                condition=Q(written_at__isnull=True, file__isnull=True, sha256="")
                | Q(written_at__isnull=False, file__isnull=False) & ~Q(sha256=""),
                name="payment_file_written_with_its_contents",
            ),
            models.CheckConstraint(
                condition=Q(handed_over_at__isnull=True, handed_over_by__isnull=True, handed_to="")
                | Q(handed_over_at__isnull=False, handed_over_by__isnull=False, written_at__isnull=False)
                & ~Q(handed_to=""),
                name="payment_file_handed_over_by_whom_to_whom_when",
            ),
        ]
        indexes = [models.Index(fields=["stage", "region_no", "id"], name="payment_file_stage_region")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.payer} {self.region_no} {self.part}/{self.parts}"


class Order(models.Model):
    """One family's money of one attempt. `region_no` and `group_no` are those of the snapshot."""

    pk = models.CompositePrimaryKey("stage_id", "family_id", "attempt")
    stage = models.ForeignKey(Stage, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    family = models.ForeignKey("registry.Family", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    attempt = models.SmallIntegerField("upaya")
    run = models.ForeignKey(Run, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    file = models.ForeignKey(PaymentFile, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    region_no = models.BigIntegerField()
    group_no = models.BigIntegerField(db_column="group_id")
    account_id = models.BigIntegerField("rekening")  # 0: cash against a list
    payer = models.CharField("penyalur", max_length=20)
    amount_idr = models.BigIntegerField("jumlah")

    class Meta:
        managed = False
        db_table = "payments_order"
        verbose_name = "order pembayaran"

    def __str__(self) -> str:
        return f"{self.stage_id}/{self.family_id}/{self.attempt}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        raise TypeError("orders are drawn whole (payments.ordering) and never changed")


class RetryRequest(FamilyChild):
    """Somebody asks that a failed or returned payment be tried again; the next drawing of retries takes it up."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    attempt = models.SmallIntegerField("upaya")  # the one that failed
    why = models.CharField("alasan", max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("tanggal")
    drawn = models.ForeignKey(Instruction, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "permintaan bayar ulang"
        constraints = [models.UniqueConstraint(fields=["stage", "family", "attempt"], name="retry_asked_once")]

    def __str__(self) -> str:
        return f"{self.stage_id}/{self.family_id}/{self.attempt}"
