"""Notice and hearing before a cut, what a stage still owes or is owed, and money the ladder defers. Never deleted."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.benefits.models.run import Run
from harapan.benefits.models.stage import Stage
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.policy.stage_rules import Effect
from harapan.registry.models import FamilyChild


class Verdict(models.TextChoices):
    OPEN = "open", Phrase("belum diputuskan")
    UPHELD = "upheld", Phrase("tetap berlaku")
    ACCEPTED = "accepted", Phrase("alasan diterima")
    NO_SERVICE = "no_service", Phrase("layanan tidak tersedia")
    LAPSED = "lapsed", Phrase("tidak dijawab")


COUNTING = (Verdict.UPHELD, Verdict.LAPSED)  # the miss stands


class SanctionNotice(FamilyChild):
    """A family is told of a missed month before it costs anything, and heard. One a stage, family and month."""

    class Told(models.TextChoices):
        VISIT = "visit", Phrase("kunjungan")
        MEETING = "meeting", Phrase("pertemuan kelompok")
        LETTER = "letter", Phrase("surat diserahkan")
        PHONE = "phone", Phrase("telepon")

    class Answerer(models.TextChoices):
        FAMILY = "family", Phrase("keluarga")
        FACILITY = "facility", Phrase("sekolah atau tempat layanan")
        FACILITATOR = "facilitator", Phrase("pendamping")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)  # others begin with it
    month = models.IntegerField("bulan")  # yyyymm
    # who missed, and as which component: the obligation is the component's (policy obligations.*)
    members = ArrayField(models.BigIntegerField(), verbose_name="anggota")
    components = ArrayField(models.SmallIntegerField(), verbose_name="komponen")
    noticed_on = models.DateField("diberitahukan")
    noticed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    told_on = models.DateField("keluarga diberi tahu", null=True, blank=True)
    told_how = models.CharField("cara", max_length=8, choices=Told, blank=True)
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer_until = models.DateField("jawaban sampai", null=True, blank=True)  # null: the family was not told yet
    answer = models.CharField("jawaban", max_length=500, blank=True)
    answer_from = models.CharField("jawaban dari", max_length=11, choices=Answerer, blank=True)
    answered_on = models.DateField("dijawab", null=True, blank=True)
    answer_recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    evidence = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    verdict = models.CharField("putusan", max_length=10, choices=Verdict, default=Verdict.OPEN)
    decided_on = models.DateField("diputuskan", null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField("alasan putusan", max_length=300, blank=True)

    class Meta:
        verbose_name = "pemberitahuan sanksi"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "month"], name="notice_once_a_month"),
            models.CheckConstraint(
                condition=Q(told_on__isnull=True, told_how="", told_by__isnull=True, answer_until__isnull=True)
                | (Q(told_on__isnull=False, told_by__isnull=False, answer_until__isnull=False) & ~Q(told_how="")),
                name="notice_told_when_how_and_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answer_from="", answered_on__isnull=True, answer_recorded_by__isnull=True)
                | (Q(answered_on__isnull=False, answer_recorded_by__isnull=False) & ~Q(answer="") & ~Q(answer_from="")),
                name="notice_answered_by_whom_when_and_how",
            ),
            models.CheckConstraint(
                condition=Q(verdict=Verdict.OPEN, decided_on__isnull=True, decided_by__isnull=True, why="")
                | (~Q(verdict=Verdict.OPEN) & Q(decided_on__isnull=False) & ~Q(why="")),
                name="notice_decided_when_and_why",
            ),
            # nobody is cut unheard: a miss stands only where the family was told, and lapses only after its days
            models.CheckConstraint(
                condition=~Q(verdict__in=COUNTING) | Q(told_on__isnull=False), name="notice_counts_only_when_told"
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.LAPSED) | Q(answer="", decided_on__gt=F("answer_until")),
                name="notice_lapses_only_unanswered_after_its_days",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "verdict", "region_no", "family"], name="notice_stage_region"),
            models.Index(fields=["stage", "verdict", "group_no", "family"], name="notice_stage_group"),
            models.Index(fields=["family", "stage"], name="notice_family"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.month}"

    @property
    def open(self) -> bool:
        return self.verdict == Verdict.OPEN

    @property
    def counts(self) -> bool:
        """Whether the missed month stands."""
        return self.verdict in COUNTING


class Adjustment(FamilyChild):
    """What an earlier stage paid too little or too much, until a later stage settles it. Only settling changes a row.

    Where a stage settles a part, the rest is a new row that names this one.
    """

    class Kind(models.TextChoices):
        BACK_PAY = "back_pay", Phrase("kekurangan")
        RECOVERY = "recovery", Phrase("kelebihan")

    class Cause(models.TextChoices):
        VERDICT = "verdict", Phrase("putusan atas ketidakhadiran")
        DEFERRAL = "deferral", Phrase("penangguhan dicabut")
        CORRECTION = "correction", Phrase("pembetulan")

    of_stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", verbose_name="dari tahap")
    # whose cut a verdict changed; null for what no run was asked about
    of_run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    kind = models.CharField("jenis", max_length=8, choices=Kind)
    cause = models.CharField("sebab", max_length=10, choices=Cause)
    idr = models.BigIntegerField("jumlah")
    why = models.CharField("penjelasan", max_length=300)  # a sentence the family can read
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # null: the system
    decided_at = models.DateTimeField("diputuskan", auto_now_add=True)
    settled_run = models.ForeignKey(
        Run, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="diselesaikan pada"
    )
    settled_idr = models.BigIntegerField("diselesaikan", null=True, blank=True)
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to", verbose_name="sisa dari"
    )

    class Meta:
        verbose_name = "kekurangan atau kelebihan"
        constraints = [
            models.CheckConstraint(condition=Q(idr__gt=0), name="adjustment_above_nought"),
            models.CheckConstraint(
                condition=Q(settled_run__isnull=True, settled_idr__isnull=True)
                | Q(settled_run__isnull=False, settled_idr__gt=0, settled_idr__lte=F("idr")),
                name="adjustment_settled_in_a_run_up_to_its_amount",
            ),
        ]
        indexes = [
            models.Index(fields=["family", "of_stage"], name="adjustment_family"),
            models.Index(fields=["family", "id"], condition=Q(settled_run__isnull=True), name="adjustment_open"),
        ]

    def __str__(self) -> str:
        return f"{self.family_id} {self.kind} {self.idr}"


class Deferral(FamilyChild):
    """A family's money of a stage that the ladder holds until a person lifts it; it is then owed as back-pay."""

    STEPS = ((Effect.DEFER.value, "ditangguhkan"), (Effect.END.value, "diusulkan berakhir"))

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    step = models.CharField("anak tangga", max_length=5, choices=STEPS)
    stages_missed = models.SmallIntegerField("tahap berturut-turut")
    idr = models.BigIntegerField("jumlah")
    since = models.DateField("sejak")
    lifted_on = models.DateField("dicabut", null=True, blank=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = models.CharField("sebab dicabut", max_length=300, blank=True)
    adjustment = models.OneToOneField(Adjustment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "penangguhan"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family"], name="deferral_once_a_stage"),
            models.CheckConstraint(condition=Q(idr__gt=0), name="deferral_above_nought"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True, lifted_by__isnull=True, lifted_because="", adjustment__isnull=True)
                | (Q(lifted_on__isnull=False, lifted_by__isnull=False, adjustment__isnull=False)
                   & ~Q(lifted_because="")),
                name="deferral_lifted_by_whom_when_and_why",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["family", "stage"], name="deferral_family")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.idr}"
