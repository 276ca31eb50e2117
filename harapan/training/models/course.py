"""A course of the catalogue with its topics, and a batch of it: some people, between two days, at one place."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.regions.models import Region


class Course(models.Model):
    """What is taught. `validity_months`: how long a certificate of it stands; empty: for good.

    `tested`: a post-test decides, beside attendance, who has passed; `practised`: practice teaching does, too.
    `until`: the last day on which a batch of it may begin.
    """

    class Kind(models.TextChoices):
        BIMTAP = "bimtap", Phrase("Bimtap")
        BIMTEK = "bimtek", Phrase("Bimtek")
        DIKLAT = "diklat", Phrase("Diklat")
        WORKSHOP = "workshop", Phrase("Lokakarya")
        COACHING = "coaching", Phrase("Coaching")
        ELEARNING = "elearning", Phrase("E-learning")

    code = models.SlugField("kode", max_length=40, unique=True)
    name = models.CharField("nama", max_length=160)
    kind = models.CharField("bentuk", max_length=9, choices=Kind)
    days = models.SmallIntegerField("hari")
    hours = models.SmallIntegerField("jam pelajaran (JP)")
    validity_months = models.SmallIntegerField("berlaku (bulan)", null=True, blank=True)
    about = models.CharField("isi singkat", max_length=300, blank=True, db_default="")
    tested = models.BooleanField("dengan pre dan post test", default=True, db_default=True)
    practised = models.BooleanField("dengan praktik mengajar", default=False, db_default=False)
    since = models.DateField("sejak", null=True, blank=True)
    until = models.DateField("sampai dengan", null=True, blank=True)
    source = models.CharField("sumber", max_length=200, blank=True, db_default="")
    confidence = models.CharField("keyakinan", max_length=1, blank=True, db_default="")  # H, M or L

    class Meta:
        verbose_name = "diklat"
        constraints = [
            models.CheckConstraint(condition=models.Q(days__gte=1, hours__gte=1), name="course_takes_time"),
            models.CheckConstraint(
                condition=models.Q(validity_months__isnull=True) | models.Q(validity_months__gte=1),
                name="course_is_valid_for_a_while",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CourseTopic(models.Model):
    """One subject of a course's curriculum, with its hours (JP)."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="topics")
    number = models.SmallIntegerField("nomor")
    title = models.CharField("mata diklat", max_length=160)
    hours = models.SmallIntegerField("JP")
    practice = models.BooleanField("praktik", default=False)

    class Meta:
        verbose_name = "mata diklat"
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="topic_once_a_number"),
            models.CheckConstraint(condition=models.Q(hours__gte=1), name="topic_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title


class Batch(models.Model):
    """Angkatan `number` of gelombang `wave` in a year. `region_no`: whose batch it is; 0 the ministry's or a centre's.

    `ends` is the last day taught. `letter_version` grows whenever day or place change after people were invited: their
    letters are made anew, and an answer counts for the version it was given to (`Enrolment.asked_version`).
    """

    class State(models.TextChoices):
        PLANNED = "planned", Phrase("Direncanakan")
        INVITED = "invited", Phrase("Peserta diundang")
        RUNNING = "running", Phrase("Berlangsung")
        ENDED = "ended", Phrase("Selesai")
        CANCELLED = "cancelled", Phrase("Dibatalkan")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="batches")
    year = models.SmallIntegerField("tahun")
    wave = models.SmallIntegerField("gelombang", default=1)
    number = models.SmallIntegerField("angkatan", default=1)
    region_no = models.BigIntegerField("penyelenggara", default=0)
    organiser = models.CharField("nama penyelenggara", max_length=120)
    place = models.CharField("tempat", max_length=160, blank=True)
    begins = models.DateField("mulai")
    ends = models.DateField("selesai")
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.PLANNED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    letter_version = models.SmallIntegerField("versi surat", default=1, db_default=1)
    changed_because = models.CharField("sebab perubahan", max_length=200, blank=True, db_default="")

    class Meta:
        verbose_name = "angkatan diklat"
        constraints = [
            models.UniqueConstraint(
                fields=["course", "year", "wave", "number", "region_no", "organiser"], name="batch_number_once"
            ),
            models.CheckConstraint(condition=models.Q(ends__gte=models.F("begins")), name="batch_ends_after_it_begins"),
        ]
        indexes = [models.Index(fields=["region_no", "-begins", "-id"], name="batch_region_begins")]

    def __str__(self) -> str:
        return f"{self.course_id} {self.year}/{self.wave}/{self.number}"

    @property
    def days(self) -> int:
        return (self.ends - self.begins).days + 1

    @property
    def is_open(self) -> bool:
        """Whether people may still come in or be changed."""
        return self.state in (self.State.PLANNED, self.State.INVITED, self.State.RUNNING)


class Quota(models.Model):
    """Places of a batch for a region, or for whoever serves the nation (no region); `who`: a role, a kind of staff, or
    "" for anybody there. People are counted under the nearest region and the most exact `who`."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="quotas")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    who = models.CharField("untuk", max_length=30, blank=True)
    places = models.SmallIntegerField("kursi")

    class Meta:
        verbose_name = "kuota angkatan"
        constraints = [
            models.UniqueConstraint(fields=["batch", "region", "who"], name="quota_once", nulls_distinct=False),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="quota_has_places"),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.region_id} {self.who} {self.places}"
