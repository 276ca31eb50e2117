"""What a family means to do, in one sentence, and what came of it."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.p2k2.models.session import Session
from harapan.registry.models import FamilyChild


class Commitment(FamilyChild):
    """A commitment or RTL card (rencana tindak lanjut). `done_on` is the day it was found done, None while open."""

    text = models.CharField("komitmen", max_length=200)
    due_on = models.DateField("batas waktu")
    made_on = models.DateField("dibuat")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pertemuan"
    )
    done_on = models.DateField("selesai", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "komitmen"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_on__gte=models.F("made_on")), name="commitment_due_after_it_was_made"
            ),
            models.UniqueConstraint(fields=["family", "made_on", "text"], name="commitment_said_once"),
        ]
        indexes = [
            models.Index(fields=["family", "due_on"], name="commitment_open", condition=models.Q(done_on__isnull=True))
        ]

    def __str__(self) -> str:
        return self.text


class CommitmentAnswer(FamilyChild):
    """What a family answered when it was asked about its commitment: done, or not yet and why."""

    commitment = models.ForeignKey(Commitment, on_delete=models.CASCADE, related_name="answers")
    asked_on = models.DateField("ditanyakan")
    done = models.BooleanField("sudah")
    why = models.CharField("sebab belum", max_length=200, blank=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "jawaban komitmen"
        constraints = [
            models.UniqueConstraint(fields=["commitment", "asked_on"], name="commitment_asked_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(done=True) | ~models.Q(why=""), name="commitment_not_done_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment_id} {self.asked_on}"
