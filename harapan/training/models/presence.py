"""Who was there in which session of a class."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.training.models.classes import ClassSession
from harapan.training.models.course import Batch
from harapan.training.models.enrolment import Enrolment
from harapan.workforce.models import PersonChild


class Mark(models.TextChoices):
    PRESENT = "present", Phrase("Hadir")
    SICK = "sick", Phrase("Sakit")
    EXCUSED = "excused", Phrase("Izin")
    ABSENT = "absent", Phrase("Alpa")


class Via(models.TextChoices):
    LIST = "list", Phrase("daftar hadir")
    CARD = "card", Phrase("kode peserta")
    CODE = "code", Phrase("kode sesi")
    FILE = "file", Phrase("berkas")


class ClassAttendance(PersonChild):
    """One participant in one session, as last said. `via`: how it was told; all ways weigh the same."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attendance")
    session = models.ForeignKey(ClassSession, on_delete=models.PROTECT, related_name="attendance")
    mark = models.CharField("tanda", max_length=7, choices=Mark)
    via = models.CharField("cara", max_length=4, choices=Via)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now=True)

    class Meta:
        verbose_name = "kehadiran kelas"
        constraints = [models.UniqueConstraint(fields=["enrolment", "session"], name="class_attendance_once")]
        indexes = [models.Index(fields=["session"], name="class_attendance_session")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.session_id} {self.mark}"
