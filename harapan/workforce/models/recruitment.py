"""A round of recruitment, its places, and who applied for one: applicants are no users and no staff yet."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField, SealedField
from harapan.files.models import StoredFile
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.workforce.models.person import Person


class Position(models.TextChoices):
    """What a round looks for; which requirements each has is policy (`recruitment.positions`)."""

    FACILITATOR = "facilitator", Phrase("Pendamping sosial")
    ACCESS = "access", Phrase("Pendamping PKH Akses")
    ASSISTANT = "assistant", Phrase("Asisten pendamping")
    SUPERVISOR = "supervisor", Phrase("Supervisor")
    DATA_OFFICER = "data_officer", Phrase("Administrator pangkalan data")


def inside(post: Post) -> Q:
    """Rows whose `region_no` lies in the post's regions; the database holds the same."""
    if post.role.reach == Reach.NATION:
        return Q()
    reached = Q(pk__in=())
    for low, high in post.ranges:
        reached |= Q(region_no__gte=low, region_no__lt=high)
    return reached


class RecruitmentRound(models.Model):
    """A round: its days, its state, and its rules, which the database refuses to change once it is open.

    `region`: the region whose coordinator may run it; empty: the ministry. `rules`: `recruitment.rules.RoundRules` as
    JSON. `lot_seed`: drawn when applications close, so that nobody could choose it; decides what no score decides.
    """

    class State(models.TextChoices):
        PLANNED = "planned", Phrase("direncanakan")
        OPEN = "open", Phrase("menerima lamaran")
        CLOSED = "closed", Phrase("dinilai")
        PUBLISHED = "published", Phrase("diumumkan")
        SETTLED = "settled", Phrase("ditetapkan")

    code = models.SlugField("kode", max_length=24, unique=True)
    name = models.CharField("nama", max_length=160)
    cohort = models.SmallIntegerField("angkatan")  # year that `Person.cohort` gets
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="wilayah")
    opens_on = models.DateField("dibuka")
    closes_on = models.DateField("ditutup")  # the last day
    begins_on = models.DateField("mulai bertugas")
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.PLANNED)
    rules = models.JSONField("aturan")
    rules_digest = models.CharField(max_length=64)
    lot_seed = models.CharField(max_length=32, blank=True)
    objections_until = models.DateField("batas sanggah", null=True, blank=True)  # the last day
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "putaran rekrutmen"
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")) & Q(begins_on__gt=F("closes_on")), name="round_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "open")) | ~Q(lot_seed=""), name="round_closed_has_its_lot"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("published", "settled")) | Q(objections_until__isnull=False),
                name="round_published_hears_objections",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def run_by(self, post: Post) -> bool:
        """Whether the post reaches all that the round is about: else a ranking would silently miss applicants."""
        if post.role.reach == Reach.NATION:
            return True
        return self.region_id is not None and any(codes.contains(no, self.region_id) for no in post.region_nos)

    def touches(self, post: Post) -> bool:
        """Whether some of what the round is about lies in the post's regions."""
        if self.region_id is None or self.run_by(post):
            return True
        return any(codes.contains(self.region_id, no) for no in post.region_nos)


