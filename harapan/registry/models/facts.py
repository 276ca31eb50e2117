"""What others say of a family, and what contradicts and waits for a person."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import SealedField
from harapan.registry.models.base import FamilyChild, Source
from harapan.registry.models.member import Member


class OutsideFact(FamilyChild):
    """A statement of another system on a date: desil, Dukcapil match, exclude code. Later ones do not erase earlier."""

    class Kind(models.TextChoices):
        DESIL = "desil", Phrase("Desil DTSEN")
        DUKCAPIL = "dukcapil", Phrase("Padanan Dukcapil")
        EXCLUDE = "exclude", Phrase("Kode pengecualian")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    value = models.CharField("nilai", max_length=60)
    as_of = models.DateField("per tanggal")
    source = models.CharField("sumber", max_length=12, choices=Source)
    received_at = models.DateTimeField("diterima", auto_now_add=True)

    class Meta:
        verbose_name = "fakta luar"
        indexes = [models.Index(fields=["family", "kind", "-as_of"], name="fact_family_kind")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value}"

    @property
    def said(self) -> Phrase:
        """The statement as the other system made it; its usual words have their English."""
        return _SAID.get(self.value) or Phrase(self.value)


_SAID = {str(word): word for word in (Phrase("padan"), Phrase("tidak padan"), Phrase("belum padan"))}


class Question(FamilyChild):
    """Two sources differ on a NIK, a KK or a name: nothing is overwritten until a person decides."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField("isian", max_length=10)  # nik, kk, name
    ours = SealedField("yang tercatat", kind="text")
    theirs = SealedField("yang datang", kind="text")
    source = models.CharField("sumber", max_length=12, choices=Source)
    asked_at = models.DateTimeField("ditanyakan", auto_now_add=True)
    decided_at = models.DateTimeField("diputuskan", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken = models.BooleanField("yang datang dipakai", null=True, blank=True)
    why = models.CharField("alasan", max_length=200, blank=True)

    class Meta:
        verbose_name = "pertanyaan data"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=True, decided_by__isnull=True, taken__isnull=True)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, taken__isnull=False),
                name="question_decided_by_whom_when_and_how",
            )
        ]
        indexes = [models.Index(fields=["family"], name="question_open", condition=models.Q(decided_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.field} {self.family_id}"
