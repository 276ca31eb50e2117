"""What keeps a stage from being reconciled, closed or finished: each refusal names the sums and the way out."""

from __future__ import annotations

from harapan.benefits.actions import place_name
from harapan.benefits.models import Stage
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.core.phrases import Phrase, joined
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
        place = _place(regency_no) if regency_no is not None or everywhere else Phrase("tanpa wilayah")
        raise Refused(
            "{count} jawaban belum cocok ({place}) pada tahap {stage}. Cocokkan atau sisihkan "
            "masing-masing dengan alasan, lalu ulangi.",
            count=thousands(count),
            place=place,
            stage=stage.name,
        )


def refuse_unbalanced(stage: Stage, regency_no: int | None) -> None:
    found = money.of(stage, region=regency_no)
    if found.balanced and not found.unanswered:
        return
    told = [
        Phrase(
            "Jumlah tahap {stage} di {place} belum cocok: {in_words}.",
            stage=stage.name,
            place=_place(regency_no),
            in_words=found.in_words(),
        )
    ]
    if found.unanswered:
        told.append(Phrase("{count} pembayaran belum dijawab.", count=thousands(found.unanswered)))
    told.append(Phrase("Muat jawaban bank atau pos yang kurang, atau tahan dengan alasan, lalu ulangi."))
    raise Refused(joined(told))


def refuse_without_end(stage: Stage, regency_no: int | None) -> None:
    found = money.of(stage, region=regency_no)
    lying_idr = found.untouched_idr + found.blocked_idr
    if lying_idr:
        raise Refused(
            "{lying_idr} di {place} masih di rekening: {untouched_idr} belum diambil dan {blocked_idr} "
            "terblokir. Muat jawaban bahwa uangnya diambil atau disetor kembali ke kas negara, lalu "
            "ulangi.",
            lying_idr=rupiah(lying_idr),
            place=_place(regency_no),
            untouched_idr=rupiah(found.untouched_idr),
            blocked_idr=rupiah(found.blocked_idr),
        )


def _place(regency_no: int | None) -> str:
    return Phrase("seluruh wilayah") if regency_no is None else place_name(regency_no)
