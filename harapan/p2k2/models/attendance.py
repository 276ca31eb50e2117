"""Whether a family was there, on whose word."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.p2k2.models.session import Session
from harapan.registry.models import FamilyChild


class Mark(models.IntegerChoices):
    PRESENT = 1, Phrase("hadir")
    SICK = 2, Phrase("sakit")
    EXCUSED = 3, Phrase("izin")
    ABSENT = 4, Phrase("alpa")
    REPRESENTED = 5, Phrase("diwakili")


THERE = (Mark.PRESENT, Mark.REPRESENTED)  # what the family has heard of the lesson


class Attendance(FamilyChild):
    """A family at one meeting. No row: nobody has said anything.

    Day, hours and lesson are the meeting's, held equal by a composite key: the row follows a family that moves to
    another group, whose facilitator does not see the meeting itself.
    """

    class Manner(models.IntegerChoices):
        SINGLE = 1, Phrase("ditandai satu per satu")
        REST = 2, Phrase("semua hadir kecuali")

    # the composite key holds it
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendance", db_constraint=False)
    held_on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    lesson = models.CharField("sesi", max_length=24)
    mark = models.SmallIntegerField("kehadiran", choices=Mark)
    represented_by = models.CharField("diwakili oleh", max_length=120, blank=True)
    manner = models.SmallIntegerField("cara", choices=Manner)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dinyatakan")

    class Meta:
        verbose_name = "kehadiran"
        constraints = [
            models.UniqueConstraint(fields=["session", "family"], name="attendance_once_a_session"),
            models.CheckConstraint(
                condition=models.Q(mark=Mark.REPRESENTED) & ~models.Q(represented_by="")
                | ~models.Q(mark=Mark.REPRESENTED) & models.Q(represented_by=""),
                name="attendance_represented_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["family", "held_on"], name="attendance_family_day")]

    def __str__(self) -> str:
        return f"{self.family_id} {self.held_on}"
