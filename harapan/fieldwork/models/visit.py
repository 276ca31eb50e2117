"""Home visits: what was found at a family's house, and the proposal that may follow for a member."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.components import LABELS_ID, Component
from harapan.core.phrases import Phrase
from harapan.fieldwork.models.candidate import Candidacy
from harapan.files.models import StoredFile
from harapan.registry.models import Facility, FamilyChild, Member


class HomeVisit(FamilyChild):
    """One visit to a family. Codes are those of `data/fieldwork/visits.yaml`; hours are those on the wall there.

    candidacy: the one it validates; None for a visit to a member. Position in degrees, accuracy in metres.
    """

    candidacy = models.ForeignKey(Candidacy, on_delete=models.PROTECT, null=True, blank=True, related_name="visits")
    visited_on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    found = models.BooleanField("ditemukan")
    eligible = models.BooleanField("layak", null=True, blank=True)
    reason = models.CharField("alasan", max_length=40, blank=True)  # why not found, or why not eligible
    floor = models.CharField("lantai", max_length=20, blank=True)
    walls = models.CharField("dinding", max_length=20, blank=True)
    roof = models.CharField("atap", max_length=20, blank=True)
    water = models.CharField("sumber air", max_length=20, blank=True)
    toilet = models.CharField("jamban", max_length=20, blank=True)
    terrain = models.CharField("medan", max_length=20, blank=True)
    latitude = models.FloatField("lintang", null=True, blank=True)
    longitude = models.FloatField("bujur", null=True, blank=True)
    accuracy_m = models.IntegerField("ketelitian", null=True, blank=True)
    note = models.CharField("catatan", max_length=400, blank=True)
    visited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "kunjungan rumah"
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="visit_ends_after_it_began"),
            models.UniqueConstraint(fields=["family", "visited_on", "begins"], name="visit_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="visit_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(found=True, eligible=True, reason="")
                | (models.Q(found=True, eligible=False) & ~models.Q(reason=""))
                | (models.Q(found=False, eligible__isnull=True) & ~models.Q(reason="")),
                name="visit_result_with_its_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "-visited_on"], name="visit_family_day"),
            models.Index(fields=["region_no", "visited_on"], name="visit_region_day"),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.visited_on}"


class FoundComponent(FamilyChild):
    """What a visit found a member to count for; it becomes a component when the family is decreed."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.CASCADE, related_name="components")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    component = models.SmallIntegerField("komponen", choices=[(int(code), LABELS_ID[code]) for code in Component])
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.CharField("tingkat", max_length=10, blank=True)

    class Meta:
        verbose_name = "komponen ditemukan"
        constraints = [
            models.UniqueConstraint(fields=["visit", "member", "component"], name="found_component_once"),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.get_component_display()}"


class VisitPhotograph(FamilyChild):
    """A photograph of a visit: as it came, and a copy to look at. Place and time are what the camera claims."""

    visit = models.ForeignKey(HomeVisit, on_delete=models.CASCADE, related_name="photographs")
    kind = models.CharField("jenis", max_length=20)  # of visits.yaml
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("tanggal kamera", null=True, blank=True)
    taken_time = models.TimeField("jam kamera", null=True, blank=True)
    latitude = models.FloatField("lintang", null=True, blank=True)
    longitude = models.FloatField("bujur", null=True, blank=True)
    looks = models.BigIntegerField(editable=False, null=True)  # `files.pictures.looks_of`
    looks_known = models.BooleanField(default=False, editable=False)  # else `files.looking` has still to look
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "foto kunjungan"
        indexes = [
            models.Index(fields=["id"], name="visit_photo_not_looked_at", condition=models.Q(looks_known=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["visit", "original"], name="visit_photograph_once"),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="visit_photograph_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.kind}"


class EndProposal(FamilyChild):
    """A visit that speaks against a membership. Nothing ends by itself: the level that policy names decides."""

    class Answer(models.IntegerChoices):
        OPEN = 0, Phrase("menunggu keputusan")
        ENDED = 1, Phrase("kepesertaan diakhiri")
        KEPT = 2, Phrase("kepesertaan diteruskan")

    visit = models.OneToOneField(HomeVisit, on_delete=models.CASCADE, related_name="proposal")
    answer = models.SmallIntegerField("keputusan", choices=Answer, default=Answer.OPEN)
    decided_on = models.DateField("diputuskan", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField("alasan keputusan", max_length=200, blank=True)
    ends_on = models.DateField("berakhir pada", null=True, blank=True)

    class Meta:
        verbose_name = "usulan berakhir"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer=0, decided_on__isnull=True, decided_by__isnull=True)
                | models.Q(answer__in=(1, 2), decided_on__isnull=False, decided_by__isnull=False),
                name="end_proposal_decided_by_whom",
            )
        ]
        indexes = [models.Index(fields=["family"], name="end_proposal_open", condition=models.Q(answer=0))]

    def __str__(self) -> str:
        return f"{self.family_id} {self.get_answer_display()}"
