"""Who has read and signed the code of ethics, in which year."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.workforce.models.person import PersonChild


class CodeSignature(PersonChild):
    """One person's word for one year and one version of the code (`data/ethics/code.yaml`).

    `paper`: number of the sheet where it was signed by hand; empty where the person signed here.
    """

    year = models.SmallIntegerField("tahun")
    version = models.CharField("naskah", max_length=20)
    signed_on = models.DateField("ditandatangani")
    paper = models.CharField("nomor lembar", max_length=80, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "tanda tangan kode etik"
        constraints = [
            models.UniqueConstraint(fields=["person", "year", "version"], name="code_signed_once_a_year"),
            models.CheckConstraint(condition=models.Q(year__range=(2018, 2099)), name="code_signed_in_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.year} {self.version}"
