"""The run of a frozen wave: snapshot to engine to partitions of its own, by the law that was frozen with it.

What a killed run had finished is not computed again: its ranges wait in the output folder, which belongs to the
snapshot. What it had begun to store is dropped by the next one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date

from django.utils import timezone

from harapan import engine
from harapan.audit import log
from harapan.benefits import storing
from harapan.benefits.alone import alone
from harapan.benefits.models import Run, Snapshot, Stage, State
from harapan.benefits.unaltered import refuse_altered
from harapan.benefits.waves import move_wave, wave_in
from harapan.core.errors import HarapanError, Refused
from harapan.database import day, places
from harapan.database.scope import Scope, put_on
from harapan.engine.run import Summary, finished
from harapan.engine.run import run as run_engine

Told = Callable[[int, int], None]  # ranges done, ranges in all


def compute(stage: Stage, *, actor: int, on: date, why: str = "", told: Told | None = None) -> Run:
    """Compute the wave at hand from its snapshot and store the result. Puts on the batch scope itself.

    From frozen to computed. Raises ImpossibleMove, StageBusy, Refused (a missing rate, an unknown code, sums that
    differ, a snapshot that is no longer the one frozen); the run then stands as refused with the sentence.
    """
    scope = Scope.batch(actor=actor, why=why)
    with alone(stage):
        run = _begin(stage, scope)
        try:
            summary = _computed(run, scope, told)
            with put_on(scope):
                storing.open_tables(run)
            lines = storing.load_folder(run, _snapshot(run).folder)
            with put_on(scope):
                _finish(run, summary, lines, on=on, why=why)
        except HarapanError as refusal:
            _end(run, scope, Run.State.REFUSED, str(refusal))
            raise
        except OSError as trouble:
            _end(run, scope, Run.State.FAILED, f"Hasil hitung tidak dapat ditulis ({trouble.strerror}).")
            raise Refused(
                "Hasil hitung tahap {stage} tidak dapat ditulis: {strerror}. Kosongkan ruang di {var}, lalu "
                "hitung lagi; yang sudah selesai tidak diulang.",
                stage=stage.name,
                strerror=trouble.strerror,
                var=places.var(),
            ) from trouble
        except BaseException:
            _end(run, scope, Run.State.FAILED, "Perhitungan terhenti sebelum selesai. Jalankan lagi.")
            raise
    return run


def _begin(stage: Stage, scope: Scope) -> Run:
    """A fresh run. Any other that says it is running is dead: the lock is ours."""
    with put_on(scope):
        stage = Stage.objects.select_for_update().get(pk=stage.pk)
        snapshot = wave_in(stage, Snapshot.State.FROZEN, to=State.COMPUTED)
        for dead in Run.objects.filter(stage=stage, state=Run.State.RUNNING):
            storing.discard(dead)
            dead.state, dead.ended_at = Run.State.FAILED, timezone.now()
            dead.refusal = "Terhenti di tengah jalan; diteruskan oleh perhitungan berikutnya."
            dead.save(update_fields=["state", "ended_at", "refusal"])
        return Run.objects.create(
            stage=stage, snapshot=snapshot, wave=snapshot.wave, by_id=scope.actor or None,
            data_as_of=snapshot.data_as_of, rules=snapshot.manifest["rules"],
        )  # fmt: skip


def _snapshot(run: Run) -> Snapshot:
    if run.snapshot is None:
        raise ValueError(f"run {run.pk} has no snapshot")
    return run.snapshot


def _computed(run: Run, scope: Scope, told: Told | None) -> Summary:
    snapshot = _snapshot(run)
    refuse_altered(snapshot)

    def beat(done: int, total: int) -> None:
        with put_on(scope):
            Run.objects.filter(pk=run.pk).update(beat_at=timezone.now(), ranges_done=done, ranges=total)
        run.ranges_done, run.ranges = done, total
        if told is not None:
            told(done, total)

    earlier = finished(snapshot.folder, run.folder, rules=run.stage_rules)
    if earlier is not None:
        return earlier
    shutil.rmtree(run.folder, ignore_errors=True)  # of another engine, or not whole
    run.folder.parent.mkdir(mode=places.PRIVATE, parents=True, exist_ok=True)
    return run_engine(snapshot.folder, run.folder, rules=run.stage_rules, told=beat)


def _finish(run: Run, summary: Summary, lines: int, *, on: date, why: str) -> None:
    """Attach, mark done and move the wave on: one short transaction."""
    totals, snapshot = summary.totals, _snapshot(run)
    stage = Stage.objects.select_for_update().get(pk=run.stage_id)
    storing.attach(run, families=totals.families, lines=lines, net_idr=totals.net_idr)
    run.state, run.ended_at = Run.State.DONE, day.moment(on)
    run.families, run.lines, run.paid = totals.families, lines, totals.paid
    run.gross_idr, run.cut_idr, run.net_idr = totals.gross_idr, totals.cut_idr, totals.net_idr
    run.output_sha256 = summary.output_sha256
    run.manifest = {
        "engine": {"name": engine.NAME, "version": engine.VERSION},
        "snapshot": {"number": snapshot.number, "manifest_sha256": snapshot.manifest_sha256},
        "rows": totals.rows,
        "members": totals.members,
    }
    run.save()
    snapshot.stage = stage
    move_wave(snapshot, State.COMPUTED, by=run.by, on=on, why=why)
    log.record(
        "run.sealed", kind="run", subject=run.pk,
        body={"stage": stage.name, "wave": run.wave, "families": run.families, "lines": lines, "net_idr": run.net_idr,
              "sha256": run.output_sha256},
    )  # fmt: skip


def _end(run: Run, scope: Scope, state: Run.State, refusal: str) -> None:
    with put_on(scope):
        storing.discard(run)
        Run.objects.filter(pk=run.pk).update(state=state, ended_at=timezone.now(), refusal=refusal)
