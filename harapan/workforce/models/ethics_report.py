"""What was told in confidence: the report, who told it (sealed), messages since, evidence, steps taken."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField, SealedField
from harapan.files.models import StoredFile
from harapan.workforce.models.ethics_case import EthicsCase, Step


class CaseChild(models.Model):
    """A row that only those read who handle its case: the handler in a region, the nation's commission.

    Never the accused, whatever their post: the database holds it (`migrations/0006_ethics_scope`).
    """

    id = DrawnBigAutoField(primary_key=True)

    class Meta:
        abstract = True


class EthicsReport(CaseChild):
    """As it was told. Its number and the index of its secret word are all that asks after it; the word is not kept.

    `keeper`: the one person who may open the reporter's identity (None: anonymous, or nobody to keep it yet).
    """

    class Source(models.TextChoices):
        PUBLIC = "public", Phrase("formulir umum")
        HELD_CARD = "held_card", Phrase("kartu dipegang orang lain")
        FINDING = "finding", Phrase("temuan yang perlu dicek")
        FAMILY = "family", Phrase("lima pertanyaan kepada keluarga")

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="reports")
    number = models.CharField("nomor laporan", max_length=12, unique=True)
    word_ix = models.BinaryField(null=True, editable=False)
    source = models.CharField("asal", max_length=10, choices=Source)
    told = models.TextField("yang dilaporkan")
    happened_on = models.DateField("terjadi", null=True, blank=True)
    happened_at = models.CharField("tempat kejadian", max_length=160, blank=True)
    reported_on = models.DateField("dilaporkan")
    anonymous = models.BooleanField("tanpa nama", default=True)
    keeper = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "laporan etik"

    def __str__(self) -> str:
        return self.number


class EthicsReporter(models.Model):
    """Who reported, sealed. No person's scope reads this table: `harapan.ethics_reporter` answers the keeper alone.

    It writes the look to the log in the same breath.
    """

    id = DrawnBigAutoField(primary_key=True)
    report = models.OneToOneField(EthicsReport, on_delete=models.PROTECT, related_name="+")
    name = SealedField("nama pelapor", kind="text")
    contact = SealedField("kontak pelapor", kind="text")

    class Meta:
        verbose_name = "pelapor"

    def __str__(self) -> str:
        return f"{self.pk}"


class EthicsMessage(CaseChild):
    """What reporter and handler write to each other under the report's number."""

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="messages")
    report = models.ForeignKey(EthicsReport, on_delete=models.PROTECT, related_name="messages")
    from_reporter = models.BooleanField("dari pelapor")
    text = models.TextField("isi")
    written_on = models.DateField("ditulis")

    class Meta:
        verbose_name = "pesan laporan"

    def __str__(self) -> str:
        return f"{self.report_id} {self.written_on}"


class EthicsEvidence(CaseChild):
    """What a case rests on: a record of another page by kind and number, something seen, or a file.

    `report`: which of the reports brought the file. It bears a name of ours, never the one it came with, and a picture
    nothing but what it shows.
    """

    class Kind(models.TextChoices):
        HELD_CARD = "held_card", Phrase("laporan kartu")
        FINDING = "finding", Phrase("temuan")
        FAMILY = "family", Phrase("jawaban keluarga")
        SEEN = "seen", Phrase("yang diperiksa")
        BROUGHT = "brought", Phrase("berkas dari pelapor")
        FILE = "file", Phrase("berkas pemeriksa")

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField("jenis", max_length=10, choices=Kind)
    subject = models.BigIntegerField(null=True, blank=True)
    report = models.ForeignKey(EthicsReport, on_delete=models.PROTECT, null=True, blank=True, related_name="files")
    words = models.TextField("isi", blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_on = models.DateField("ditambahkan")

    class Meta:
        verbose_name = "bukti etik"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(subject__isnull=False), name="record_opens_one_case"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class EthicsDeed(CaseChild):
    """A step that was taken: by whom, when, why late. Notes are for those who handle the case."""

    case = models.ForeignKey(EthicsCase, on_delete=models.PROTECT, related_name="deeds")
    step = models.CharField("langkah", max_length=9, choices=Step)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_on = models.DateField("dilakukan")
    note = models.TextField("catatan", blank=True)
    late_because = models.CharField("sebab terlambat", max_length=300, blank=True)

    class Meta:
        verbose_name = "langkah perkara"

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"
