"""What is decided about whoever serves: contracts, going away, first days, badges; and how many a place should have."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.regions.models import Region
from harapan.workforce.models.person import PersonChild


class ContractQuerySet(models.QuerySet["Contract"]):
    def binding(self) -> ContractQuerySet:
        """Without those that never stood a day."""
        return self.filter(until__gt=F("since"))


class Contract(PersonChild):
    """A contract or decree (SK) under which somebody serves between two days. `until`: the first day after; of one that
    never stood a day, for who it named did not begin, its first."""

    class Form(models.TextChoices):
        CONTRACT = "contract", Phrase("kontrak tahunan")
        PPPK = "pppk", Phrase("ASN PPPK")

    form = models.CharField("bentuk", max_length=8, choices=Form)
    position = models.CharField("jabatan kontrak", max_length=40)  # a code of the policy's staff.position
    number = models.CharField("nomor SK", max_length=120)
    dated = models.DateField("tanggal SK")
    since = models.DateField("mulai")
    until = models.DateField("berakhir")
    basis = models.CharField("dasar", max_length=160, blank=True)  # of a renewal: the assessment it rests on
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = "kontrak"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "number"], condition=Q(until__gt=F("since")), name="contract_once_a_number"
            ),
            models.UniqueConstraint(
                fields=["person", "since"], condition=Q(until__gt=F("since")), name="contract_once_a_day"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="contract_ends_after_it_began"),
        ]
        indexes = [models.Index(fields=["region_no", "until"], name="contract_region_until")]

    def __str__(self) -> str:
        return self.number

    @property
    def never_stood(self) -> bool:
        return self.until == self.since


class Departure(PersonChild):
    """Somebody goes: on leave, to another place, or for good. Planned first, carried out when all is handed over.

    A leave that the person asks for themselves (`asked_on`) has no letter and no cover until somebody grants it.
    """

    class Kind(models.TextChoices):
        LEAVE = "leave", Phrase("cuti")
        TRANSFER = "transfer", Phrase("pindah tugas")
        EXIT = "exit", Phrase("berhenti")

    kind = models.CharField("jenis", max_length=8, choices=Kind)
    leaves_on = models.DateField("mulai")
    back_on = models.DateField("kembali bertugas", null=True, blank=True)  # the first day back, of a leave
    to_region_no = models.BigIntegerField("tempat tugas baru", null=True, blank=True)
    cover = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    letter = models.CharField("nomor surat", max_length=120, blank=True)
    why = models.CharField("alasan", max_length=300)
    asked_on = models.DateField("diminta sendiri", null=True, blank=True)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField("dicatat", auto_now_add=True)
    settled_on = models.DateField("dilaksanakan", null=True, blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_on = models.DateField("dibatalkan", null=True, blank=True)
    withdrawn_why = models.CharField("alasan dibatalkan", max_length=300, blank=True)

    class Meta:
        verbose_name = "kepergian"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(settled_on__isnull=True, withdrawn_on__isnull=True),
                name="departure_open_once_a_person",
            ),
            models.CheckConstraint(
                condition=(Q(kind="leave", back_on__gt=F("leaves_on")) | ~Q(kind="leave") & Q(back_on__isnull=True)),
                name="departure_comes_back_from_leave",
            ),
            models.CheckConstraint(
                condition=Q(kind="transfer", to_region_no__isnull=False)
                | ~Q(kind="transfer") & Q(to_region_no__isnull=True),
                name="departure_of_a_transfer_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True) | Q(withdrawn_on__isnull=True), name="departure_has_one_end"
            ),
            models.CheckConstraint(
                condition=~Q(letter="") | Q(asked_on__isnull=False, settled_on__isnull=True),
                name="departure_goes_under_a_letter",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["region_no", "leaves_on"], name="departure_region_day")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.leaves_on}"

    @property
    def open(self) -> bool:
        return self.settled_on is None and self.withdrawn_on is None

    @property
    def asked(self) -> bool:
        """Whether it waits to be granted or refused."""
        return self.open and not self.letter


class Mentorship(PersonChild):
    """An experienced colleague stands beside somebody new."""

    mentor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    # as they are called: the mentor does not see the person's own record
    person_name = models.CharField("yang didampingi", max_length=120)
    since = models.DateField("sejak")
    until = models.DateField("sampai", null=True, blank=True)  # the first day after
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "pembimbing"
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(until__isnull=True), name="mentor_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="mentor_ends_after_beginning"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} > {self.person_id}"


class FirstStep(PersonChild):
    """A step of somebody's first days, done. `step`: a code of the policy's staff.step; `words`: what it was, in a
    sentence."""

    step = models.CharField("langkah", max_length=40)
    done_on = models.DateField("tanggal")
    words = models.CharField("catatan", max_length=300, blank=True, db_default="")
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "langkah awal"
        constraints = [models.UniqueConstraint(fields=["person", "step"], name="first_step_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.step}"


class Portrait(PersonChild):
    """A photograph for the ID card, brought by the person or by whoever looks after them; the latest is printed."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField("ditambahkan")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "foto petugas"

    def __str__(self) -> str:
        return f"{self.person_id} {self.added_on}"


class Badge(PersonChild):
    """An ID card as it was issued. Its code leads to a public page; name, title, place and portrait are as printed."""

    code = models.CharField("kode periksa", max_length=24, unique=True)
    name = models.CharField("nama", max_length=120)
    title = models.CharField("jabatan", max_length=120)
    place = models.CharField("tempat tugas", max_length=160)
    portrait = models.ForeignKey(Portrait, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    issued_on = models.DateField("diterbitkan")
    until = models.DateField("berlaku sampai")  # the first day it no longer is
    revoked_on = models.DateField("dicabut", null=True, blank=True)
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "kartu petugas"
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_on__isnull=True), name="badge_one_at_a_time"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("issued_on")), name="badge_ends_after_issue"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def number(self) -> str:
        """What is printed beside the QR: short enough to be read out."""
        return f"{self.code[:4]}-{self.code[4:8]}".upper()


class Establishment(models.Model):
    """How many facilitators a kecamatan should have from a day on (formasi), on whose word."""

    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", related_name="+")
    places = models.SmallIntegerField("formasi")
    since = models.DateField("sejak")
    source = models.CharField("sumber", max_length=160)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "formasi"
        constraints = [
            models.UniqueConstraint(fields=["region", "since"], name="establishment_once_a_day"),
            models.CheckConstraint(condition=Q(places__range=(0, 999)), name="establishment_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.region_id}: {self.places}"
