"""How far each wave of a computed stage has come: the main one moves the stage, a supplementary one only itself."""

from __future__ import annotations

from datetime import date

from harapan.accounts.models import User
from harapan.benefits.errors import ImpossibleMove
from harapan.benefits.models import Approval, Mode, Run, Snapshot, Stage, StageMove, State
from harapan.core.errors import Refused
from harapan.core.periods import format_date

MAIN = 0
BEFORE_APPROVAL = (Snapshot.State.FROZEN, Snapshot.State.COMPUTED, Snapshot.State.CHECKED)


def wave_at_hand(stage: Stage) -> Snapshot:
    """The snapshot of the wave that is being worked on: the latest one. Raises Refused where nothing is frozen yet."""
    latest = Snapshot.objects.live().filter(stage=stage).select_related("stage").order_by("-wave").first()
    if latest is None:
        raise Refused(
            "Tahap {stage} belum dibekukan. Bekukan dengan `harapan stage freeze {stage}` lebih dahulu.",
            stage=stage.name,
        )
    return latest


def wave_in(stage: Stage, *states: Snapshot.State, to: State) -> Snapshot:
    """The wave at hand, if it stands in one of these states. Raises ImpossibleMove naming where it stands."""
    if stage.mode != Mode.COMPUTED:
        raise Refused(
            "Tahap {stage} diterima dari pusat: haknya ada di daftar, jadi langkah ini tidak dilakukan di sini.",
            stage=stage.name,
        )
    snapshot = wave_at_hand(stage)
    if snapshot.state not in states:
        raise ImpossibleMove(stage.name, _standing(snapshot), to.label)
    return snapshot


def wave_for_freezing(stage: Stage, *, susulan: bool) -> int:
    """The wave a freeze would be of: 0, or the next supplementary one. Raises ImpossibleMove or Refused.

    The main wave may be frozen anew only while none of its runs is approved; a supplementary one only once all before
    it are instructed.
    """
    if not susulan:
        if stage.state not in (State.OPEN, State.FROZEN):
            raise ImpossibleMove(stage.name, State(stage.state).label, State.FROZEN.label)
        approved = Approval.objects.filter(run__stage=stage, decision=Approval.Decision.APPROVED).first()
        if approved is not None:
            raise Refused(
                "Tahap {stage} sudah disetujui dengan SK {decree_no}, jadi tidak dibekukan lagi. Yang datang "
                "kemudian masuk susulan: `harapan stage freeze --susulan`.",
                stage=stage.name,
                decree_no=approved.decree_no,
            )
        return MAIN
    if stage.state != State.INSTRUCTED:
        raise Refused(
            "Susulan dibuka setelah gelombang utama diperintahkan; tahap {stage} sekarang {state}. "
            "Selesaikan langkah itu dahulu.",
            stage=stage.name,
            state=State(stage.state).label.lower(),
        )
    latest = wave_at_hand(stage)
    if latest.state == Snapshot.State.INSTRUCTED:
        return latest.wave + 1
    if latest.state in BEFORE_APPROVAL:
        return latest.wave
    raise ImpossibleMove(stage.name, _standing(latest), State.FROZEN.label)


def move_wave(snapshot: Snapshot, to: State, *, by: User | None, on: date, why: str = "") -> None:
    """Bring a wave to the next state, and the stage with it where it is the main one. The caller has judged it."""
    snapshot.state = Snapshot.State(str(to))
    snapshot.save(update_fields=["state"])
    note_move(snapshot.stage, snapshot.wave, to, by=by, on=on, why=why)


def note_move(stage: Stage, wave: int, to: State, *, by: User | None, on: date, why: str = "") -> None:
    """Write down that a wave has moved; the main one takes the stage along."""
    came_from = stage.state if wave == MAIN else ""
    StageMove.objects.create(stage=stage, wave=wave, came_from=came_from, went_to=to, by=by, on=on, why=why[:300])
    if wave == MAIN and stage.state != to:
        stage.state = to
        stage.save(update_fields=["state"])


def live_run_of(snapshot: Snapshot) -> Run:
    """The finished run of a computed wave."""
    return Run.objects.live().select_related("stage", "snapshot").get(snapshot=snapshot)


def approved_runs(stage: Stage) -> list[Run]:
    """The runs of the stage that people have approved, main wave first."""
    found = Run.objects.live().filter(stage=stage, approval__decision=Approval.Decision.APPROVED)
    return list(found.select_related("snapshot", "stage").order_by("wave"))


def _standing(snapshot: Snapshot) -> str:
    label = Snapshot.State(snapshot.state).label
    return label if snapshot.wave == MAIN else f"{label} (susulan {snapshot.wave}, {format_date(snapshot.on)})"
