"""What a family itself says it received, and the question put to a few of them by somebody else than their facilitator.

Both are confidential: a facilitator sees only what was told to themselves, nobody sees questions about themselves.
"""

from __future__ import annotations

from django.db import models

from harapan.accounts.models import User
from harapan.benefits.models import Stage
from harapan.core.phrases import Phrase
from harapan.registry.models import FamilyChild


class SaidReceipt(FamilyChild):
    """An amount as the family told it, when and to whom. Never changed; the latest counts."""

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    amount_idr = models.BigIntegerField("jumlah menurut keluarga")
    told_on = models.DateField("diceritakan")
    told_to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    note = models.CharField("keterangan", max_length=200, blank=True)
    at = models.DateTimeField("dicatat", auto_now_add=True)

    class Meta:
        verbose_name = "pengakuan terima"
        constraints = [models.CheckConstraint(condition=models.Q(amount_idr__gte=0), name="said_not_negative")]
        indexes = [models.Index(fields=["stage", "family", "-id"], name="said_latest")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.family_id}"


class ReceiptDraw(models.Model):
    """The families drawn in one kecamatan and stage: with the seed and the frame, the same come out again.

    The frame is everybody who could be drawn that day: who is paid later is not in it and changes nothing.
    """

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    region_no = models.BigIntegerField("kecamatan")
    seed = models.CharField("benih undian", max_length=32)
    percent = models.SmallIntegerField("persen")
    population = models.IntegerField("keluarga yang dibayar")
    drawn = models.IntegerField("terundi")
    frame = models.JSONField("kerangka undian", null=True)  # group number -> numbers of its paid families, in order
    frame_hash = models.CharField("sidik kerangka", max_length=64, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    on = models.DateField("tanggal")

    class Meta:
        verbose_name = "undian pertanyaan"
        constraints = [models.UniqueConstraint(fields=["stage", "region_no"], name="receipt_draw_once")]

    def __str__(self) -> str:
        return f"{self.stage_id} {self.region_no}"


class ReceiptQuestion(FamilyChild):
    """ "Uang diterima utuh?" put to one drawn family."""

    class Answer(models.IntegerChoices):
        WHOLE = 1, Phrase("diterima utuh")
        CUT = 2, Phrase("dipotong")
        WILL_NOT_SAY = 3, Phrase("tidak mau menjawab")
        NOT_FOUND = 4, Phrase("tidak ditemukan")

    draw = models.ForeignKey(ReceiptDraw, on_delete=models.PROTECT, related_name="questions")
    facilitator = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")  # on the day drawn
    answer = models.SmallIntegerField("jawaban", choices=Answer, null=True, blank=True)
    cut_idr = models.BigIntegerField("potongan", null=True, blank=True)
    cut_by = models.CharField("dipotong oleh", max_length=120, blank=True)
    cut_because = models.CharField("alasan potongan", max_length=200, blank=True)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_on = models.DateField("ditanya", null=True, blank=True)

    class Meta:
        verbose_name = "pertanyaan uang utuh"
        constraints = [
            models.UniqueConstraint(fields=["draw", "family"], name="receipt_question_once"),
            models.CheckConstraint(
                condition=models.Q(answer__isnull=True, asked_by__isnull=True, asked_on__isnull=True)
                | models.Q(answer__isnull=False, asked_by__isnull=False, asked_on__isnull=False),
                name="receipt_answer_by_whom_and_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(answer=2) | models.Q(cut_idr__gt=0), name="receipt_cut_has_an_amount"
            ),
        ]
        indexes = [models.Index(fields=["draw", "region_no", "family"], name="receipt_question_place")]

    def __str__(self) -> str:
        return f"{self.draw_id} {self.family_id}"