class Formation(models.Model):
    """So many places of a position in a region: mostly a kecamatan. Public; frozen when the round opens."""

    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="formations")
    position = models.CharField("jabatan", max_length=12, choices=Position)
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="wilayah")
    quota = models.IntegerField("kuota")

    class Meta:
        verbose_name = "formasi"
        constraints = [
            models.UniqueConstraint(fields=["round", "region", "position"], name="formation_once"),
            models.UniqueConstraint(fields=["id", "region"], name="formation_in_region"),  # what applications refer to
            models.CheckConstraint(condition=Q(quota__gte=1), name="formation_has_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} {self.region_id}"


class ApplicationQuerySet(models.QuerySet["Application"]):
    def counted(self) -> Self:
        """Sent, and not set aside as one of several of the same person."""
        return self.filter(state=Application.State.SUBMITTED, set_aside_on__isnull=True)

    def of_the_person_of(self, asked: Application) -> Self:
        """Every other application of the round with the same NIK."""
        same = Application.objects.filter(pk=asked.pk).values("nik_ix")
        return self.filter(round=asked.round_id, nik_ix__in=same).exclude(pk=asked.pk)

    def visible_to(self, post: Post) -> Self:
        return self.filter(inside(post))


class Application(models.Model):
    """Somebody's application for one formation. The place applied for is its scope.

    `number` is drawn, not counted: who knows it and the NIK is the applicant. `participant_no`, drawn by chance when it
    is sent, is all that markers see of a person, and tells nothing of when or where somebody applied. A NIK may come in
    several applications: a public answer must not tell whether somebody applied, so of what is sent one counts, and
    the others are set aside, not refused at the door (`recruitment.doubles`).
    """

    PARTICIPANT_NOS = range(1_000_000, 10_000_000)  # seven digits, far apart: a slip of the pen meets nobody

    class State(models.TextChoices):
        DRAFT = "draft", Phrase("belum dikirim")
        SUBMITTED = "submitted", Phrase("dikirim")
        WITHDRAWN = "withdrawn", Phrase("ditarik")

    id = DrawnBigAutoField(primary_key=True)
    round = models.ForeignKey(RecruitmentRound, models.PROTECT, related_name="applications")
    formation = models.ForeignKey(Formation, models.PROTECT, related_name="applications", db_constraint=False)
    region_no = models.BigIntegerField(editable=False)  # of the formation; the composite key holds it
    number = models.CharField("nomor lamaran", max_length=12, unique=True)
    participant_no = models.IntegerField("nomor peserta", null=True, blank=True)
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.DRAFT)
    name = models.CharField("nama", max_length=120)
    nik = SealedField("NIK", kind="nik")
    phone = SealedField("nomor HP", kind="phone")
    email = models.EmailField("surel", blank=True)
    sex = models.SmallIntegerField("jenis kelamin", choices=Person.Sex, default=Person.Sex.UNKNOWN)
    born_on = models.DateField("tanggal lahir", null=True, blank=True)
    education = models.CharField("pendidikan terakhir", max_length=8, choices=Person.Education, blank=True)
    study = models.CharField("jurusan", max_length=80, blank=True)
    lives_in = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+")
    address = models.CharField("alamat", max_length=200, blank=True)
    experience_years = models.SmallIntegerField("pengalaman (tahun)", default=0)
    begun_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField("dikirim pada", null=True, blank=True)
    set_aside_on = models.DateField("disisihkan", null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "lamaran"
        constraints = [
            models.UniqueConstraint(fields=["id", "region_no"], name="application_in_region"),
            models.UniqueConstraint(fields=["round", "participant_no"], name="application_participant_once"),
            models.UniqueConstraint(
                fields=["round", "nik_ix"],
                condition=Q(state="submitted", set_aside_on__isnull=True),
                name="application_counts_once_a_nik",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(participant_no__isnull=False),
                name="application_sent_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(submitted_at__isnull=False) | Q(state="withdrawn"),
                name="application_sent_on_a_day",
            ),
            models.CheckConstraint(condition=Q(nik__isnull=False), name="application_has_a_nik"),
            models.CheckConstraint(condition=Q(experience_years__range=(0, 60)), name="application_experience"),
        ]
        indexes = [
            models.Index(fields=["round", "region_no", "id"], name="application_round_region"),
            models.Index(fields=["formation", "id"], name="application_formation"),
            models.Index(fields=["round", "nik_ix"], name="application_round_nik"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def lives_here(self) -> bool:
        return self.lives_in_id is not None and codes.contains(self.region_no, self.lives_in_id)


class ApplicationChild(models.Model):
    """A row about an application, with its place; the database holds it equal to the application's."""

    id = models.BigAutoField(primary_key=True)
    application = models.ForeignKey(Application, models.PROTECT, related_name="%(class)ss", db_constraint=False)
    region_no = models.BigIntegerField(editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.region_no is None:
            self.region_no = self.application.region_no
        super().save(*args, **kwargs)


class ApplicationDocument(ApplicationChild):
    """A scan that the applicant sent; a later one of the kind takes its place."""

    class Kind(models.TextChoices):
        IDENTITY = "identity", Phrase("KTP")
        DIPLOMA = "diploma", Phrase("Ijazah")
        LETTER = "letter", Phrase("Surat lamaran")
        DOMICILE = "domicile", Phrase("Surat keterangan domisili")
        EXPERIENCE = "experience", Phrase("Bukti pengalaman")

    kind = models.CharField("jenis", max_length=10, choices=Kind)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "berkas lamaran"
        constraints = [models.UniqueConstraint(fields=["application", "kind"], name="application_document_once")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"
