"""What a batch may cost and what it costs, in whole rupiah."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.core.phrases import Phrase
from harapan.training.models.course import Batch


class Budget(models.Model):
    """The ceiling (pagu) of a batch under a letter. `region_no`: the batch's; whoever sees the place sees its money."""

    batch = models.OneToOneField(Batch, on_delete=models.PROTECT, related_name="budget")
    region_no = models.BigIntegerField(editable=False)
    ceiling_idr = models.BigIntegerField("pagu (Rp)")
    letter = models.CharField("dasar pagu", max_length=120)

    class Meta:
        verbose_name = "pagu angkatan"
        constraints = [models.CheckConstraint(condition=models.Q(ceiling_idr__gte=0), name="ceiling_from_nought")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.ceiling_idr}"


class CostItem(models.Model):
    """One line of a batch's costs: so many units at a price. `amount_idr` is their product."""

    class Kind(models.TextChoices):
        LODGING = "lodging", Phrase("Penginapan")
        MEALS = "meals", Phrase("Konsumsi")
        TRAVEL = "travel", Phrase("Perjalanan")
        ALLOWANCE = "allowance", Phrase("Uang harian")
        FEES = "fees", Phrase("Honor pelatih")
        MATERIALS = "materials", Phrase("Bahan dan alat")
        ROOMS = "rooms", Phrase("Sewa ruang")
        OTHER = "other", Phrase("Lain-lain")

    budget = models.ForeignKey(Budget, on_delete=models.PROTECT, related_name="items")
    region_no = models.BigIntegerField(editable=False)
    kind = models.CharField("jenis", max_length=9, choices=Kind)
    detail = models.CharField("uraian", max_length=160)
    units = models.IntegerField("banyak")
    unit_idr = models.BigIntegerField("harga satuan (Rp)")
    amount_idr = models.BigIntegerField("jumlah (Rp)")
    spent_on = models.DateField("tanggal", null=True, blank=True)  # empty: planned
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "biaya angkatan"
        constraints = [
            models.CheckConstraint(condition=models.Q(units__gte=1, unit_idr__gte=0), name="cost_of_something"),
            models.CheckConstraint(
                condition=models.Q(amount_idr=models.F("units") * models.F("unit_idr")), name="cost_is_the_product"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget_id} {self.detail} {self.amount_idr}"
