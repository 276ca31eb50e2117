"""What a checker was shown of a run, and what was decided about it: maker and checker are two people."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from harapan.accounts.models import User
from harapan.benefits.models.run import Run
from harapan.core.phrases import Phrase

NATION_ONLY = 0  # region_no of rows that only the nation's scope shows


class RunCheck(models.Model):
    """Cek rekening and comparison of one run, as the checker sees them: figures of that moment, frozen."""

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="check_made")
    region_no = models.BigIntegerField(default=NATION_ONLY)
    figures = models.JSONField(default=dict)  # payments.checking.Figures
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # the maker
    on = models.DateField("tanggal")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "pemeriksaan hasil hitung"

    def __str__(self) -> str:
        return f"{self.run_id}"


class Approval(models.Model):
    """The decision on a checked run, with the decree (SK) that makes it binding, or the reason of the refusal."""

    class Decision(models.TextChoices):
        APPROVED = "approved", Phrase("disetujui")
        REFUSED = "refused", Phrase("dikembalikan")

    run = models.OneToOneField(Run, on_delete=models.PROTECT, related_name="approval")
    decision = models.CharField("keputusan", max_length=10, choices=Decision)
    maker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decree_no = models.CharField("nomor SK", max_length=80, blank=True)
    decree_on = models.DateField("tanggal SK", null=True, blank=True)
    net_idr = models.BigIntegerField("jumlah")
    output_sha256 = models.CharField("sidik hasil", max_length=64)
    why = models.CharField("alasan", max_length=300, blank=True)
    on = models.DateField("tanggal")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "persetujuan"
        constraints = [
            models.CheckConstraint(condition=~Q(by=F("maker")), name="approval_by_another_than_the_maker"),
            models.CheckConstraint(
                condition=Q(decision="refused") & ~Q(why="")
                | Q(decision="approved", decree_on__isnull=False) & ~Q(decree_no=""),
                name="approval_by_decree_or_refusal_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.decision}"
