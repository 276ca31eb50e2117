"""One run per file brought in, one row per line of it, and what has no other home yet."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import Post, User
from harapan.core.phrases import Phrase
from harapan.database.fields import DrawnBigAutoField, SealedField
from harapan.database.phrases import PhraseField
from harapan.files.models import StoredFile
from harapan.registry.models import Family, FamilyChild, Source


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def claim(self, run: ImportRun) -> bool:
        """True for exactly one caller, however many workers race. Undone with the caller's transaction."""
        open_states = (ImportRun.State.RECEIVED, ImportRun.State.REHEARSED)
        return self.filter(pk=run.pk, state__in=open_states).update(state=ImportRun.State.RUNNING) == 1


class ImportRun(models.Model):
    """A file brought in: what it is, who brought it, how far it came, and how its rows were answered."""

    class State(models.TextChoices):
        RECEIVED = "received", Phrase("diterima")
        RUNNING = "running", Phrase("sedang dibaca")
        REHEARSED = "rehearsed", Phrase("diuji, belum ditulis")
        COMMITTED = "committed", Phrase("ditulis")
        FAILED = "failed", Phrase("ditolak seluruhnya")

    layout = models.CharField("jenis daftar", max_length=24)
    stage = models.CharField("tahap", max_length=16, blank=True)
    state = models.CharField("keadaan", max_length=10, choices=State, default=State.RECEIVED)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+", verbose_name="berkas asli")
    refused_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="baris ditolak"
    )
    facilitator = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="pendamping"
    )
    region_no = models.BigIntegerField(default=0)  # the first region of the post that brought it; 0 for the nation
    rows = models.IntegerField("baris", default=0)
    accepted = models.IntegerField("diterima", default=0)
    changed = models.IntegerField("berubah", default=0)
    unchanged = models.IntegerField("tetap", default=0)
    refused = models.IntegerField("ditolak", default=0)
    notice = PhraseField("catatan tentang berkas", blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="oleh")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+", verbose_name="jabatan")
    received_at = models.DateTimeField("diterima pada", auto_now_add=True)
    answered_at = models.DateTimeField("dijawab pada", null=True, blank=True)
    work_no = models.BigIntegerField(null=True, blank=True)  # jobs.Work that reads it, where the file is large

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = "impor"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state__in=("rehearsed", "committed"))
                | models.Q(
                    rows=models.F("accepted") + models.F("changed") + models.F("unchanged") + models.F("refused")
                ),
                name="import_every_row_answered_once",
            )
        ]
        indexes = [models.Index(fields=["region_no", "-received_at"], name="import_region_received")]

    def __str__(self) -> str:
        return f"{self.layout} {self.received_at:%Y-%m-%d}"


class Verdict(models.IntegerChoices):
    ACCEPTED = 1, Phrase("diterima")
    CHANGED = 2, Phrase("berubah")
    UNCHANGED = 3, Phrase("tetap")
    REFUSED = 4, Phrase("ditolak")


class ImportRow(models.Model):
    """The answer to one line of a file. `words` holds reasons and warnings, never a full number of a person."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="answers")
    line = models.IntegerField("baris")
    verdict = models.SmallIntegerField("jawaban", choices=Verdict)
    column = models.CharField("kolom", max_length=80, blank=True)
    words = PhraseField("keterangan", blank=True)
    # no constraint: a rehearsal answers about families that it then takes back
    family = models.ForeignKey(Family, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    name = models.CharField("nama pada berkas", max_length=120, blank=True, default="")  # where no family is known
    region_no = models.BigIntegerField()  # of the family where one is known, else of the run

    class Meta:
        verbose_name = "baris impor"
        constraints = [models.UniqueConstraint(fields=["run", "line"], name="import_row_once")]
        indexes = [
            models.Index(fields=["run", "verdict", "line"], name="import_row_verdict"),
            models.Index(fields=["family", "run"], name="import_row_family"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id}:{self.line}"


class OtherProgrammeRow(models.Model):
    """A line of a list that is not PKH (BPNT, PBI and others), kept for the programme record."""

    id = DrawnBigAutoField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")
    line = models.IntegerField("baris")
    stage = models.CharField("tahap", max_length=16, blank=True)
    programme = models.CharField("program", max_length=40)
    wave = models.CharField("gelombang", max_length=20, blank=True)
    person_key = models.CharField(max_length=64)  # the list's own key, or the index of the NIK: one row a person
    family = models.ForeignKey(Family, on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    region_no = models.BigIntegerField()
    nik = SealedField("NIK", kind="nik")
    name = models.CharField("nama", max_length=120)
    bank = models.CharField("bank", max_length=20, blank=True)
    amount_idr = models.BigIntegerField("nominal", null=True)

    class Meta:
        verbose_name = "baris program lain"
        constraints = [
            # the region leads, so that the key tells nothing about a list of another region
            models.UniqueConstraint(
                fields=["region_no", "stage", "programme", "wave", "person_key"], name="other_programme_once"
            )
        ]
        indexes = [models.Index(fields=["family"], name="other_programme_family")]

    def __str__(self) -> str:
        return f"{self.programme} {self.stage}"


class OpeningFigure(FamilyChild):
    """A figure from before Harapan, as a workbook stated it on a day: never computed with, always with its source."""

    class Kind(models.TextChoices):
        MEMBERS = "members", Phrase("jumlah anggota")
        COMPONENTS = "components", Phrase("komponen menurut buku kerja")
        AMOUNT = "amount", Phrase("nominal")
        P2K2 = "p2k2", Phrase("nominal P2K2")

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("jenis", max_length=12, choices=Kind)
    value = models.CharField("nilai", max_length=200)
    as_of = models.DateField("per tanggal")
    source = models.CharField("sumber", max_length=12, choices=Source, default=Source.OPENING)

    class Meta:
        verbose_name = "angka awal"
        constraints = [models.UniqueConstraint(fields=["family", "kind", "as_of"], name="opening_figure_once_a_day")]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
