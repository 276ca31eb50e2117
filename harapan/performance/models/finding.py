"""What is to be checked in somebody's records, and what they answer. It changes nothing by itself."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField
from harapan.files.models import StoredFile
from harapan.performance.models.seen import PersonalQuerySet
from harapan.performance.words import INDICATORS
from harapan.registry.models import Facility


class Finding(models.Model):
    """One figure of a person that is far from what is usual, in the months that end with `month`.

    The person sees it at once. Whoever supervises sees it when it is `released`: answered, or `private_until` has
    passed; the database holds to that. `region_no` is the kecamatan where most of the records lie. A run that no
    longer finds it sets `gone_on` and keeps it. `facility`: the school a figure is of, told to each who spoke of its
    months. `score` is the strength times the indicator's weight, for the order of lists only.
    """

    id = DrawnBigAutoField(primary_key=True)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="pendamping")
    region_no = models.BigIntegerField(editable=False)
    month = models.IntegerField("bulan")  # yyyymm
    indicator = models.CharField(
        "penanda", max_length=20, choices=[(code, each.title) for code, each in INDICATORS.items()]
    )
    facility = models.ForeignKey(
        Facility, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="sekolah"
    )
    n = models.IntegerField("catatan")
    value = models.FloatField("angka")
    usual = models.FloatField("yang biasa")
    strength = models.FloatField("jarak")  # standard deviations
    rarity = models.FloatField()
    score = models.FloatField("urutan")
    found_on = models.DateField("ditemukan")
    gone_on = models.DateField("tidak lagi tampak", null=True, blank=True)
    private_until = models.DateField("hanya untuk yang bersangkutan sampai")
    released = models.BooleanField("terlihat ketua tim", default=False)

    objects = PersonalQuerySet.as_manager()

    class Meta:
        verbose_name = "temuan"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "month", "indicator", "facility"], name="finding_once_a_month", nulls_distinct=False
            ),
            models.CheckConstraint(condition=models.Q(month__range=(200701, 209912)), name="finding_month_is_a_month"),
        ]
        indexes = [
            models.Index(fields=["month", "-score", "id"], name="finding_rank"),
            models.Index(fields=["region_no", "month"], name="finding_region_month"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.month} {self.indicator}"


class FindingRecord(models.Model):
    """A record that shows a finding best: a meeting, a home visit, or a month of a school or health post."""

    class Kind(models.TextChoices):
        SESSION = "session", Phrase("pertemuan P2K2")
        SCHOOL = "school", Phrase("bulan sekolah")
        HEALTH = "health", Phrase("bulan posyandu")
        VISIT = "visit", Phrase("kunjungan rumah")

    id = DrawnBigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="records")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField(editable=False)
    kind = models.CharField("jenis", max_length=8, choices=Kind)
    record = models.BigIntegerField("nomor catatan")  # the meeting's or visit's number; of a month the facility's
    subject = models.BigIntegerField("kelompok, keluarga, atau fasilitas")
    day = models.DateField("tanggal")
    place = models.SmallIntegerField("urutan")  # the oddest first
    figure = models.FloatField("angka", null=True, blank=True)

    class Meta:
        verbose_name = "catatan temuan"
        constraints = [models.UniqueConstraint(fields=["finding", "place"], name="finding_record_place_once")]
        indexes = [models.Index(fields=["kind", "subject"], name="finding_record_subject")]

    def __str__(self) -> str:
        return f"{self.kind} {self.record}"


class FindingAnswer(models.Model):
    """What the person says to it, in words and with a file; never changed, but there may be several."""

    id = DrawnBigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField(editable=False)
    text = models.TextField("jawaban")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    said_on = models.DateField("dijawab")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "jawaban temuan"
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="finding_answer_says_something")]

    def __str__(self) -> str:
        return f"{self.finding_id} {self.said_on}"
