"""Papers of the state budget: what lets money out (SPP, SPM, SP2D) and what proves that it came back (NTPN)."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.payments.models.order import Instruction


class TreasuryDocument(models.Model):
    """One paper about an instruction's money for one payer. SPM follows SPP, SP2D follows SPM, by three people."""

    class Kind(models.TextChoices):
        SPP = "spp", Phrase("SPP")
        SPM = "spm", Phrase("SPM")
        SP2D = "sp2d", Phrase("SP2D")

    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="documents")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("jenis", max_length=4, choices=Kind)
    payer = models.CharField("penyalur", max_length=20)
    number = models.CharField("nomor", max_length=80)
    on = models.DateField("tanggal")
    amount_idr = models.BigIntegerField("jumlah")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "dokumen pencairan"
        ordering = ["instruction", "payer", "id"]
        constraints = [
            models.UniqueConstraint(fields=["instruction", "payer", "kind"], name="document_once_a_payer"),
            models.UniqueConstraint(fields=["kind", "number"], name="document_number_once"),
            models.CheckConstraint(condition=models.Q(amount_idr__gt=0), name="document_of_some_money"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class TreasuryReturn(models.Model):
    """Money that reached nobody, paid back into the treasury by a payer for one regency, with its NTPN."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    payer = models.CharField("penyalur", max_length=20)
    region_no = models.BigIntegerField("kabupaten/kota")
    ntpn = models.CharField("NTPN", max_length=16)
    on = models.DateField("tanggal setor")
    failed_idr = models.BigIntegerField("dari yang gagal", default=0)
    returned_idr = models.BigIntegerField("dari yang kembali", default=0)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "setoran kembali"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ntpn"], name="return_ntpn_once"),
            models.CheckConstraint(
                condition=models.Q(failed_idr__gte=0, returned_idr__gte=0)
                & (models.Q(failed_idr__gt=0) | models.Q(returned_idr__gt=0)),
                name="return_of_some_money",
            ),
        ]
        indexes = [models.Index(fields=["stage", "region_no"], name="return_stage_region")]

    def __str__(self) -> str:
        return self.ntpn
