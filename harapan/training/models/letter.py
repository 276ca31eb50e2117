"""The order letters (surat tugas) of a batch: one number for each version, whoever it sends."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.training.models.course import Batch


class OrderLetter(models.Model):
    """Surat tugas `number` of whoever organises in a year: unbroken in place, organiser and year.

    A batch that moves keeps its number and gets a further version. One list for each region, or a sheet for each
    person, are printed from it; both bear this number.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="letters")
    version = models.SmallIntegerField("versi")
    place_no = models.BigIntegerField(editable=False)  # the batch's region_no
    organiser = models.CharField(max_length=120, editable=False)
    year = models.SmallIntegerField("tahun")
    number = models.IntegerField("nomor")
    dated = models.DateField("tanggal")
    signer = models.CharField("penanda tangan", max_length=120)
    signer_post = models.CharField("jabatan penanda tangan", max_length=120)
    basis = models.CharField("dasar", max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "surat tugas diklat"
        constraints = [
            models.UniqueConstraint(fields=["batch", "version"], name="order_letter_once_a_version"),
            models.UniqueConstraint(
                fields=["place_no", "organiser", "year", "number", "version"], name="order_letter_number_once"
            ),
        ]

    def __str__(self) -> str:
        return self.full_number

    @property
    def full_number(self) -> str:
        """ "ST-012/Diklat/2025", with the version from the second on."""
        again = f".{self.version}" if self.version > 1 else ""
        return f"ST-{self.number:03d}{again}/Diklat/{self.year}"
