"""Where the money of each listing stands now: a view over lists, answers and holds, under the reader's own scope."""

from __future__ import annotations

from datetime import date

from django.db import models

from harapan.benefits.models import Stage
from harapan.payments.enums import SUM_OF, Standing, Sum
from harapan.registry.models import Family


class Claim(models.Model):
    """One listing with its latest live answer. Read only: it changes when a line, a hold or a list comes in."""

    listing_id = models.BigIntegerField(primary_key=True)
    stage = models.ForeignKey(Stage, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    family = models.ForeignKey(Family, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False)
    region_no = models.BigIntegerField()
    group_no = models.BigIntegerField(db_column="group_id")
    wave = models.CharField("gelombang", max_length=20)
    bank = models.CharField("bank", max_length=40)
    nominal_idr = models.BigIntegerField("menurut daftar")
    standing = models.SmallIntegerField("keadaan", choices=Standing)
    amount_idr = models.BigIntegerField("terjawab")  # what the answer or the hold covers; 0 where there is none
    on = models.DateField("tanggal", null=True)
    attempt = models.SmallIntegerField("upaya")
    reason_code = models.CharField("kode alasan", max_length=30)
    note = models.CharField("keterangan", max_length=300)

    class Meta:
        managed = False
        db_table = "payments_claim"
        verbose_name = "tagihan"

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id} {self.wave}"

    @property
    def sum(self) -> Sum:
        """In which of the sums it counts."""
        return SUM_OF[Standing(self.standing)]

    @property
    def ordered(self) -> bool:
        """Whether it is an order of a computed stage, which is paid and no longer held."""
        return self.listing_id < 0 and self.attempt > 0

    def days_untouched(self, on: date) -> int | None:
        """How long credited money has lain, on that day; None for all other money."""
        if self.standing != Standing.CREDITED or self.on is None:
            return None
        return (on - self.on).days
