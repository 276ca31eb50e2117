"""What somebody found out about a task that no record resolves by itself."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.registry.models import FamilyChild


class TaskAnswer(FamilyChild):
    """One sentence about one occurrence (`mark`) of a task of a family, only for kinds that may be answered."""

    kind = models.CharField("jenis tugas", max_length=24)  # TaskKind.code
    mark = models.CharField("kejadian", max_length=40)  # Due.mark: the stage, the day or the month it is about
    text = models.CharField("yang ditemukan", max_length=300)
    on = models.DateField("tanggal")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "jawaban tugas"
        constraints = [
            models.UniqueConstraint(fields=["family", "kind", "mark"], name="task_answered_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="task_answer_says_something"),
        ]
        indexes = [models.Index(fields=["by", "on"], name="task_answer_by_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.family_id} {self.mark}"
