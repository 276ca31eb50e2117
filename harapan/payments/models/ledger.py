"""Double entry: each booked answer moves rupiah between named accounts, and every posting adds up to zero."""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.payments.models.order import PaymentFile
from harapan.payments.models.settlement import SettlementFile
from harapan.payments.models.treasury import TreasuryReturn


class Account(models.IntegerChoices):
    TREASURY = 1, Phrase("kas negara")
    TRANSIT = 2, Phrase("di penyalur, belum sampai")
    UNTOUCHED = 3, Phrase("di rekening, belum diambil")
    CREDITED = 4, Phrase("sampai di tangan")
    RETURNED = 5, Phrase("kembali tanpa sampai")
    HELD = 6, Phrase("ditahan")


class Posting(models.Model):
    """Why rupiah moved: one file handed over or answered, one exception booked, one hold, one payment back."""

    class Kind(models.TextChoices):
        SETTLEMENT = "settlement", Phrase("jawaban penyalur")
        EXCEPTION = "exception", Phrase("belum cocok, dicocokkan")
        HOLD = "hold", Phrase("ditahan")
        RELEASE = "release", Phrase("dilepas")
        HANDED_OVER = "handed_over", Phrase("berkas diserahkan ke penyalur")
        PAID_BACK = "paid_back", Phrase("disetor kembali ke kas negara")
        WITHDRAWN = "withdrawn", Phrase("berkas jawaban ditarik kembali")

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("sebab", max_length=12, choices=Kind)
    file = models.ForeignKey(SettlementFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    payment_file = models.OneToOneField(PaymentFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    paid_back = models.OneToOneField(TreasuryReturn, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    on = models.DateField("tanggal")
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "jurnal"

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"


class LedgerEntry(models.Model):
    """One side of a posting in one regency, with one payer. Above zero: into the account; below: out of it."""

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField("kabupaten/kota")
    account = models.SmallIntegerField("akun", choices=Account)
    payer = models.CharField("penyalur", max_length=20, blank=True)  # empty: what is held, or an answer that names none
    idr = models.BigIntegerField("rupiah")

    class Meta:
        verbose_name = "baris jurnal"
        constraints = [
            models.UniqueConstraint(
                fields=["posting", "region_no", "account", "payer"], name="ledger_one_side_an_account_and_payer"
            ),
            models.CheckConstraint(condition=~models.Q(idr=0), name="ledger_moves_something"),
        ]
        indexes = [models.Index(fields=["stage", "region_no", "account"], name="ledger_stage_region")]

    def __str__(self) -> str:
        return f"{self.posting_id} {self.account} {self.idr}"
