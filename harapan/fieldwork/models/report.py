"""Reports made from records: numbered once, and made anew as a further version when the records changed."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.fieldwork.models.base import OwnWork
from harapan.files.models import StoredFile


class Report(OwnWork):
    """One person's report of one month and result (RHK). Its number is unbroken within person and year."""

    year = models.SmallIntegerField("tahun")
    month = models.IntegerField("bulan")  # yyyymm
    rhk = models.SmallIntegerField("RHK")
    supervision = models.BooleanField("supervisi", default=False)  # a lead's: about the facilitators in reach
    number = models.IntegerField("nomor")

    class Meta:
        verbose_name = "laporan"
        constraints = [
            models.UniqueConstraint(fields=["user", "month", "rhk", "supervision"], name="report_once_a_month"),
            models.UniqueConstraint(fields=["user", "year", "number"], name="report_number_once"),
        ]
        indexes = [models.Index(fields=["region_no", "month"], name="report_region_month")]

    def __str__(self) -> str:
        return self.number_text

    @property
    def number_text(self) -> str:
        """ "012/RHK-3/1204/2025": the twelfth report that year of the person numbered 1204."""
        return f"{self.number:03d}/RHK-{self.rhk}/{self.user_id}/{self.year}"


class ReportVersion(OwnWork):
    """A report as it was made once. `digest` is of its contents: the same records make no further version."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    version = models.SmallIntegerField("versi")
    digest = models.CharField(max_length=64)
    code = models.CharField("kode periksa", max_length=24, unique=True)  # drawn; its QR leads to what is checked
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("tanggal")
    made_at = models.DateTimeField("dibuat", auto_now_add=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "versi laporan"
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="report_version_once")]

    def __str__(self) -> str:
        return f"{self.report_id} v{self.version}"
