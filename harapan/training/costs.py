"""What a batch costs, line by line, against its ceiling. Whole rupiah."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.money import rupiah
from harapan.core.periods import format_date
from harapan.database.scope import atomic
from harapan.training.models import Batch, Budget, CostItem
from harapan.training.planning import locked_batch

IDR_MAX = 10**12


@dataclass(frozen=True, slots=True)
class CostFacts:
    """`spent_on` None: planned."""

    kind: str
    detail: str
    units: int
    unit_idr: int
    spent_on: date | None = None


def set_ceiling(batch_id: int, ceiling_idr: int, *, letter: str, by: User) -> Budget:
    """The ceiling under a letter. Refused below what the lines make already."""
    if not 0 < ceiling_idr <= IDR_MAX:
        raise Refused("Pagu {sum} tidak masuk akal. Tulis dalam rupiah utuh.", sum=rupiah(ceiling_idr))
    if not letter.strip():
        raise Refused("Dasar pagu kosong. Tulis nomor DIPA atau surat penetapannya.")
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        budget = Budget.objects.filter(batch=batch).first() or Budget(batch=batch, region_no=batch.region_no)
        total = total_of(budget)
        if ceiling_idr < total:
            raise Refused(
                "Pagu {ceiling} lebih kecil daripada biaya yang tercatat, {total}. Kurangi biayanya dahulu.",
                ceiling=rupiah(ceiling_idr), total=rupiah(total),
            )  # fmt: skip
        budget.ceiling_idr, budget.letter = ceiling_idr, letter.strip()[:120]
        budget.save()
        log.record("batch.ceiling_set", kind="batch", subject=batch.pk, body={"ceiling_idr": ceiling_idr})
    return budget


def add_cost(batch_id: int, facts: CostFacts, *, by: User) -> CostItem:
    """One more line. Refused without a ceiling, and where the sum would pass it."""
    if facts.units < 1 or facts.unit_idr < 0 or facts.units * facts.unit_idr > IDR_MAX:
        raise Refused("Banyak dan harga satuan harus rupiah dan bilangan utuh. Periksa lagi angkanya.")
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        budget = Budget.objects.filter(batch=batch).first()
        if budget is None:
            raise Refused("Angkatan ini belum punya pagu. Tetapkan pagunya sebelum mencatat biaya.")
        amount, total = facts.units * facts.unit_idr, total_of(budget)
        if total + amount > budget.ceiling_idr:
            raise Refused(
                "{detail} {amount} menjadikan jumlahnya {sum}, {over} di atas pagu {ceiling}. Kurangi biayanya, atau "
                "naikkan pagu dengan surat.",
                detail=facts.detail, amount=rupiah(amount), sum=rupiah(total + amount),
                over=rupiah(total + amount - budget.ceiling_idr), ceiling=rupiah(budget.ceiling_idr),
            )  # fmt: skip
        made = CostItem.objects.create(
            budget=budget, region_no=budget.region_no, kind=facts.kind, detail=facts.detail.strip()[:160],
            units=facts.units, unit_idr=facts.unit_idr, amount_idr=amount, spent_on=facts.spent_on, said_by=by,
        )  # fmt: skip
        log.record("batch.cost_added", kind="batch", subject=batch.pk, body={"amount_idr": amount})
    return made


def pay_cost(batch_id: int, item_id: int, *, spent_on: date, by: User, on: date) -> CostItem:
    """A planned line was paid that day. The same day again changes nothing. Raises Refused for another, or a later."""
    if spent_on > on:
        raise Refused("Tanggal dibayar {day} belum tiba. Isi hari pembayarannya.", day=format_date(spent_on))
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        item = _line(batch, item_id)
        if item.spent_on == spent_on:
            return item
        if item.spent_on is not None:
            raise Refused(
                "{detail} sudah tercatat dibayar {day}. Bila keliru, hapus barisnya lalu catat lagi.",
                detail=item.detail, day=format_date(item.spent_on),
            )  # fmt: skip
        item.spent_on = spent_on
        item.save(update_fields=["spent_on"])
        log.record("batch.cost_paid", kind="batch", subject=batch.pk, body={"amount_idr": item.amount_idr})
    return item


def take_cost_away(batch_id: int, item_id: int, *, by: User) -> None:
    """A line entered by mistake; the log keeps it."""
    with atomic():
        batch = locked_batch(batch_id, closed=True)
        item = _line(batch, item_id)
        item.delete()
        body = {"detail": item.detail, "amount_idr": item.amount_idr}
        log.record("batch.cost_removed", kind="batch", subject=batch.pk, body=body)


def _line(batch: Batch, item_id: int) -> CostItem:
    item: CostItem | None = CostItem.objects.filter(pk=item_id, budget__batch=batch).first()
    if item is None:
        raise Refused("Baris biaya itu tidak ada lagi. Buka lagi halamannya.")
    return item


def total_of(budget: Budget) -> int:
    if budget.pk is None:
        return 0
    return CostItem.objects.filter(budget=budget).aggregate(Sum("amount_idr"))["amount_idr__sum"] or 0
