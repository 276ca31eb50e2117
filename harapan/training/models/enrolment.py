"""Somebody's place in a batch, from invitation to result."""

from __future__ import annotations

from django.db import models

from harapan.core.phrases import Phrase
from harapan.database.phrases import PhraseField
from harapan.training.models.classes import TrainingClass
from harapan.training.models.course import Batch, Quota
from harapan.training.models.place_plan import PlacePlan
from harapan.workforce.models import Person, PersonChild


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def taking(self) -> EnrolmentQuerySet:
        """Those who take a place of the batch."""
        return self.filter(state__in=TAKING)

    def coming(self) -> EnrolmentQuerySet:
        """Those who are expected, were there, or have a result."""
        return self.filter(state__in=COMING)


class Enrolment(PersonChild):
    """One person in one batch. `replaced`: whose place this one took, on the day or before.

    `asked_version`: the letter they were asked by; an answer holds for that one. `code`: what their card shows, drawn
    once they are invited. `result_why`: what was missing of those who have not passed. `place_plan`: which gave it.
    """

    class State(models.TextChoices):
        INVITED = "invited", Phrase("Diundang")
        CONFIRMED = "confirmed", Phrase("Bersedia")
        DECLINED = "declined", Phrase("Berhalangan")
        SUBSTITUTED = "substituted", Phrase("Digantikan")
        PRESENT = "present", Phrase("Hadir")
        ABSENT = "absent", Phrase("Tidak hadir")
        PASSED = "passed", Phrase("Lulus")
        FAILED = "failed", Phrase("Belum lulus")

    class Travel(models.TextChoices):
        UNTOLD = "", Phrase("belum diketahui")
        TOGETHER = "together", Phrase("bersama rombongan")
        OWN = "own", Phrase("kendaraan sendiri")
        PUBLIC = "public", Phrase("angkutan umum")
        AIR = "air", Phrase("pesawat")
        SEA = "sea", Phrase("kapal")

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="enrolments")
    state = models.CharField("keadaan", max_length=11, choices=State, default=State.INVITED)
    replaced = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField("tanggal hasil", null=True, blank=True)  # of passed and failed
    quota = models.ForeignKey(Quota, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments")
    training_class = models.ForeignKey(
        TrainingClass, on_delete=models.PROTECT, null=True, blank=True, related_name="enrolments"
    )
    asked_version = models.SmallIntegerField("versi surat", default=1, db_default=1)
    answered_on = models.DateField("menjawab pada", null=True, blank=True)
    why = models.CharField("sebab berhalangan", max_length=200, blank=True, db_default="")
    travels_by = models.CharField("berangkat dengan", max_length=8, choices=Travel, blank=True, db_default="")
    code = models.CharField("kode peserta", max_length=12, null=True, blank=True, unique=True)
    result_why = PhraseField("yang kurang", blank=True, db_default="")
    place_plan = models.ForeignKey(PlacePlan, on_delete=models.PROTECT, null=True, blank=True, related_name="places")

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = "peserta diklat"
        constraints = [
            models.UniqueConstraint(fields=["person", "batch"], name="enrolment_once"),
            models.UniqueConstraint(fields=["id", "batch"], name="enrolment_in_batch"),  # what its marks refer to
            models.CheckConstraint(
                condition=~models.Q(state__in=("passed", "failed")) | models.Q(ended_on__isnull=False),
                name="enrolment_result_has_a_day",
            ),
        ]
        indexes = [models.Index(fields=["batch", "state"], name="enrolment_batch_state")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.batch_id} {self.state}"

    @property
    def is_coming(self) -> bool:
        return self.state in COMING


# a place is taken until it is given back; whoever declined or was replaced has given it back
TAKING = (
    Enrolment.State.INVITED, Enrolment.State.CONFIRMED, Enrolment.State.PRESENT, Enrolment.State.ABSENT,
    Enrolment.State.PASSED, Enrolment.State.FAILED,
)  # fmt: skip
COMING = tuple(state for state in TAKING if state != Enrolment.State.ABSENT)
