"""What a family does at home, asked at entry and yearly, so that change is a figure."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class BehaviourAnswer(FamilyChild):
    """One answer on one day. All answers of a family on a day are one round; its first round is the one at entry."""

    class Answer(models.IntegerChoices):
        YES = 1, Phrase("sudah")
        NO = 2, Phrase("belum")
        NOT_APPLICABLE = 3, Phrase("tidak berlaku")

    behaviour = models.CharField("perilaku", max_length=24)  # Behaviour.code of data/curriculum/behaviours.yaml
    asked_on = models.DateField("ditanyakan")
    answer = models.SmallIntegerField("jawaban", choices=Answer)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "jawaban perilaku"
        constraints = [
            models.UniqueConstraint(fields=["family", "behaviour", "asked_on"], name="behaviour_asked_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.behaviour} {self.asked_on}"
