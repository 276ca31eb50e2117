"""Somebody's place in a batch, from invitation to result."""

from __future__ import annotations

from django.db import models

from harapan.core.phrases import Phrase
from harapan.training.models.course import Batch
from harapan.workforce.models import Person, PersonChild


class Enrolment(PersonChild):
    """One person in one batch. `replaced`: whose place this one took, on the day or before."""

    class State(models.TextChoices):
        INVITED = "invited", Phrase("Diundang")
        CONFIRMED = "confirmed", Phrase("Bersedia")
        DECLINED = "declined", Phrase("Berhalangan")
        SUBSTITUTED = "substituted", Phrase("Digantikan")
        PRESENT = "present", Phrase("Hadir")
        ABSENT = "absent", Phrase("Tidak hadir")
        PASSED = "passed", Phrase("Lulus")
        FAILED = "failed", Phrase("Belum lulus")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField("keadaan", max_length=11, choices=State, default=State.INVITED)
    replaced = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField("tanggal hasil", null=True, blank=True)  # of passed and failed

    class Meta:
        verbose_name = "peserta diklat"
        constraints = [
            models.UniqueConstraint(fields=["person", "batch"], name="enrolment_once"),
            models.CheckConstraint(
                condition=~models.Q(state__in=("passed", "failed")) | models.Q(ended_on__isnull=False),
                name="enrolment_result_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="enrolment_batch_state")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.batch_id} {self.state}"
