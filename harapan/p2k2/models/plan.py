"""What a group is to hear in which month."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.registry.models import GroupChild


class PlannedSession(GroupChild):
    """One lesson in one month of a group's yearly plan: proposed from the curriculum, then changed by hand."""

    month = models.IntegerField("bulan")  # yyyymm
    lesson = models.CharField("sesi", max_length=24)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField("direncanakan", auto_now_add=True)

    class Meta:
        verbose_name = "rencana pertemuan"
        constraints = [
            models.UniqueConstraint(fields=["group", "month", "lesson"], name="plan_lesson_once_a_month"),
            models.CheckConstraint(condition=models.Q(month__range=(200701, 209912)), name="plan_month_is_a_month"),
        ]
        indexes = [models.Index(fields=["region_no", "month"], name="plan_region_month")]

    def __str__(self) -> str:
        return f"{self.group_id} {self.month}"
