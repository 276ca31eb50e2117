"""Money and cash aid handed over on a day at a place: where and when, and what was said of each family."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.files.models import StoredFile
from harapan.registry.models import FamilyChild, GroupChild


class Programme(models.TextChoices):
    """Whose money it is: both are paid over one counter and on one list (facts 0, seed 002)."""

    PKH = "pkh", Phrase("PKH")
    BPNT = "bpnt", Phrase("BPNT")


class PayoutDayQuerySet(models.QuerySet["PayoutDay"]):
    def standing(self) -> PayoutDayQuerySet:
        """Without the days that were taken away or moved."""
        return self.filter(gone_at__isnull=True)


class PayoutDay(models.Model):
    """When and where a village is paid for a stage. It names nobody.

    A day that is taken away or moved stays, with the reason, so that it can be seen what families had been told.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField("desa/kelurahan")
    on = models.DateField("tanggal")
    begins = models.TimeField("mulai")
    ends = models.TimeField("selesai")
    place = models.CharField("tempat", max_length=120)
    payer = models.CharField("penyalur", max_length=40)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)
    gone_at = models.DateTimeField("ditiadakan", null=True, blank=True)
    gone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    gone_because = models.CharField("alasan ditiadakan", max_length=200, blank=True)
    moved_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = PayoutDayQuerySet.as_manager()

    class Meta:
        verbose_name = "hari bayar"
        ordering = ["on", "begins"]
        constraints = [
            models.UniqueConstraint(
                fields=["stage", "region_no", "on", "begins"],
                condition=models.Q(gone_at__isnull=True),
                name="payout_day_stands_once",
            ),
            models.CheckConstraint(
                condition=models.Q(gone_at__isnull=True, moved_to__isnull=True, gone_because="")
                | (models.Q(gone_at__isnull=False, gone_by__isnull=False) & ~models.Q(gone_because="")),
                name="payout_day_gone_by_whom_and_why",
            ),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="payout_day_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.region_no} {self.on}"


class PayoutTelling(GroupChild):
    """That the families of a group were told anew: a payout day of their village was taken away or moved."""

    day = models.ForeignKey(PayoutDay, on_delete=models.PROTECT, related_name="+")  # the one that is gone
    told_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField("dikabarkan", auto_now_add=True)

    class Meta:
        verbose_name = "kabar hari bayar"
        constraints = [models.UniqueConstraint(fields=["day", "group"], name="payout_telling_once")]

    def __str__(self) -> str:
        return f"{self.day_id} {self.group_id}"


class ProgrammeDue(FamilyChild):
    """What another programme owes a family in the months of a stage, with where the figure comes from."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    programme = models.CharField("program", max_length=8, choices=Programme)
    amount_idr = models.BigIntegerField("jumlah")
    source = models.CharField("sumber", max_length=120)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "bantuan program lain"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "programme"], name="programme_due_once"),
            models.CheckConstraint(condition=models.Q(amount_idr__gt=0), name="programme_due_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.programme} {self.stage_id} {self.family_id}"


class HandoverProof(GroupChild):
    """One photographed page of a group's signed list; without a page, a document that a reason rests on."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    page = models.SmallIntegerField("halaman", null=True)
    original = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    shown = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    taken_on = models.DateField("difoto", null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "bukti serah terima"
        constraints = [models.UniqueConstraint(fields=["stage", "group", "original"], name="handover_proof_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.group_id} {self.page}"


class Handover(FamilyChild):
    """What was said on one day of a family's money of a stage: a part received, or why what is left was not.

    No row: nobody has said anything, which is never "received". Money that comes in waves is handed over in parts, each
    on its day; together they are never more than what is due.
    """

    class Outcome(models.IntegerChoices):
        RECEIVED = 1, Phrase("diterima")
        NOT_RECEIVED = 2, Phrase("belum diterima")

    class Manner(models.IntegerChoices):
        SINGLE = 1, Phrase("satu per satu")
        REST = 2, Phrase("semua menerima kecuali yang ditandai")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+", db_index=False)
    programme = models.CharField("program", max_length=8, choices=Programme, default=Programme.PKH)
    outcome = models.SmallIntegerField("hasil", choices=Outcome)
    on = models.DateField("tanggal")
    amount_idr = models.BigIntegerField("jumlah")
    reason_code = models.CharField("kode alasan", max_length=30, blank=True)  # of the policy's undelivered list
    manner = models.SmallIntegerField("cara", choices=Manner, default=Manner.SINGLE)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField("dicatat", auto_now_add=True)
    late_because = models.CharField("alasan terlambat", max_length=200, blank=True)
    proof = models.ForeignKey(HandoverProof, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "serah terima"
        constraints = [
            models.UniqueConstraint(fields=["stage", "family", "programme", "on"], name="handover_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(outcome=1, reason_code="") | (models.Q(outcome=2) & ~models.Q(reason_code="")),
                name="handover_reason_where_not_received",
            ),
        ]
        indexes = [
            models.Index(fields=["stage", "group_no", "family"], name="handover_stage_group"),
            models.Index(fields=["stage", "region_no", "family"], name="handover_stage_region"),
        ]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.outcome}"
