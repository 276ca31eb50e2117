"""Cek rekening: due families whose money may not go out yet, with the reason. Families without a row passed."""

from __future__ import annotations

from django.db import models

from harapan.benefits.models import Run
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class AccountCheck(FamilyChild):
    """One finding about one family of a run. It keeps the money of that run back until it is put right."""

    class Finding(models.TextChoices):
        NO_ACCOUNT = "no_account", Phrase("Belum ada rekening")
        NO_NUMBER = "no_number", Phrase("Nomor rekening belum tercatat")
        UNKNOWN_PAYER = "unknown_payer", Phrase("Bank penyalur tidak dikenal")
        SAME_NIK = "same_nik", Phrase("NIK pengurus yang sama pada keluarga lain")
        SHARED = "shared", Phrase("Rekening yang sama dipakai keluarga lain")
        NAME = "name", Phrase("Nama pemilik rekening tidak cocok dengan pengurus")
        CENTRE = "centre", Phrase("Gagal cek rekening menurut pusat")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    finding = models.CharField("temuan", max_length=16, choices=Finding)
    net_idr = models.BigIntegerField("jumlah")

    class Meta:
        verbose_name = "temuan cek rekening"
        constraints = [models.UniqueConstraint(fields=["run", "family"], name="account_check_once_a_family")]
        indexes = [models.Index(fields=["run", "region_no", "family"], name="account_check_region")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.family_id} {self.finding}"
