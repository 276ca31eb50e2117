"""Facility months, members' months with something other than full presence, and where there is no service at all."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.components import LABELS_ID, Component
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.registry.models import Facility, FamilyChild, Member


class Evidence(models.TextChoices):
    """On what a month rests. Without evidence it is only declared."""

    NONE = "none", Phrase("belum ada bukti")
    SIGNED_FORM = "form", Phrase("formulir bertanda tangan")
    CONFIRMATION = "confirmation", Phrase("konfirmasi fasilitas")
    VISIT = "visit", Phrase("kunjungan")


class FacilityMonth(models.Model):
    """What was said about one facility in one month: by whom, when, how, and what proves it. No row: not verified."""

    class Manner(models.TextChoices):
        FILE = "file", Phrase("dari berkas")
        ALL_BUT = "all_but", Phrase("semua hadir kecuali")
        ENTRY = "entry", Phrase("diisi satu per satu")
        LINK = "link", Phrase("lewat tautan konfirmasi")

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.IntegerField("bulan")  # yyyymm
    effective_days = models.SmallIntegerField("hari efektif", null=True, blank=True)
    manner = models.CharField("cara", max_length=8, choices=Manner)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField("dinyatakan")
    evidence = models.CharField("bukti", max_length=12, choices=Evidence, default=Evidence.NONE)
    evidence_note = models.CharField("keterangan bukti", max_length=200, blank=True)
    evidence_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proven_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proven_at = models.DateTimeField("dibuktikan", null=True, blank=True)

    class Meta:
        verbose_name = "bulan fasilitas"
        constraints = [
            models.UniqueConstraint(fields=["facility", "month"], name="facility_month_once"),
            models.CheckConstraint(
                condition=models.Q(evidence="none", proven_by__isnull=True, proven_at__isnull=True)
                | (~models.Q(evidence="none") & models.Q(proven_by__isnull=False, proven_at__isnull=False)),
                name="facility_month_proven_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(month__gte=200701, month__lte=209912), name="facility_month_is_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.month}"

    @property
    def proven(self) -> bool:
        return self.evidence != Evidence.NONE


class Declaration(models.Model):
    """For which families a facility's month was declared: a group, in one kecamatan (`declaring.Unit`).

    Without a row nobody has spoken for those families, whatever was said or proven of the facility for others.
    """

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.IntegerField("bulan")  # yyyymm
    group_no = models.BigIntegerField("kelompok")  # as it was then; 0: without a group
    district_no = models.BigIntegerField("kecamatan")
    manner = models.CharField("cara", max_length=8, choices=FacilityMonth.Manner)
    declared_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField("dinyatakan")
    late_because = models.CharField("sebab terlambat", max_length=200, blank=True)

    class Meta:
        verbose_name = "pernyataan"
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "month", "group_no", "district_no"], name="declaration_once_a_unit"
            )
        ]
        indexes = [models.Index(fields=["group_no", "month"], name="declaration_group_month")]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.month} {self.group_no}"


class Observation(FamilyChild):
    """A member's month with absences, or one of which nobody spoke. Full presence has no row; it follows from the
    facility's month.

    Days are school days; for health, `outcome` alone says whether the month's obligation was met. What counts as
    missed (85 % of effective days) is decided by dated policy when a stage reads it, except where a person says so.
    """

    class Outcome(models.IntegerChoices):
        BY_DAYS = 0, Phrase("menurut hari")
        MISSED = 1, Phrase("tidak hadir")
        EXCUSED = 2, Phrase("berhalangan sah")
        UNKNOWN = 3, Phrase("belum diverifikasi")  # the month was declared, and this member was left out

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.IntegerField("bulan")
    absent_days = models.SmallIntegerField("alpa", default=0)
    leave_days = models.SmallIntegerField("izin", default=0)
    sick_days = models.SmallIntegerField("sakit", default=0)
    present_days = models.SmallIntegerField("hadir", null=True, blank=True)
    outcome = models.SmallIntegerField("hasil", choices=Outcome, default=Outcome.BY_DAYS)
    note = models.CharField("keterangan", max_length=200, blank=True)

    class Meta:
        verbose_name = "pengamatan"
        constraints = [models.UniqueConstraint(fields=["member", "month"], name="observation_once_a_month")]
        indexes = [
            models.Index(fields=["facility", "month"], name="observation_facility_month"),
            models.Index(fields=["month", "facility"], name="observation_left_blank", condition=models.Q(outcome=3)),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.month}"


class Exemption(models.Model):
    """Nobody is cut for a service that does not exist: a place and months in which an obligation could not be met."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="wilayah")
    region_high = models.BigIntegerField(editable=False)  # the first number after the region's own
    component = models.SmallIntegerField(
        "komponen", choices=[(int(code), LABELS_ID[code]) for code in Component], null=True, blank=True
    )  # null: every obligation
    month_from = models.IntegerField("dari bulan")  # yyyymm, both ends included
    month_to = models.IntegerField("sampai bulan")
    why = models.CharField("sebab", max_length=300)
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("dicatat")
    withdrawn_on = models.DateField("dicabut", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_because = models.CharField("sebab dicabut", max_length=300, blank=True)

    class Meta:
        verbose_name = "pembebasan kewajiban"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(month_from__lte=models.F("month_to")), name="exemption_in_order"),
            models.CheckConstraint(condition=~models.Q(why=""), name="exemption_says_why"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawn_because="")
                | (models.Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~models.Q(withdrawn_because="")),
                name="exemption_withdrawn_by_whom_when_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.region_id} {self.month_from}-{self.month_to}"

    @property
    def months(self) -> range:
        """The months as numbers yyyymm; those in between that are no months (202413) are harmless."""
        return range(self.month_from, self.month_to + 1)

    @property
    def in_force(self) -> bool:
        return self.withdrawn_on is None
