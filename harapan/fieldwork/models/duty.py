"""Extra duties under an order letter, and activities that no other record shows."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.fieldwork.models.base import OwnWork
from harapan.files.models import StoredFile


class Duty(OwnWork):
    """An assignment beside the own families (surat tugas). Its days lower target and load by policy."""

    kind = models.CharField("jenis", max_length=20)  # DutyKind.code
    title = models.CharField("untuk", max_length=160)
    place = models.CharField("tempat", max_length=120)
    letter_no = models.CharField("nomor surat", max_length=80)
    letter_on = models.DateField("tanggal surat")
    letter_by = models.CharField("penanda tangan", max_length=120)
    letter_by_post = models.CharField("jabatan penanda tangan", max_length=120)
    first_on = models.DateField("dari")
    last_on = models.DateField("sampai")
    minutes_a_day = models.SmallIntegerField("menit sehari")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)
    cancelled_on = models.DateField("dibatalkan", null=True, blank=True)
    cancelled_because = models.CharField("sebab dibatalkan", max_length=200, blank=True)

    class Meta:
        verbose_name = "tugas tambahan"
        constraints = [
            models.UniqueConstraint(fields=["user", "letter_no", "first_on"], name="duty_once_a_letter"),
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="duty_in_order"),
            models.CheckConstraint(condition=Q(minutes_a_day__range=(30, 720)), name="duty_minutes_of_a_day"),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_because="")
                | (Q(cancelled_on__isnull=False) & ~Q(cancelled_because="")),
                name="duty_cancelled_when_and_why",
            ),
        ]
        indexes = [models.Index(fields=["region_no", "first_on"], name="duty_region_day")]

    def __str__(self) -> str:
        return self.letter_no


class Activity(OwnWork):
    """Something done for a result that no record of another kind shows: a meeting, a directive, news shared."""

    rhk = models.SmallIntegerField("RHK")
    action = models.CharField("kegiatan", max_length=24)  # Action.code
    held_on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    place = models.CharField("tempat", max_length=120)
    text = models.CharField("uraian", max_length=400)
    settled = models.BooleanField("selesai ditangani", default=True)  # of percent results: handled, or still open
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "kegiatan"
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="activity_ends_after_it_began"),
            models.CheckConstraint(condition=Q(rhk__range=(1, 9)), name="activity_for_a_result"),
            models.CheckConstraint(condition=~Q(text=""), name="activity_says_something"),
            models.UniqueConstraint(fields=["user", "held_on", "begins", "action"], name="activity_once"),
        ]
        indexes = [models.Index(fields=["user", "held_on"], name="activity_user_day")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.held_on} {self.action}"


class ActivityPhotograph(OwnWork):
    """A photograph of an activity: as it came, and a copy to look at."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="photographs")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("tanggal kamera", null=True, blank=True)
    taken_time = models.TimeField("jam kamera", null=True, blank=True)
    latitude = models.FloatField("lintang", null=True, blank=True)
    longitude = models.FloatField("bujur", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "foto kegiatan"
        constraints = [
            models.UniqueConstraint(fields=["activity", "original"], name="activity_photograph_once"),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="activity_photograph_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} {self.pk}"
