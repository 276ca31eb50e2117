"""What was marked of one obligation in one month, where the obligations of health and social care are many."""

from __future__ import annotations

from django.db import models

from harapan.core.phrases import Phrase
from harapan.registry.models import Facility, FamilyChild, Member


class CareMark(FamilyChild):
    """A member's obligation (`obligations.CODE.ITEM` of policy, without the first word) in a month.

    A monthly obligation has a row only where it differs from what was declared for the facility's month. One with a
    span of days (four check-ups in a pregnancy) has a row for each month in which something of it was done; nothing
    written means not yet, never done.
    """

    class Outcome(models.IntegerChoices):
        DONE = 0, Phrase("terpenuhi")
        MISSED = 1, Phrase("tidak terpenuhi")
        EXCUSED = 2, Phrase("berhalangan sah")
        UNKNOWN = 3, Phrase("belum diverifikasi")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+")
    month = models.IntegerField("bulan")  # yyyymm
    item = models.CharField("kewajiban", max_length=40)
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    times = models.SmallIntegerField("kali", default=1)  # how often in this month, where done
    done_on = models.DateField("tanggal", null=True, blank=True)

    class Meta:
        verbose_name = "catatan layanan"
        constraints = [
            models.UniqueConstraint(fields=["member", "item", "month"], name="care_mark_once_a_month"),
            models.CheckConstraint(condition=models.Q(times__gte=1, times__lte=31), name="care_mark_times"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.item} {self.month}"
