"""What staff teach each other: problems of the field with the answers agreed, and practices worth copying."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.regions.models import Region
from harapan.training.models.course import Batch


class FieldProblem(models.Model):
    """A problem met in the field. Once the answer is agreed and published, all staff read it."""

    title = models.CharField("masalah, satu kalimat", max_length=160)
    detail = models.TextField("penjelasan", max_length=2000)
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, null=True, blank=True, related_name="problems")
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    raised_on = models.DateField("diajukan")
    answer = models.TextField("jawaban yang disepakati", max_length=4000, blank=True)
    owner = models.CharField("penanggung jawab", max_length=120, blank=True)
    agreed_on = models.DateField("disepakati", null=True, blank=True)
    published_on = models.DateField("diumumkan", null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "masalah lapangan"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(published_on__isnull=True)
                | (models.Q(agreed_on__isnull=False) & ~models.Q(answer="") & ~models.Q(owner="")),
                name="problem_published_with_answer",
            )
        ]
        indexes = [models.Index(fields=["-raised_on", "-id"], name="problem_latest")]

    def __str__(self) -> str:
        return self.title


class Practice(models.Model):
    """A good practice or innovation from one place. Reviewed, it may be copied elsewhere."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", Phrase("Praktik baik")
        INNOVATION = "innovation", Phrase("Inovasi")

    class State(models.TextChoices):
        SUBMITTED = "submitted", Phrase("Menunggu ditelaah")
        APPROVED = "approved", Phrase("Layak ditiru")
        RETURNED = "returned", Phrase("Dikembalikan")

    kind = models.CharField("jenis", max_length=10, choices=Kind)
    title = models.CharField("judul", max_length=160)
    problem = models.TextField("masalah yang dijawab", max_length=2000)
    how = models.TextField("cara melakukannya", max_length=4000)
    result = models.TextField("hasilnya", max_length=2000)
    partners = models.CharField("mitra", max_length=300, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_on = models.DateField("dimasukkan")
    state = models.CharField("keadaan", max_length=9, choices=State, default=State.SUBMITTED)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_on = models.DateField("ditelaah", null=True, blank=True)
    remark = models.CharField("catatan penelaah", max_length=500, blank=True)

    class Meta:
        verbose_name = "praktik baik"
        indexes = [models.Index(fields=["-entered_on", "-id"], name="practice_latest")]

    def __str__(self) -> str:
        return self.title


class PracticeCopy(models.Model):
    """Another place that took a practice over, and how it went there."""

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="copies")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    copied_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateField("sejak")
    outcome = models.CharField("hasil di sana", max_length=500)

    class Meta:
        verbose_name = "penerapan praktik baik"
        constraints = [models.UniqueConstraint(fields=["practice", "region"], name="practice_copied_once_a_region")]

    def __str__(self) -> str:
        return f"{self.practice_id} {self.region_id}"
