"""A course of the catalogue, and a batch of it: one group of people, between two days, at one place."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase


class Course(models.Model):
    """What is taught. `validity_months`: how long a certificate of it stands; empty: for good."""

    class Kind(models.TextChoices):
        BIMTAP = "bimtap", Phrase("Bimtap")
        BIMTEK = "bimtek", Phrase("Bimtek")
        DIKLAT = "diklat", Phrase("Diklat")
        WORKSHOP = "workshop", Phrase("Lokakarya")
        COACHING = "coaching", Phrase("Coaching")
        ELEARNING = "elearning", Phrase("E-learning")

    code = models.SlugField("kode", max_length=40, unique=True)
    name = models.CharField("nama", max_length=160)
    kind = models.CharField("bentuk", max_length=9, choices=Kind)
    days = models.SmallIntegerField("hari")
    hours = models.SmallIntegerField("jam pelajaran (JP)")
    validity_months = models.SmallIntegerField("berlaku (bulan)", null=True, blank=True)

    class Meta:
        verbose_name = "diklat"
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1, hours__gte=1), name="course_takes_time"),
            models.CheckConstraint(
                condition=models.Q(validity_months__isnull=True) | models.Q(validity_months__gte=1),
                name="course_is_valid_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Batch(models.Model):
    """Angkatan `number` of gelombang `wave` in a year. `region_no`: whose batch it is; 0 the ministry's or a centre's.

    `ends` is the last day taught.
    """

    class State(models.TextChoices):
        PLANNED = "planned", Phrase("Direncanakan")
        INVITED = "invited", Phrase("Peserta diundang")
        RUNNING = "running", Phrase("Berlangsung")
        ENDED = "ended", Phrase("Selesai")
        CANCELLED = "cancelled", Phrase("Dibatalkan")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="batches")
    year = models.SmallIntegerField("tahun")
    wave = models.SmallIntegerField("gelombang", default=1)
    number = models.SmallIntegerField("angkatan", default=1)
    region_no = models.BigIntegerField("penyelenggara", default=0)
    organiser = models.CharField("nama penyelenggara", max_length=120)
    place = models.CharField("tempat", max_length=160, blank=True)
    begins = models.DateField("mulai")
    ends = models.DateField("selesai")
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.PLANNED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "angkatan diklat"
        constraints = [
            models.UniqueConstraint(
                fields=["course", "year", "wave", "number", "region_no", "organiser"], name="batch_number_once"
            ),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="batch_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["region_no", "-begins", "-id"], name="batch_region_begins")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.year}/{self.wave}/{self.number}"
