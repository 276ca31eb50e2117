"""What keeps a stage from being reconciled, closed or finished: each refusal names the sums and the way out."""

from __future__ import annotations

from harapan.benefits.actions import place_name
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.payments import money
from harapan.payments.models import PaymentException
from harapan.regions import codes


def refuse_open_exceptions(stage: Stage, regency_no: int | None, *, everywhere: bool = False) -> None:
    """Refuse while lines that fit nothing wait; without a regency, those that belong to none, or `everywhere`."""
    waiting = PaymentException.objects.open().filter(stage=stage)
    if regency_no is not None:
        waiting = waiting.inside(*codes.range_of(regency_no))
    elif not everywhere:
        waiting = waiting.filter(region_no=0)
    if count := waiting.count():
        place = _place(regency_no) if regency_no is not None or everywhere else "tanpa wilayah"
        raise Refused(
            f"{thousands(count)} jawaban belum cocok ({place}) pada tahap {stage.name}. "
            "Cocokkan atau sisihkan masing-masing dengan alasan, lalu ulangi."
        )


def refuse_unbalanced(stage: Stage, regency_no: int | None) -> None:
    found = money.of(stage, region=regency_no)
    if found.balanced and not found.unanswered:
        return
    more = f" {thousands(found.unanswered)} pembayaran belum dijawab." if found.unanswered else ""
    raise Refused(
        f"Jumlah tahap {stage.name} di {_place(regency_no)} belum cocok: {found.in_words()}.{more} "
        "Muat jawaban bank atau pos yang kurang, atau tahan dengan alasan, lalu ulangi."
    )


def refuse_without_end(stage: Stage, regency_no: int | None) -> None:
    found = money.of(stage, region=regency_no)
    lying_idr = found.untouched_idr + found.blocked_idr
    if lying_idr:
        raise Refused(
            f"{rupiah(lying_idr)} di {_place(regency_no)} masih di rekening: {rupiah(found.untouched_idr)} belum "
            f"diambil dan {rupiah(found.blocked_idr)} terblokir. Muat jawaban bahwa uangnya diambil atau disetor "
            "kembali ke kas negara, lalu ulangi."
        )


def _place(regency_no: int | None) -> str:
    return "seluruh wilayah" if regency_no is None else place_name(regency_no)
