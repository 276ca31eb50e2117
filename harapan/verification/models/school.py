"""What is particular to schools: how many days a week they teach, and pupils whom July leaves without a school."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.registry.models import Facility, FamilyChild, Member


class SchoolWeek(models.Model):
    """How many days a week a school teaches, as somebody said; the proposed effective days follow from it."""

    facility = models.OneToOneField(Facility, on_delete=models.CASCADE, primary_key=True, related_name="+")
    days = models.SmallIntegerField("hari seminggu")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("dicatat")

    class Meta:
        verbose_name = "minggu sekolah"
        constraints = [models.CheckConstraint(condition=models.Q(days__in=(5, 6)), name="school_week_five_or_six")]

    def __str__(self) -> str:
        return f"{self.facility_id}: {self.days}"


class UnplacedPupil(FamilyChild):
    """A child for whom July brought no school: somebody visits the family. The component stays till then."""

    class Why(models.TextChoices):
        NO_NEXT_SCHOOL = "no_next", Phrase("sekolah lanjutan belum diketahui")
        DROPPED_OUT = "dropped", Phrase("putus sekolah")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    school_year = models.SmallIntegerField("tahun pelajaran")  # the year in which it begins
    school = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", verbose_name="sekolah terakhir")
    why = models.CharField("sebab", max_length=8, choices=Why)
    due_on = models.DateField("dikunjungi paling lambat")
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    noted_on = models.DateField("dicatat")
    settled_on = models.DateField("selesai", null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    settled_how = models.CharField("hasil", max_length=200, blank=True)

    class Meta:
        verbose_name = "anak tanpa sekolah"
        constraints = [
            models.UniqueConstraint(fields=["member", "school_year"], name="unplaced_pupil_once_a_year"),
            models.CheckConstraint(
                condition=models.Q(settled_on__isnull=True, settled_by__isnull=True, settled_how="")
                | (models.Q(settled_on__isnull=False, settled_by__isnull=False) & ~models.Q(settled_how="")),
                name="unplaced_pupil_settled_by_whom_when_and_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["group_no", "due_on"], name="unplaced_pupil_open", condition=models.Q(settled_on__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.school_year}"
