"""A plan that gave everybody in a queue a place."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from harapan.accounts.models import User
from harapan.training.models.course import Course


class PlacePlan(models.Model):
    """What emptied a course's queue from `first_month` on: free seats, and batches made for the rest (`batch_nos`).

    `digest`: of the plan as it was shown.
    """

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="+")
    first_month = models.CharField("mulai bulan", max_length=7)  # "2025-08"
    digest = models.CharField(max_length=64)
    people = models.IntegerField("orang")
    batch_nos = ArrayField(models.BigIntegerField(), default=list)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField("disetujui")

    class Meta:
        verbose_name = "rencana tempat diklat"
        constraints = [models.UniqueConstraint(fields=["course", "digest"], name="place_plan_accepted_once")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.first_month}"
