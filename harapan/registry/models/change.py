"""A data change somebody asked for: what, with which proof, who decided, what it did, and whether the outside knows."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import SealedField
from harapan.files.models import StoredFile
from harapan.registry.models.base import FamilyChild
from harapan.registry.models.member import Member


class Change(FamilyChild):
    """One request. Applied, its facts hold from `effective_on`; taken back, a counter-entry names it in `reverses`."""

    class State(models.TextChoices):
        ASKED = "asked", Phrase("menunggu keputusan")
        APPLIED = "applied", Phrase("diterapkan")
        REFUSED = "refused", Phrase("ditolak")
        WITHDRAWN = "withdrawn", Phrase("ditarik")
        REVERSED = "reversed", Phrase("dibalik")

    kind = models.CharField("jenis", max_length=20)  # of data/changes/kinds.yaml
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    told = models.JSONField("isi", default=dict)  # field -> value as text; no number of a person
    numbers = SealedField("nomor", kind="text")  # the same for numbers, as JSON
    content_key = models.CharField(max_length=64, editable=False)  # the same request twice is one while it is open
    effective_on = models.DateField("berlaku sejak")
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField("diajukan")
    effect = models.JSONField("akibat", null=True, blank=True)  # benefits.previewing, as of the last look
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField("diputuskan", null=True, blank=True)
    decided_why = models.CharField("alasan keputusan", max_length=300, blank=True)
    undo = SealedField("keadaan sebelumnya", kind="text")  # what was there before, as JSON
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="membalik"
    )
    # the outside: SIKS-NG has to be told by somebody, and the next list has to show it
    entered_on = models.DateField("dimasukkan ke SIKS-NG", null=True, blank=True)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_note = models.CharField("bukti dimasukkan", max_length=200, blank=True)
    reflected_on = models.DateField("tercermin", null=True, blank=True)
    reflected_in = models.CharField("tercermin pada tahap", max_length=16, blank=True)

    class Meta:
        verbose_name = "pemutakhiran"
        constraints = [
            models.UniqueConstraint(
                fields=["family", "kind", "content_key"], condition=models.Q(state="asked"), name="change_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True, decided_on__isnull=True, state__in=["asked", "withdrawn"])
                | models.Q(decided_by__isnull=False, decided_on__isnull=False)
                & ~models.Q(state__in=["asked", "withdrawn"]),
                name="change_decided_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(entered_on__isnull=True, entered_by__isnull=True)
                | models.Q(entered_on__isnull=False, entered_by__isnull=False),
                name="change_entered_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses__isnull=False) | ~models.Q(decided_by=models.F("asked_by")),
                name="change_by_two_people",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "region_no", "asked_on", "id"], name="change_queue"),
            models.Index(fields=["family", "-id"], name="change_family"),
            models.Index(
                fields=["region_no", "decided_on"], name="change_unreflected",
                condition=models.Q(state="applied", reflected_on__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.family_id}"


class ChangeProof(FamilyChild):
    """A paper brought for a request."""

    change = models.ForeignKey(Change, on_delete=models.PROTECT, related_name="proofs")
    kind = models.CharField("bukti", max_length=24)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_on = models.DateField("ditambahkan")

    class Meta:
        verbose_name = "bukti pemutakhiran"
        constraints = [models.UniqueConstraint(fields=["change", "kind", "file"], name="change_proof_once")]

    def __str__(self) -> str:
        return f"{self.change_id} {self.kind}"
