"""What an online course is made of: an edition of it, its lessons, and the pictures, films and papers they carry."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.training.models.course import Course


class Edition(models.Model):
    """Version `number` of what a course teaches online. Learners see the published one; only a draft is changed."""

    class State(models.TextChoices):
        DRAFT = "draft", Phrase("Rancangan")
        PUBLISHED = "published", Phrase("Terbit")
        RETIRED = "retired", Phrase("Diganti versi baru")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="editions")
    number = models.SmallIntegerField("versi")
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.DRAFT)
    about = models.CharField("apa yang dipelajari", max_length=400, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_on = models.DateField("terbit", null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "versi materi"
        constraints = [
            models.UniqueConstraint(fields=["course", "number"], name="edition_number_once"),
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(state="draft"), name="edition_one_draft_a_course"
            ),
            models.UniqueConstraint(
                fields=["course"], condition=models.Q(state="published"), name="edition_one_published_a_course"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(published_on__isnull=False),
                name="edition_published_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} v{self.number}"


class Lesson(models.Model):
    """One lesson: text in our subset of Markdown (`learning.markdown`) and its parts.

    `key` names the same lesson in every edition, so that what somebody has read stays read. `size`: bytes of the whole
    lesson with all its parts.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="lessons")
    place = models.SmallIntegerField("urutan")
    key = models.UUIDField(editable=False)
    title = models.CharField("judul", max_length=120)
    text = models.TextField("isi", blank=True)
    minutes = models.SmallIntegerField("perkiraan lama (menit)", default=10)
    size = models.IntegerField("ukuran (bita)", default=0)

    class Meta:
        verbose_name = "pelajaran"
        constraints = [
            models.UniqueConstraint(
                fields=["edition", "place"], name="lesson_place_once", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["edition", "key"], name="lesson_once_an_edition"),
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="lesson_takes_time"),
        ]

    def __str__(self) -> str:
        return self.title


class LessonPart(models.Model):
    """A picture, film or paper of a lesson, named as the text refers to it ("posyandu.jpg").

    Digest, size and media type are the stored file's: learners read the part without seeing the row of the file, which
    belongs to its author.
    """

    class Kind(models.TextChoices):
        PICTURE = "picture", Phrase("Gambar")
        VIDEO = "video", Phrase("Video")
        PAPER = "paper", Phrase("PDF")

    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, related_name="parts")
    name = models.CharField("nama berkas", max_length=80)
    title = models.CharField("keterangan", max_length=160, blank=True)
    kind = models.CharField("jenis", max_length=7, choices=Kind)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.IntegerField("ukuran (bita)")

    class Meta:
        verbose_name = "berkas pelajaran"
        constraints = [models.UniqueConstraint(fields=["lesson", "name"], name="lesson_part_name_once")]

    def __str__(self) -> str:
        return self.name
