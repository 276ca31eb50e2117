"""Draws of who gets a check visit, and what each visit found. Only that changes anything."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField
from harapan.files.models import StoredFile
from harapan.performance.models.seen import PersonalQuerySet


class Result(models.TextChoices):
    TRUE = "true", Phrase("benar")
    PARTLY = "partly", Phrase("sebagian benar")
    NOT_FOUND = "not_found", Phrase("tidak ditemukan")
    MADE_UP = "made_up", Phrase("dibuat-buat")


WRONG = (Result.PARTLY, Result.NOT_FOUND, Result.MADE_UP)  # the records did not hold, wholly or in part


class CheckDraw(models.Model):
    """One draw a place and month, so that nobody draws until it suits. Anybody can draw it again from what it keeps.

    chances: person -> probability of being drawn, of everybody with records in the month.
    """

    id = DrawnBigAutoField(primary_key=True)
    region_no = models.BigIntegerField("wilayah")  # 0: the nation
    month = models.IntegerField("bulan")
    seed = models.BigIntegerField("benih")
    size = models.SmallIntegerField("jumlah")
    random_percent = models.SmallIntegerField("bagian acak")
    chances = models.JSONField("peluang")
    drawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drawn_on = models.DateField("diundi")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "undian kunjungan cek"
        constraints = [models.UniqueConstraint(fields=["region_no", "month"], name="check_draw_once_a_month")]

    def __str__(self) -> str:
        return f"{self.region_no} {self.month}"


class CheckVisit(models.Model):
    """A person's month that was drawn, and what the visit found (`result` empty: not visited yet).

    The person sees it when there is a result.
    """

    id = DrawnBigAutoField(primary_key=True)
    draw = models.ForeignKey(CheckDraw, on_delete=models.PROTECT, related_name="visits")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="pendamping")
    region_no = models.BigIntegerField(editable=False)
    month = models.IntegerField("bulan")
    probability = models.FloatField("peluang terundi")
    result = models.CharField("hasil", max_length=10, choices=Result, blank=True)
    notes = models.TextField("catatan", blank=True)
    visited_on = models.DateField("dikunjungi", null=True, blank=True)
    visited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField("dicatat", null=True, blank=True)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = "kunjungan cek"
        constraints = [
            models.UniqueConstraint(fields=["draw", "person"], name="check_visit_once_a_draw"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="check_visit_probability"
            ),
            models.CheckConstraint(
                condition=models.Q(result="", visited_on__isnull=True, visited_by__isnull=True)
                | (
                    ~models.Q(result="")
                    & ~models.Q(notes="")
                    & models.Q(visited_on__isnull=False, visited_by__isnull=False)
                ),
                name="check_visit_found_what_by_whom_and_when",
            ),
        ]
        indexes = [models.Index(fields=["person", "month"], name="check_visit_person_month")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month}"


class CheckPhotograph(models.Model):
    """A photograph of a check visit."""

    id = DrawnBigAutoField(primary_key=True)
    visit = models.ForeignKey(CheckVisit, on_delete=models.PROTECT, related_name="photographs")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField(editable=False)
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "foto kunjungan cek"
        constraints = [models.UniqueConstraint(fields=["visit", "original"], name="check_photograph_once_a_visit")]

    def __str__(self) -> str:
        return f"{self.visit_id} {self.pk}"
