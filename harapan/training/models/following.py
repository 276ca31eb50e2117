"""What follows a course: feedback without names, and a plan of what to do with it that is looked at again."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField
from harapan.training.models.course import Batch
from harapan.training.models.enrolment import Enrolment
from harapan.workforce.models import PersonChild


class Feedback(models.Model):
    """One filled form about a batch. It names nobody, and the log does not tell who added which (`FeedbackGiven`).

    `answers`: 1 to 4 by code of data/training/feedback.yaml. `region_no`: whose batch it is, as in `Batch`.
    """

    id = DrawnBigAutoField(primary_key=True)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="feedback")
    region_no = models.BigIntegerField(editable=False)
    answers = models.JSONField()
    remark = models.CharField("saran", max_length=500, blank=True)

    class Meta:
        verbose_name = "umpan balik diklat"

    def __str__(self) -> str:
        return f"{self.batch_id}"


class FeedbackGiven(PersonChild):
    """That somebody has answered about a batch, so that nobody does twice; not what they said."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "umpan balik sudah diisi"
        constraints = [models.UniqueConstraint(fields=["person", "batch"], name="feedback_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.batch_id}"


class FollowUpPlan(PersonChild):
    """Rencana tindak lanjut (RTL) of one participant: what they will do with what they learned."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="follow_up")
    aim = models.CharField("yang ingin dicapai", max_length=300)
    steps = models.TextField("langkah dan waktunya", max_length=2000)
    support = models.CharField("dukungan yang diperlukan", max_length=300, blank=True)
    made_on = models.DateField("dibuat")

    class Meta:
        verbose_name = "rencana tindak lanjut"

    def __str__(self) -> str:
        return self.aim


class FollowUpCheck(PersonChild):
    """How far a plan has come, so many months after the course."""

    class Outcome(models.TextChoices):
        DONE = "done", Phrase("Tercapai")
        PARTLY = "partly", Phrase("Sebagian tercapai")
        NOT_YET = "not_yet", Phrase("Belum tercapai")

    plan = models.ForeignKey(FollowUpPlan, on_delete=models.PROTECT, related_name="checks")
    after_months = models.SmallIntegerField("bulan sesudah diklat")
    outcome = models.CharField("hasil", max_length=7, choices=Outcome)
    note = models.CharField("catatan", max_length=500, blank=True)
    checked_on = models.DateField("dievaluasi")
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "evaluasi tindak lanjut"
        constraints = [models.UniqueConstraint(fields=["plan", "after_months"], name="follow_up_checked_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} +{self.after_months}"
