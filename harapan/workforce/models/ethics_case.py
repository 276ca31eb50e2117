"""A case of ethics from its opening to its end, what the accused says in it, and what is decided."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField
from harapan.workforce.models.person import Person, PersonChild


class Step(models.TextChoices):
    """Where a case stands. Each waits for the next; CLOSED and FINAL wait for nothing."""

    RECEIVED = "received", Phrase("Diterima")
    VERIFIED = "verified", Phrase("Layak diperiksa")
    EXAMINED = "examined", Phrase("Selesai diperiksa")
    SUMMONED = "summoned", Phrase("Dipanggil")
    HEARD = "heard", Phrase("Sudah didengar")
    DECIDED = "decided", Phrase("Diputus")
    APPEALED = "appealed", Phrase("Banding")
    FINAL = "final", Phrase("Berkekuatan tetap")
    CLOSED = "closed", Phrase("Ditutup")

    @property
    def open(self) -> bool:
        return self not in (Step.FINAL, Step.CLOSED)


class EthicsCase(models.Model):
    """About one person, who sees it from the day they are told (`told_on`); nothing in it says who reported.

    `person` is empty until a handler has found whom the report means; `accused` is that person's user, whom the
    database keeps out until then. `region_no`: where the person serves, or the place that was named. `joined_to`: the
    case about the same person that its reports went to.
    """

    id = DrawnBigAutoField(primary_key=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )  # (a composite key with the region holds it)
    accused = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accused_name = models.CharField("nama yang dilaporkan", max_length=120)
    region_no = models.BigIntegerField(editable=False)
    offence = models.CharField("jenis pelanggaran", max_length=20)  # a code of data/ethics/offences.yaml
    opened_on = models.DateField("dibuka")
    step = models.CharField("langkah", max_length=9, choices=Step, default=Step.RECEIVED)
    step_on = models.DateField("sejak")
    due_on = models.DateField("batas langkah", null=True, blank=True)
    handler = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    charge = models.TextField("yang disangkakan", blank=True)  # in the handler's words, fit for the accused to read
    told_on = models.DateField("dipanggil", null=True, blank=True)
    hearing_on = models.DateField("sidang", null=True, blank=True)
    hearing_place = models.CharField("tempat sidang", max_length=120, blank=True)
    heard = models.TextField("jalannya sidang", blank=True)
    closed_why = models.CharField("alasan ditutup", max_length=300, blank=True)
    joined_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined")

    class Meta:
        verbose_name = "perkara etik"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(step__in=[Step.RECEIVED, Step.CLOSED]) | models.Q(person__isnull=False),
                name="case_goes_on_about_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["region_no", "-id"], name="case_region"),
            models.Index(fields=["person", "-id"], name="case_person"),
            models.Index(fields=["due_on", "id"], name="case_due", condition=models.Q(due_on__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """What letters call it. It is drawn in the order of opening and says nothing of a report's own number."""
        return f"ETK-{self.opened_on.year}-{self.pk:05d}"


class EthicsStatement(PersonChild):
    """What the accused says in writing: an answer to the charge, or an appeal."""

    class Kind(models.TextChoices):
        ANSWER = "answer", Phrase("Pembelaan")
        APPEAL = "appeal", Phrase("Banding")

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField("jenis", max_length=6, choices=Kind)
    text = models.TextField("isi")
    said_on = models.DateField("disampaikan")

    class Meta:
        verbose_name = "pernyataan terlapor"
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=models.Q(kind="appeal"), name="one_appeal_a_case"
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class EthicsDecision(PersonChild):
    """The verdict of a case, and that of its appeal: at most one of each, whoever decides at the same moment.

    `level` is empty where nothing was proven. `until`: the first day it counts no longer (None: for good). A measure
    that ends posts names who carries it out (`executor`).
    """

    class Instance(models.TextChoices):
        FIRST = "first", Phrase("Putusan")
        APPEAL = "appeal", Phrase("Putusan banding")

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="decisions")
    instance = models.CharField("tingkat", max_length=6, choices=Instance)
    offence = models.CharField("jenis pelanggaran", max_length=20)
    level = models.CharField("sanksi", max_length=10, blank=True)  # codes of data/ethics/sanctions.yaml
    measures = ArrayField(models.CharField(max_length=20), default=list, blank=True, verbose_name="tindakan")
    letter = models.CharField("nomor putusan", max_length=120)
    why = models.TextField("pertimbangan")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField("diputus")
    until = models.DateField("dihitung sampai", null=True, blank=True)
    replaced = models.BooleanField("diganti putusan banding", default=False)
    executor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    executed_on = models.DateField("dilaksanakan", null=True, blank=True)

    class Meta:
        verbose_name = "putusan etik"
        constraints = [
            models.UniqueConstraint(fields=["case", "instance"], name="decided_once_an_instance"),
            models.CheckConstraint(
                condition=models.Q(executed_on__isnull=True) | models.Q(executor__isnull=False),
                name="executed_by_somebody_named",
            ),
            models.CheckConstraint(
                condition=models.Q(level="", measures=[]) | ~models.Q(level=""), name="measures_of_a_level"
            ),
        ]
        indexes = [models.Index(fields=["region_no", "-id"], name="decision_region")]

    def __str__(self) -> str:
        return f"{self.case_id} {self.instance}"
