"""A person's month as planned: what is done on which day, from when to when."""

from __future__ import annotations

from django.db import models

from harapan.fieldwork.models.base import OwnWork


class WorkPlan(OwnWork):
    """One person's month. `accepted_at`: since when its owner stands by it; before, it is a proposal."""

    month = models.IntegerField("bulan")  # yyyymm
    proposed_at = models.DateTimeField("diusulkan")
    accepted_at = models.DateTimeField("disetujui", null=True, blank=True)

    class Meta:
        verbose_name = "rencana kerja"
        constraints = [
            models.UniqueConstraint(fields=["user", "month"], name="work_plan_once_a_month"),
            models.CheckConstraint(
                condition=models.Q(month__range=(200701, 209912)), name="work_plan_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.month}"

    @property
    def month_text(self) -> str:
        """ "2025-07"."""
        return f"{self.month // 100}-{self.month % 100:02d}"


class PlanItem(OwnWork):
    """One thing on one day. It names its task by number alone: names are looked up when the plan is read."""

    plan = models.ForeignKey(WorkPlan, on_delete=models.CASCADE, related_name="items")
    day = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    village_no = models.BigIntegerField("desa", default=0)  # 0: no village, such as a meeting at the office
    kind = models.CharField("jenis tugas", max_length=24, blank=True)  # TaskKind.code; empty: put in by hand
    subject_no = models.BigIntegerField("nomor", default=0)
    task_key = models.CharField(max_length=100, blank=True)  # Task.key
    title = models.CharField("kegiatan", max_length=120, blank=True)  # of what was put in by hand
    rhk = models.SmallIntegerField("RHK")
    moved = models.BooleanField("dipindah sendiri", default=False)  # a new proposal leaves it where it is

    class Meta:
        verbose_name = "butir rencana"
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "task_key"], condition=~models.Q(task_key=""), name="plan_task_at_most_once"
            ),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="plan_item_ends_after_begin"),
            models.CheckConstraint(
                condition=~models.Q(task_key="") | ~models.Q(title=""), name="plan_item_is_a_task_or_has_a_title"
            ),
        ]
        indexes = [models.Index(fields=["plan", "day", "begins"], name="plan_item_day")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.day} {self.kind or self.title}"

    @property
    def minutes(self) -> int:
        return (self.ends.hour - self.begins.hour) * 60 + self.ends.minute - self.begins.minute
