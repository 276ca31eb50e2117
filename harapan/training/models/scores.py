"""What tests and practice teaching gave."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.training.models.enrolment import Enrolment
from harapan.workforce.models import PersonChild


class TestScore(PersonChild):
    """One participant's points in the test before or after, 0 to the most that policy names; half points count."""

    __test__ = False  # no test of ours, whatever its name

    class Kind(models.TextChoices):
        PRE = "pre", Phrase("Pre-test")
        POST = "post", Phrase("Post-test")

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="scores")
    kind = models.CharField("tes", max_length=4, choices=Kind)
    points = models.DecimalField("nilai", max_digits=5, decimal_places=2)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now=True)

    class Meta:
        verbose_name = "nilai tes"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "kind"], name="test_score_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="test_score_from_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.kind} {self.points}"


class PracticeScore(PersonChild):
    """Points of one criterion of the rubric, for one participant's practice teaching."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="practice")
    rubric = models.CharField("rubrik", max_length=40)  # its version in data/training/rubrics.yaml
    criterion = models.CharField("unsur", max_length=40)
    points = models.SmallIntegerField("angka")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now=True)

    class Meta:
        verbose_name = "nilai praktik"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "criterion"], name="practice_score_once"),
            models.CheckConstraint(condition=models.Q(points__gte=0), name="practice_score_from_nought"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.criterion} {self.points}"
