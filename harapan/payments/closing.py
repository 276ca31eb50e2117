"""Reconciling, closing and finishing a stage; refusals name the sums.

A received stage moves one regency at a time, or all in scope; a computed one as a whole, by whoever sees the nation.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.benefits.actions import move, regencies_of
from harapan.benefits.models import Mode, Stage, StageRegency, State
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import atomic
from harapan.payments import money, whole
from harapan.payments.refusing import refuse_open_exceptions, refuse_unbalanced, refuse_without_end
from harapan.policy.reasons import demand_reason
from harapan.regions import codes


def reconcile(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """Every answer is in and fits: from open to reconciled. Raises Refused, naming what has none."""
    if stage.mode == Mode.COMPUTED:
        return whole.reconcile(stage, region=region, by=by, on=on, why=why)
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
    demand_reason(why, Phrase("Tulis alasan membuka kembali; auditor akan membacanya."), on=on)
    if stage.mode == Mode.COMPUTED:
        return whole.reopen(stage, region=region, by=by, on=on, why=why)
    with atomic():
        return move(stage, _standing_in(stage, region, State.RECONCILED), State.OPEN, by=by, on=on, why=why)


def close(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """due = credited + failed + returned + held, to the rupiah: from reconciled to closed. Raises Refused."""
    if stage.mode == Mode.COMPUTED:
        return whole.close(stage, region=region, by=by, on=on, why=why)
    with atomic():
        regencies = _standing_in(stage, region, State.RECONCILED)
        for regency in regencies:
            refuse_open_exceptions(stage, regency.regency_no)
            refuse_unbalanced(stage, regency.regency_no)
        return move(stage, regencies, State.CLOSED, by=by, on=on, why=why)


def finish(stage: Stage, *, region: int | None = None, by: User, on: date, why: str = "") -> Stage:
    """No credited rupiah is without an end: from closed to final. Raises Refused naming what is still untouched."""
    if stage.mode == Mode.COMPUTED:
        return whole.finish(stage, region=region, by=by, on=on, why=why)
    with atomic():
        regencies = _standing_in(stage, region, State.CLOSED)
        for regency in regencies:
            refuse_open_exceptions(stage, regency.regency_no)
            refuse_without_end(stage, regency.regency_no)
        return move(stage, regencies, State.FINAL, by=by, on=on, why=why)


def _standing_in(stage: Stage, region: int | None, state: State) -> list[StageRegency]:
    """The regencies to move. All in scope where no region is named; those further on already stay."""
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
