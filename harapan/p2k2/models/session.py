"""A meeting of a group as it was held, and its photographs."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from harapan.accounts.models import User
from harapan.files.models import StoredFile
from harapan.registry.models import GroupChild


class Session(GroupChild):
    """One P2K2 meeting. Times are those on the wall where the group meets. `number` counts within group and year.

    `beside`: the mentor of whoever recorded it, who sat beside them.
    """

    held_on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    lesson = models.CharField("sesi", max_length=24)  # Lesson.code of data/curriculum
    place = models.CharField("tempat", max_length=120)
    speaker = models.CharField("narasumber", max_length=120)
    speaker_post = models.CharField("jabatan atau instansi", max_length=120, blank=True)
    materials = models.CharField("bahan dan alat", max_length=200, blank=True)
    minutes = models.TextField("notulensi", blank=True)
    year = models.SmallIntegerField(editable=False)
    number = models.IntegerField("nomor", editable=False)
    late_because = models.CharField("alasan terlambat dicatat", max_length=200, blank=True)
    beside = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pembimbing"
    )
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", default=timezone.now)

    class Meta:
        verbose_name = "pertemuan P2K2"
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="session_ends_after_it_began"),
            models.UniqueConstraint(fields=["group", "year", "number"], name="session_number_once"),
            # what attendance repeats of it, held equal by a composite key
            models.UniqueConstraint(fields=["id", "held_on", "begins", "ends", "lesson"], name="session_when_and_what"),
        ]
        indexes = [
            models.Index(fields=["group", "held_on"], name="session_group_day"),
            models.Index(fields=["region_no", "held_on"], name="session_region_day"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.held_on}"

    @property
    def report_number(self) -> str:
        """ "007/P2K2/1204/2025": the seventh meeting of the group numbered 1204 that year."""
        return f"{self.number:03d}/P2K2/{self.group_id}/{self.year}"


class PhotographQuerySet(models.QuerySet["Photograph"]):
    def shown(self) -> PhotographQuerySet:
        """Those nobody has taken away, in the order they came."""
        return self.filter(removed_on__isnull=True).order_by("pk")


class Photograph(GroupChild):
    """A photograph of a meeting: as it came, and a copy to look at without what its maker left inside.

    Place and time are read from the original. They are what a camera claims, which can be wrong. One taken away,
    because it is of another meeting or shows what it should not, is in no list and no report; why stays.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="photographs")
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("tanggal kamera", null=True, blank=True)  # the camera's own clock, without a zone
    taken_time = models.TimeField("jam kamera", null=True, blank=True)
    latitude = models.FloatField("lintang", null=True, blank=True)
    longitude = models.FloatField("bujur", null=True, blank=True)
    looks = models.BigIntegerField(editable=False, null=True)  # `files.pictures.looks_of`
    looks_known = models.BooleanField(default=False, editable=False)  # else `files.looking` has still to look
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)
    removed_on = models.DateField("diambil kembali", null=True, blank=True)
    removed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    removed_because = models.CharField("sebab diambil kembali", max_length=200, blank=True)

    objects = PhotographQuerySet.as_manager()

    class Meta:
        verbose_name = "foto pertemuan"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(removed_on__isnull=True, removed_by__isnull=True, removed_because="")
                | (models.Q(removed_on__isnull=False, removed_by__isnull=False) & ~models.Q(removed_because="")),
                name="photograph_removed_by_whom_when_and_why",
            ),
            models.UniqueConstraint(fields=["session", "original"], name="photograph_once_a_session"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="photograph_on_earth",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], name="photograph_not_looked_at", condition=models.Q(looks_known=False)),
        ]

    def __str__(self) -> str:
        return f"{self.session_id} {self.pk}"
