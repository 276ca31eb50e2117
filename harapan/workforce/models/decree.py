"""A decree (SK) by which families come to another facilitator, and what it moves."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.regions.models import Region
from harapan.registry.models import Group, GroupChild


class Decree(models.Model):
    """Number and date of the decision. `reverses`: the decree whose moves this one takes back."""

    number = models.CharField("nomor SK", max_length=120)
    dated = models.DateField("tanggal SK")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, db_column="region_no", related_name="+")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reversed_by")
    why = models.CharField("alasan", max_length=300, blank=True)
    digest = models.CharField(max_length=64, editable=False)  # of the moves asked for: tells a repeat from another
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "SK pembagian dampingan"
        constraints = [models.UniqueConstraint(fields=["region", "number"], name="decree_number_once_a_region")]
        indexes = [models.Index(fields=["region", "-dated", "-id"], name="decree_region_dated")]

    def __str__(self) -> str:
        return self.number


class CaseloadMove(GroupChild):
    """Families given to another facilitator. `group`: what the taker meets them in.

    A whole group changes hands (`origin` empty), or `family_nos` came out of `origin` into `group`.
    """

    class Reason(models.TextChoices):
        UNHELD = "unheld", Phrase("belum ada pendampingnya")
        OVER = "over", Phrase("beban pendamping lama di atas rentang")
        UNDER = "under", Phrase("beban pendamping baru di bawah rentang")
        EVEN = "even", Phrase("beban pendamping lama di atas bagian yang rata")
        CHAIN = "chain", Phrase("memberi ruang untuk pemindahan lain")
        BACK = "back", Phrase("dikembalikan")
        LEAVES = "leaves", Phrase("pendamping lama cuti, pindah, atau berhenti")

    decree = models.ForeignKey(Decree, on_delete=models.PROTECT, related_name="moves")
    # as the decree calls it: whoever gave a group away no longer sees the group itself
    group_name = models.CharField("kelompok", max_length=80)
    origin = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    giver = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    families = models.IntegerField("keluarga")
    family_nos = ArrayField(models.BigIntegerField(), default=list, blank=True)
    reason = models.CharField("alasan", max_length=6, choices=Reason)

    class Meta:
        verbose_name = "pemindahan dampingan"
        indexes = [
            models.Index(fields=["giver", "decree"], name="move_giver"),
            models.Index(fields=["taker", "decree"], name="move_taker"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.giver_id} > {self.taker_id}"
