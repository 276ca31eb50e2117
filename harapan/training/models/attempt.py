"""What one learner does: lessons read, quizzes tried, questions asked to the coach."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.training.models.course import Batch
from harapan.training.models.enrolment import Enrolment
from harapan.training.models.question import Question, Quiz
from harapan.workforce.models import PersonChild


class Reading(PersonChild):
    """A lesson that somebody says to have read. `lesson`: Lesson.key, the same in every edition."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="readings")
    lesson = models.UUIDField()
    read_on = models.DateField("dibaca")

    class Meta:
        verbose_name = "pelajaran terbaca"
        constraints = [models.UniqueConstraint(fields=["enrolment", "lesson"], name="reading_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.lesson}"


class Attempt(PersonChild):
    """Attempt `number` at a quiz. Its questions and the order of their options are frozen in its answers.

    `quiz_key`: Quiz.key, the same in every edition. `seed`: what the questions were drawn by. `due_at`: when the time
    is up; empty: never. `score`: hundredths of a percent, rounded down; with `ended_at`, once it is handed in.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="attempts")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    quiz_key = models.UUIDField()
    number = models.SmallIntegerField("percobaan")
    seed = models.BigIntegerField()
    began_at = models.DateTimeField("mulai")
    due_at = models.DateTimeField("batas waktu", null=True, blank=True)
    ended_at = models.DateTimeField("selesai", null=True, blank=True)
    ended_on = models.DateField("tanggal selesai", null=True, blank=True)
    score = models.SmallIntegerField("nilai", null=True, blank=True)
    passed = models.BooleanField("lulus", null=True, blank=True)
    set_aside_because = models.CharField("disisihkan karena", max_length=200, blank=True)  # then it does not count
    set_aside_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "percobaan kuis"
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "quiz_key", "number"], name="attempt_number_once"),
            models.UniqueConstraint(
                fields=["enrolment", "quiz_key"], condition=models.Q(ended_at__isnull=True), name="attempt_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(
                    ended_at__isnull=True, ended_on__isnull=True, score__isnull=True, passed__isnull=True
                )
                | models.Q(
                    ended_at__isnull=False, ended_on__isnull=False, score__gte=0, score__lte=10_000,
                    passed__isnull=False,
                ),
                name="attempt_ended_is_scored",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["due_at"], condition=models.Q(ended_at__isnull=True), name="attempt_open_due")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.quiz_id} #{self.number}"


class Answer(PersonChild):
    """A question of an attempt, at `place` from 1. `order`: how its options stood; `given`: what was answered, if yet.

    `credit`: ten-thousandths of the question, once the attempt is handed in.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    place = models.SmallIntegerField("nomor")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    order = models.JSONField(default=list)
    given = models.JSONField(null=True, blank=True)
    credit = models.SmallIntegerField("nilai", null=True, blank=True)

    class Meta:
        verbose_name = "jawaban kuis"
        constraints = [models.UniqueConstraint(fields=["attempt", "place"], name="answer_place_once")]

    def __str__(self) -> str:
        return f"{self.attempt_id}/{self.place}"


class Inquiry(PersonChild):
    """What a participant asks the coach of a batch, and the answer: everybody in the batch reads both."""

    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="inquiries")
    text = models.CharField("pertanyaan", max_length=1000)
    asked_at = models.DateTimeField("ditanyakan")
    answer = models.CharField("jawaban", max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField("dijawab", null=True, blank=True)

    class Meta:
        verbose_name = "pertanyaan peserta"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | ~models.Q(answer="") & models.Q(answered_at__isnull=False),
                name="inquiry_answered_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["batch", "-asked_at"], name="inquiry_batch_asked")]

    def __str__(self) -> str:
        return self.text[:60]
