"""Other work under an order letter: for one person, or for all who serve in a region."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.regions.models import Region


class ExtraDuty(models.Model):
    """An assignment beside the own families (surat tugas). What it takes lowers target, plan and load.

    `user` None: everybody who serves in the region. Its days are named, each with the minutes it takes, or so many days
    of each month go to it. `region_no` of somebody's own duty is the first region of the post it was given in.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="petugas"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", related_name="+")
    kind = models.CharField("jenis", max_length=20)  # DutyKind.code
    title = models.CharField("untuk", max_length=160)
    place = models.CharField("tempat", max_length=120, blank=True)
    letter_no = models.CharField("nomor surat", max_length=120, blank=True)  # empty: told before letters were asked for
    letter_on = models.DateField("tanggal surat", null=True, blank=True)
    letter_by = models.CharField("penanda tangan", max_length=120, blank=True)
    letter_by_post = models.CharField("jabatan penanda tangan", max_length=120, blank=True)
    first_on = models.DateField("dari")
    last_on = models.DateField("sampai", null=True, blank=True)  # None: until further notice
    minutes_a_day = models.SmallIntegerField("menit sehari", null=True, blank=True)
    days_per_month = models.SmallIntegerField("hari sebulan", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)
    cancelled_on = models.DateField("dibatalkan", null=True, blank=True)
    cancelled_because = models.CharField("sebab dibatalkan", max_length=200, blank=True)

    class Meta:
        verbose_name = "tugas tambahan"
        constraints = [
            models.UniqueConstraint(
                fields=["user", "letter_no", "first_on"], name="extra_duty_once_a_letter",
                condition=Q(user__isnull=False, cancelled_on__isnull=True) & ~Q(letter_no=""),
            ),
            models.CheckConstraint(
                condition=Q(last_on__isnull=True) | Q(last_on__gte=F("first_on")), name="duty_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(days_per_month__isnull=True, last_on__isnull=False, minutes_a_day__range=(30, 720))
                | Q(minutes_a_day__isnull=True, days_per_month__range=(1, 31)),
                name="duty_takes_days_or_minutes",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_on__isnull=True, cancelled_because="")
                | (Q(cancelled_on__isnull=False) & ~Q(cancelled_because="")),
                name="extra_duty_cancelled_when_and_why",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["region", "first_on"], name="duty_region_first")]

    def __str__(self) -> str:
        return self.letter_no or self.title
