"""The decision on a checked wave: by another person than whoever computed or checked it, with a decree or a reason."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.benefits.adjusting import settle_adjustments
from harapan.benefits.models import Approval, Run, RunCheck, Snapshot, Stage, State
from harapan.benefits.reflecting import reflect_computed
from harapan.benefits.waves import live_run_of, move_wave, wave_in
from harapan.core.errors import Refused
from harapan.core.money import rupiah
from harapan.core.phrases import Phrase
from harapan.database.scope import Scope, atomic, put_on
from harapan.policy.reasons import demand_reason


def approve(
    stage: Stage, *, decree_no: str, decree_on: date | None, by: User, on: date, why: str = "", seen: int | None = None
) -> Approval:
    """Make the checked wave binding under a decree (SK). From checked to approved. Raises ImpossibleMove, Refused.

    What earlier stages owed and this run paid or took is settled with it, and what the ladder defers is noted.

    seen: the run that the decision is about; another one that stands checked meanwhile is not decided on.
    """
    if not decree_no.strip() or decree_on is None:
        raise Refused("Persetujuan perlu nomor dan tanggal SK. Isi keduanya.")
    if decree_on > on:
        raise Refused(
            "Tanggal SK {decree_on} belum tiba. Isi tanggal SK yang sudah ditetapkan.",
            decree_on=f"{decree_on:%Y-%m-%d}",
        )
    with atomic():
        snapshot, run, check = _checked(stage, to=State.APPROVED, by=by, seen=seen)
        approval = _decided(
            run, check, Approval.Decision.APPROVED, by=by, on=on, why=why,
            decree_no=decree_no.strip()[:80], decree_on=decree_on,
        )  # fmt: skip
        settle_adjustments(run, by=by, on=on)
        reflect_computed(run, frozen_on=snapshot.on, on=on)
        move_wave(snapshot, State.APPROVED, by=by, on=on, why=why)
        body = {"run": run.pk, "wave": run.wave, "decree": approval.decree_no, "net_idr": run.net_idr,
                "sha256": run.output_sha256}  # fmt: skip
        log.record("stage.approved", kind="stage", subject=stage.pk, why=why, body=body)
    return approval


def refuse(stage: Stage, *, why: str, by: User, on: date, seen: int | None = None) -> Approval:
    """Send the checked wave back with a reason: it stands frozen again, and may be frozen anew and computed again.

    Puts on the batch scope itself: a run is withdrawn by the login that may write runs.
    """
    demand_reason(why, Phrase("Tulis apa yang perlu diperbaiki; pengolah akan membacanya."), on=on)
    with put_on(Scope.batch(actor=by.pk, why=why)):
        snapshot, run, check = _checked(stage, to=State.FROZEN, by=by, seen=seen)
        refusal = _decided(run, check, Approval.Decision.REFUSED, by=by, on=on, why=why)
        run.state = Run.State.SUPERSEDED
        run.save(update_fields=["state"])
        move_wave(snapshot, State.FROZEN, by=by, on=on, why=why)
        log.record("stage.refused", kind="stage", subject=stage.pk, why=why, body={"run": run.pk, "wave": run.wave})
    return refusal


def _checked(stage: Stage, *, to: State, by: User, seen: int | None) -> tuple[Snapshot, Run, RunCheck]:
    """The wave to decide on, locked. Raises Refused when its maker would decide on it."""
    stage = Stage.objects.select_for_update().get(pk=stage.pk)
    snapshot = wave_in(stage, Snapshot.State.CHECKED, to=to)
    snapshot.stage = stage
    run = live_run_of(snapshot)
    if seen not in (None, run.pk):
        raise Refused(
            "Tahap {stage} sudah dihitung lagi sejak halaman ini dibuka; sekarang {net_idr}. Lihat "
            "perbandingannya lagi, lalu putuskan.",
            stage=stage.name,
            net_idr=rupiah(run.net_idr),
        )
    check = RunCheck.objects.select_related("by").get(run=run)
    makers = {check.by_id, run.by_id}
    if by.pk in makers:
        raise Refused(
            "Tahap {stage} ({net_idr}) dihitung atau diperiksa oleh Anda sendiri. Yang menyetujui atau "
            "mengembalikan harus orang lain.",
            stage=stage.name,
            net_idr=rupiah(run.net_idr),
        )
    return snapshot, run, check


def _decided(run: Run, check: RunCheck, decision: Approval.Decision, *, by: User, on: date, why: str,
             decree_no: str = "", decree_on: date | None = None) -> Approval:  # fmt: skip
    return Approval.objects.create(
        run=run, decision=decision, maker=check.by, by=by, on=on, why=why.strip()[:300], decree_no=decree_no,
        decree_on=decree_on, net_idr=run.net_idr, output_sha256=run.output_sha256,
    )  # fmt: skip
