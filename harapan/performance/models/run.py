"""Monthly runs, what each person recorded in a month, and the weight of each indicator."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.database.fields import DrawnBigAutoField
from harapan.performance.models.seen import PersonalQuerySet
from harapan.performance.words import INDICATORS


class IntegrityRun(models.Model):
    """The latest run of a month: how much it looked at, and by which thresholds. No person stands in it."""

    id = DrawnBigAutoField(primary_key=True)
    month = models.IntegerField("bulan", unique=True)
    ran_on = models.DateField("dijalankan")
    ran_by = models.BigIntegerField()  # user number; 0: the system
    people = models.IntegerField("pendamping")
    records = models.IntegerField("catatan")
    findings = models.IntegerField("temuan")
    law = models.JSONField("ambang")
    recorded_at = models.DateTimeField("dicatat", auto_now=True)

    class Meta:
        verbose_name = "pemeriksaan bulanan"

    def __str__(self) -> str:
        return str(self.month)


class PersonMonth(models.Model):
    """What a facilitator recorded in a month: whoever stands here can be drawn for a check visit."""

    id = DrawnBigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField(editable=False)
    month = models.IntegerField("bulan")
    sessions = models.IntegerField("pertemuan")
    facility_months = models.IntegerField("bulan fasilitas")

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = "bulan kerja pendamping"
        constraints = [models.UniqueConstraint(fields=["person", "month"], name="person_month_once")]
        indexes = [models.Index(fields=["region_no", "month"], name="person_month_region")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month}"


class IndicatorWeight(models.Model):
    """From a day on, how much an indicator counts in the order of lists, and the check visits it rests on.

    Never changed: a new weight is a new row, open to everybody who sees findings.
    """

    id = DrawnBigAutoField(primary_key=True)
    indicator = models.CharField(
        "penanda", max_length=20, choices=[(code, each.title) for code, each in INDICATORS.items()]
    )
    since = models.DateField("sejak")
    percent = models.SmallIntegerField("bobot")
    checked = models.IntegerField("kunjungan cek")
    share = models.FloatField("terbukti")
    low = models.FloatField("paling rendah")
    high = models.FloatField("paling tinggi")
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    why = models.CharField("alasan", max_length=200)
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "bobot penanda"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "since"], name="indicator_weight_once_a_day"),
            models.CheckConstraint(condition=models.Q(percent__range=(0, 100)), name="indicator_weight_in_percent"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator} {self.since}"
