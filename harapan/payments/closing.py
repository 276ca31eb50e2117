"""Reconciling, closing and finishing a received stage, one regency or all in scope; refusals name the sums."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.benefits.actions import move, place_name, regencies_of
from harapan.benefits.models import Mode, Stage, StageRegency, State
from harapan.core.errors import Refused
from harapan.core.money import rupiah, thousands
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.payments import money
from harapan.payments.models import PaymentException
from harapan.regions import codes


def reconcile(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """Every answer is in and fits: from open to reconciled. Raises Refused, naming what has none."""
    with atomic():
        regencies = _standing_in(stage, region, State.OPEN)
        for regency in regencies:
            refuse_open_exceptions(stage, regency.regency_no)
            refuse_unbalanced(stage, regency.regency_no)
        if region is None:
            refuse_open_exceptions(stage, None)
        return move(stage, regencies, State.RECONCILED, by=by, on=on, why=why)


def reopen(stage: Stage, *, region: int | None = None, by: User, on: date, why: str) -> Stage:
    """Take a reconciliation back, with a reason: a late list or answer has come."""
    if not why.strip():
        raise Refused("Alasan membuka kembali masih kosong. Tulis alasannya; auditor akan membacanya.")
    with atomic():
        return move(stage, _standing_in(stage, region, State.RECONCILED), State.OPEN, by=by, on=on, why=why)


def close(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """due = credited + failed + returned + held, to the rupiah: from reconciled to closed. Raises Refused."""
    with atomic():
        regencies = _standing_in(stage, region, State.RECONCILED)
        for regency in regencies:
            refuse_open_exceptions(stage, regency.regency_no)
            refuse_unbalanced(stage, regency.regency_no)
        return move(stage, regencies, State.CLOSED, by=by, on=on, why=why)


def finish(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """No credited rupiah is without an end: from closed to final. Raises Refused naming what is still untouched."""
    with atomic():
        regencies = _standing_in(stage, region, State.CLOSED)
        for regency in regencies:
            refuse_open_exceptions(stage, regency.regency_no)
            refuse_without_end(stage, regency.regency_no)
        return move(stage, regencies, State.FINAL, by=by, on=on, why=why)


def _standing_in(stage: Stage, region: int | None, state: State) -> list[StageRegency]:
    """The regencies to move. All in scope where no region is named; those further on already stay."""
    if stage.mode != Mode.RECEIVED:
        raise Refused(
            "Tahap {stage} dihitung di sini; langkah ini untuk tahap yang diterima dari pusat.", stage=stage.name
        )
    within = codes.range_of(region) if region is not None else None
    if within is not None and within[1] - within[0] < 10**6:
        raise Refused("Rekonsiliasi dilakukan per kabupaten/kota. Sebut kabupaten/kotanya, misalnya 63.05.")
    found = _in_scope(stage, regencies_of(stage, within=within))
    if not found:
        raise Refused(
            "Tahap {stage} belum punya daftar di wilayah ini. Muat daftar dari pusat dahulu.", stage=stage.name
        )
    waiting = [regency for regency in found if regency.state == state]
    if not waiting:
        others = sorted({State(regency.state).label.lower() for regency in found})
        raise Refused(
            "Tahap {stage} di wilayah ini {others}, bukan {state}. Lakukan langkah sebelumnya dahulu, "
            "atau lihat `harapan stage status`.",
            stage=stage.name,
            others=joined(others, Phrase(" dan ")),
            state=state.label.lower(),
        )
    return waiting


def _in_scope(stage: Stage, found: Iterable[StageRegency]) -> list[StageRegency]:
    """Only regencies whose families the caller sees: where they stand is open to all, moving them is not."""
    seen = {place.no for place, _ in money.by_place(stage, level="regency")}
    return [regency for regency in found if regency.regency_no in seen]


def refuse_open_exceptions(stage: Stage, regency_no: int | None) -> None:
    """Refuse while lines that fit nothing wait; without a regency, those that belong to none."""
    waiting = PaymentException.objects.open().filter(stage=stage)
    waiting = waiting.filter(region_no=0) if regency_no is None else waiting.inside(*codes.range_of(regency_no))
    if count := waiting.count():
        place = Phrase("tanpa wilayah") if regency_no is None else place_name(regency_no)
        raise Refused(
            "{count} jawaban belum cocok ({place}) pada tahap {stage}. Cocokkan atau sisihkan "
            "masing-masing dengan alasan, lalu ulangi.",
            count=thousands(count),
            place=place,
            stage=stage.name,
        )


def refuse_unbalanced(stage: Stage, regency_no: int) -> None:
    found = money.of(stage, region=regency_no)
    if found.balanced and not found.unanswered:
        return
    told = [
        Phrase(
            "Jumlah tahap {stage} di {place} belum cocok: {in_words}.",
            stage=stage.name,
            place=place_name(regency_no),
            in_words=found.in_words(),
        )
    ]
    if found.unanswered:
        told.append(Phrase("{count} pembayaran belum dijawab.", count=thousands(found.unanswered)))
    told.append(Phrase("Muat jawaban bank atau pos yang kurang, atau tahan dengan alasan, lalu ulangi."))
    raise Refused(joined(told))


def refuse_without_end(stage: Stage, regency_no: int) -> None:
    found = money.of(stage, region=regency_no)
    lying_idr = found.untouched_idr + found.blocked_idr
    if lying_idr:
        raise Refused(
            "{lying_idr} di {place} masih di rekening: {untouched_idr} belum diambil dan {blocked_idr} "
            "terblokir. Muat jawaban bahwa uangnya diambil atau disetor kembali ke kas negara, lalu "
            "ulangi.",
            lying_idr=rupiah(lying_idr),
            place=place_name(regency_no),
            untouched_idr=rupiah(found.untouched_idr),
            blocked_idr=rupiah(found.blocked_idr),
        )
