"""Trainers, the classes of a batch, and what each class is taught when, where and by whom."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import models

from harapan.accounts.models import User
from harapan.training.models.course import Batch, CourseTopic


class Trainer(models.Model):
    """Who teaches, of a training centre or from elsewhere; with an account or without."""

    name = models.CharField("nama", max_length=120)
    institution = models.CharField("lembaga", max_length=120)
    user = models.OneToOneField(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "pelatih"
        constraints = [models.UniqueConstraint(fields=["name", "institution"], name="trainer_once")]

    def __str__(self) -> str:
        return self.name


class TrainingClass(models.Model):
    """One class of a batch, in the room where it usually sits."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="classes")
    number = models.SmallIntegerField("nomor")
    room = models.CharField("ruang", max_length=60)

    class Meta:
        verbose_name = "kelas"
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="class_number_once")]

    def __str__(self) -> str:
        return self.letter

    @property
    def letter(self) -> str:
        """ "A" for the first, "AA" after "Z"."""
        name, left = "", self.number
        while left:
            left, place = divmod(left - 1, 26)
            name = chr(ord("A") + place) + name
        return name


class ClassSession(models.Model):
    """Hours of one topic, taught to one class by one trainer in one room between two moments of a day.

    The database refuses a trainer, a room of a place or a class in two of them at once. `opened_at`: when its code was
    last shown; participants use it for some minutes from then.
    """

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="sessions")
    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="sessions")
    topic = models.ForeignKey(CourseTopic, on_delete=models.PROTECT, related_name="+")
    trainer = models.ForeignKey(Trainer, on_delete=models.PROTECT, related_name="sessions")
    day = models.DateField("hari")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    hours = models.SmallIntegerField("JP")
    room = models.CharField("ruang", max_length=60)
    room_key = models.CharField(max_length=240, editable=False)  # place and room, as the database compares them
    opened_at = models.DateTimeField("kode dibuka", null=True, blank=True)

    class Meta:
        verbose_name = "sesi kelas"
        constraints = [
            models.UniqueConstraint(fields=["id", "batch"], name="class_session_in_batch"),  # what its marks refer to
            models.CheckConstraint(
                condition=models.Q(ends__gt=models.F("begins"), hours__gte=1), name="class_session_takes_time"
            ),
        ]
        indexes = [models.Index(fields=["batch", "day", "begins"], name="class_session_batch_day")]

    def __str__(self) -> str:
        return f"{self.training_class_id} {self.day} {self.begins:%H.%M}"


def room_key(batch: Batch, room: str) -> str:
    return f"{' '.join(batch.place.lower().split())}/{' '.join(room.lower().split())}"


def plus_minutes(at: time, minutes: int) -> time:
    """The clock so many minutes later, on the same day."""
    return (datetime.combine(date(2000, 1, 1), at) + timedelta(minutes=minutes)).time()
