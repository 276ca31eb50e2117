"""Five short questions to families after a random visit."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class EthicsDraw(models.Model):
    """A draw of families in one kecamatan and month. Seed and percentage repeat it over the same families."""

    region_no = models.BigIntegerField("kecamatan")
    month = models.IntegerField("bulan")  # yyyymm
    seed = models.CharField("benih", max_length=32)
    percent = models.SmallIntegerField("bagian (persen)")
    population = models.IntegerField("keluarga")
    drawn = models.IntegerField("terundi")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_on = models.DateField("diundi")

    class Meta:
        verbose_name = "undian lima pertanyaan"
        constraints = [models.UniqueConstraint(fields=["region_no", "month"], name="asked_once_a_month")]

    def __str__(self) -> str:
        return f"{self.region_no} {self.month}"


class EthicsVisit(FamilyChild):
    """A drawn family and what it answered. `facilitator` met it when drawn, and never sees the row.

    `answers` follow the questions of the day (`data/ethics/questions.yaml`), one for each, by code in `asked`.
    """

    class Answer(models.IntegerChoices):
        YES = 1, Phrase("ya")
        NO = 2, Phrase("tidak")
        UNSURE = 3, Phrase("tidak tahu")
        SILENT = 4, Phrase("tidak mau menjawab")

    draw = models.ForeignKey(EthicsDraw, on_delete=models.PROTECT, related_name="visits")
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    visited_on = models.DateField("dikunjungi", null=True, blank=True)
    visited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    found = models.BooleanField("ditemui", null=True)
    asked = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    answers = ArrayField(models.SmallIntegerField(choices=Answer), default=list, blank=True)
    note = models.CharField("catatan", max_length=300, blank=True)
    forwarded_on = models.DateField("diteruskan", null=True, blank=True)  # the case itself does not stand here

    class Meta:
        verbose_name = "lima pertanyaan"
        constraints = [models.UniqueConstraint(fields=["draw", "family"], name="family_asked_once_a_draw")]
        indexes = [models.Index(fields=["region_no", "id"], name="ethics_visit_place")]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.family_id}"
