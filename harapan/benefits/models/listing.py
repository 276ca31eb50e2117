"""The ministry's list for a stage, one row per family and wave. In received mode its nominal is what is due."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models.stage import Stage
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild


class ReceivedList(models.Model):
    """One file brought in for a stage. Its figures are those of its own accepted rows; it names nobody."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="lists")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    layout = models.CharField("jenis daftar", max_length=24)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system itself
    on = models.DateField("diterima")
    at = models.DateTimeField("dicatat", auto_now_add=True)
    rows = models.IntegerField("baris", default=0)
    accepted = models.IntegerField("baru", default=0)
    changed = models.IntegerField("berubah", default=0)
    unchanged = models.IntegerField("tetap", default=0)
    nominal_idr = models.BigIntegerField("jumlah", default=0)
    region_low = models.BigIntegerField(default=0)  # villages named, lowest and highest
    region_high = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "daftar diterima"
        ordering = ["-id"]
        indexes = [models.Index(fields=["stage", "-id"], name="list_stage_latest")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.on}"


class Listing(FamilyChild):
    """A family on the list of a stage, once per wave (gelombang), as the list says it."""

    # no index of their own for stage and list: others begin with the stage, and nobody asks by list
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    wave = models.CharField("gelombang", max_length=20, blank=True)
    list = models.ForeignKey(
        ReceivedList, on_delete=models.PROTECT, related_name="+", verbose_name="daftar", db_index=False
    )
    line = models.IntegerField("baris")
    name = models.CharField("nama pada daftar", max_length=120)
    bank = models.CharField("bank", max_length=40, blank=True)
    nominal_idr = models.BigIntegerField("nominal")
    component = models.CharField("komponen pada daftar", max_length=120, blank=True)
    listed_region_no = models.BigIntegerField("wilayah pada daftar", default=0)  # 0: none could be read
    region_text = models.CharField("wilayah tertulis", max_length=200, blank=True)

    class Meta:
        verbose_name = "baris daftar"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "wave"], name="listing_once_a_wave"),
            models.CheckConstraint(condition=models.Q(nominal_idr__gte=0), name="listing_nominal_not_negative"),
        ]
        indexes = [
            models.Index(fields=["stage", "region_no", "family"], name="listing_stage_region"),
            models.Index(fields=["stage", "group_no", "family"], name="listing_stage_group"),
            models.Index(fields=["family", "stage"], name="listing_family"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.wave}"
