"""Activities that no other record shows, and their photographs."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.fieldwork.models.base import OwnWork
from harapan.files.models import StoredFile


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
