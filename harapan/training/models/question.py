"""The question bank of a course, and the quizzes that draw from it."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.training.models.course import Course
from harapan.training.models.lesson import Edition, Lesson


class Question(models.Model):
    """One version of question `number` of a course's bank, never rewritten: a changed question is its next version.

    So an attempt need only name the row it asked. `body`: what `learning.items` reads back as an
    `exchange.questions.item.Item`. Not `current`: replaced or taken out, kept for the attempts that had it.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", Phrase("Satu jawaban")
        MULTIPLE = "multiple", Phrase("Beberapa jawaban")
        MATCH = "match", Phrase("Menjodohkan")
        ORDER = "order", Phrase("Mengurutkan")
        NUMBER = "number", Phrase("Angka")
        TEXT = "text", Phrase("Isian singkat")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="questions")
    number = models.IntegerField("nomor")
    version = models.SmallIntegerField("versi", default=1)
    current = models.BooleanField("berlaku", default=True)
    kind = models.CharField("jenis", max_length=8, choices=Kind)
    topic = models.CharField("topik", max_length=120, blank=True)
    name = models.CharField("nama", max_length=120)
    text = models.TextField("pertanyaan")
    body = models.JSONField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = "soal"
        constraints = [
            models.UniqueConstraint(fields=["course", "number", "version"], name="question_version_once"),
            models.UniqueConstraint(
                fields=["course", "number"], condition=models.Q(current=True), name="question_one_current"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuestionPicture(models.Model):
    """A picture that a question shows, always a JPEG. `digest`: the stored file's, by which learners read it without
    seeing the file's row, which belongs to its author."""

    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="pictures")
    place = models.SmallIntegerField("urutan")
    name = models.CharField("nama berkas", max_length=80)
    alt = models.CharField("keterangan", max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, db_index=True)
    size = models.IntegerField("ukuran (bita)")

    class Meta:
        verbose_name = "gambar soal"
        constraints = [models.UniqueConstraint(fields=["question", "place"], name="question_picture_place_once")]

    def __str__(self) -> str:
        return self.name


class Quiz(models.Model):
    """What a learner must pass in an edition: so many questions of the bank, drawn anew for each attempt.

    `topic` empty: from the whole bank. `minutes` empty: without limit. `attempts_max` empty: as often as one likes.
    `partial`: an answer that is partly right counts in part. `lesson`: the lesson it follows; empty: the whole course.
    """

    class Counts(models.TextChoices):
        BEST = "best", Phrase("nilai terbaik")
        LAST = "last", Phrase("nilai terakhir")

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="quizzes")
    lesson = models.ForeignKey(Lesson, on_delete=models.CASCADE, null=True, blank=True, related_name="quizzes")
    key = models.UUIDField(editable=False)
    title = models.CharField("judul", max_length=120)
    topic = models.CharField("topik", max_length=120, blank=True)
    drawn = models.SmallIntegerField("jumlah soal")
    pass_percent = models.SmallIntegerField("nilai lulus (persen)")
    minutes = models.SmallIntegerField("batas waktu (menit)", null=True, blank=True)
    attempts_max = models.SmallIntegerField("paling banyak dicoba", null=True, blank=True)
    counts = models.CharField("yang dihitung", max_length=4, choices=Counts, default=Counts.BEST)
    partial = models.BooleanField("jawaban benar sebagian dinilai sebagian", default=True)

    class Meta:
        verbose_name = "kuis"
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="quiz_once_an_edition"),
            models.CheckConstraint(
                condition=models.Q(drawn__gte=1, pass_percent__gte=1, pass_percent__lte=100), name="quiz_can_be_passed"
            ),
            models.CheckConstraint(
                condition=(models.Q(minutes__isnull=True) | models.Q(minutes__gte=1))
                & (models.Q(attempts_max__isnull=True) | models.Q(attempts_max__gte=1)),
                name="quiz_can_be_tried",
            ),
        ]

    def __str__(self) -> str:
        return self.title
