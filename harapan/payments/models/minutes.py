"""Berita acara rekonsiliasi of one regency and stage: figures as drawn up, and who signed."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.files.models import StoredFile


class Minutes(models.Model):
    """Drawn up once the stage is reconciled; its figures are frozen in `figures`. Signed by dinas and bank on paper."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField("kabupaten/kota")
    number = models.CharField("nomor", max_length=80)
    on = models.DateField("tanggal")
    place = models.CharField("tempat", max_length=80, blank=True)
    office = models.CharField("dinas", max_length=160)
    office_name = models.CharField("penanda tangan dinas", max_length=120)
    office_title = models.CharField("jabatan", max_length=120, blank=True)
    office_staff_number = models.CharField("NIP", max_length=30, blank=True)
    bank = models.CharField("bank penyalur", max_length=160)
    bank_name = models.CharField("penanda tangan bank", max_length=120)
    bank_title = models.CharField("jabatan di bank", max_length=120, blank=True)
    figures = models.JSONField(default=dict)
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    drawn_at = models.DateTimeField("disusun", auto_now_add=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    office_signed_on = models.DateField("ditandatangani dinas", null=True, blank=True)
    bank_signed_on = models.DateField("ditandatangani bank", null=True, blank=True)
    signing_recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "berita acara rekonsiliasi"
        constraints = [
            models.UniqueConstraint(fields=["stage", "region_no", "number"], name="minutes_number_once"),
        ]
        indexes = [models.Index(fields=["stage", "region_no"], name="minutes_stage_region")]

    def __str__(self) -> str:
        return self.number

    @property
    def signed(self) -> bool:
        return self.office_signed_on is not None and self.bank_signed_on is not None
