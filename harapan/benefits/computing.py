"""Computing beside a received stage: registry to engine to a run of its own, and the differences from the list.

The whole-stage login (batch) does it, so pages defer a job (`tasks.compute_beside`) and the command puts the scope on
itself. One computation a stage at a time; what a killed one left is cleared by the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connections
from django.utils import timezone
from psycopg import IsolationLevel

from harapan.audit import log
from harapan.benefits import differing, inputs, storing
from harapan.benefits.alone import alone
from harapan.benefits.models import Run, Snapshot, Stage, State
from harapan.core.errors import HarapanError, Refused
from harapan.core.phrases import Phrase
from harapan.database import day
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.engine import NAME, VERSION
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import StageRules

if TYPE_CHECKING:
    from harapan.engine.run import Result

SUPERSEDED_KEPT = 1
SETTLED = (State.CLOSED, State.FINAL)


def compute_beside(stage: Stage, *, actor: int = SYSTEM, why: str = "") -> Run:
    """Compute the stage from the registry as it is now, store the run and renew the stage's differences.

    actor: the user's number (0 the system). Raises StageBusy while the stage is being computed; Refused for a stage
    whose entitlement is not a list or that is closed, and when the rules lack a value: the run then stands as refused
    with the sentence. Puts on the batch scope itself.
    """
    scope = Scope.batch(actor=actor, why=why)
    with alone(stage):
        _refuse_settled(stage, scope)
        run = _begin(stage, scope)
        try:
            with one_moment(), put_on(scope):
                result, as_of = _computed(run)
                storing.load(run, result)
            with put_on(scope):
                _finish(run, result, as_of)
            with put_on(scope):
                _retire_older(stage)
        except HarapanError as refusal:
            _end(run, scope, Run.State.REFUSED, refusal.phrase)
            raise
        except BaseException:
            _end(run, scope, Run.State.FAILED, Phrase("Perhitungan terhenti sebelum selesai. Jalankan lagi."))
            raise
    return run


def _refuse_settled(stage: Stage, scope: Scope) -> None:
    """What is computed beside takes the place of the live run: never that by which a stage was paid or closed."""
    with put_on(scope, read_only=True):
        stage = Stage.objects.get(pk=stage.pk)
        frozen = Snapshot.objects.live().filter(stage=stage).exists()
    if frozen:
        raise Refused(
            "Tahap {stage} dihitung dari pembekuannya, bukan di samping daftar. Hitung di ringkasan tahap.",
            stage=stage.name,
        )
    if stage.state in SETTLED:
        raise Refused(
            "Tahap {stage} sudah {state}, jadi pembandingnya tidak dihitung lagi. Lihat hasilnya di halaman Selisih.",
            stage=stage.name,
            state=State(stage.state).label.lower(),
        )


def _begin(stage: Stage, scope: Scope) -> Run:
    """A fresh run. Any other that says it is running is dead: the lock is ours."""
    rules = default_policy().stage(stage.name)
    with put_on(scope):
        for dead in Run.objects.filter(stage=stage, state=Run.State.RUNNING):
            storing.discard(dead)
            dead.state, dead.ended_at = Run.State.FAILED, timezone.now()
            dead.refusal = Phrase("Terhenti di tengah jalan; diulang oleh perhitungan berikutnya.")
            dead.save(update_fields=["state", "ended_at", "refusal"])
        return Run.objects.create(stage=stage, by_id=scope.actor or None, rules=json.loads(rules.as_json()))


def _computed(run: Run) -> tuple[Result, datetime]:
    from harapan.engine.run import run_tables  # Ibis and DuckDB: a page that computes nothing does without

    as_of = day.moment(day.today())
    tables = inputs.read(run.stage, run.stage_rules)
    if not tables["families"].num_rows:
        raise Refused(
            "Belum ada keluarga untuk dihitung pada tahap {stage}. Muat daftar pusat atau data keluarga.",
            stage=run.stage.name,
        )
    return run_tables(**tables, rules=run.stage_rules), as_of


def _finish(run: Run, result: Result, as_of: datetime) -> None:
    """Attach, mark done, put the run in the place of the one before and compare: one short transaction."""
    totals = result.totals
    storing.attach(run, families=totals.families, lines=result.lines.num_rows, net_idr=totals.net_idr)
    Run.objects.filter(stage=run.stage, state=Run.State.DONE).update(state=Run.State.SUPERSEDED)
    run.state, run.ended_at, run.data_as_of = Run.State.DONE, timezone.now(), as_of
    run.families, run.lines, run.paid = totals.families, result.lines.num_rows, totals.paid
    run.gross_idr, run.cut_idr, run.net_idr = totals.gross_idr, totals.cut_idr, totals.net_idr
    run.output_sha256 = result.output_sha256
    run.manifest = {"engine": {"name": NAME, "version": VERSION}, "rows": totals.rows, "members": totals.members}
    run.save()
    log.record(
        "run.sealed", kind="run", subject=run.pk,
        body={"stage": run.stage.name, "families": run.families, "net_idr": run.net_idr, "sha256": run.output_sha256},
    )  # fmt: skip
    differing.renew(run.stage, run)


def _retire_older(stage: Stage) -> None:
    """Keep the live run's rows and those of the one before; older ones keep their totals and hash."""
    superseded = Run.objects.filter(stage=stage, state=Run.State.SUPERSEDED, retired_at__isnull=True).order_by("-pk")
    for old in superseded[SUPERSEDED_KEPT:]:
        storing.retire(old)
        old.retired_at = timezone.now()
        old.save(update_fields=["retired_at"])
        log.record("run.retired", kind="run", subject=old.pk, body={"stage": stage.name, "sha256": old.output_sha256})


def _end(run: Run, scope: Scope, state: Run.State, refusal: str) -> None:
    with put_on(scope):
        storing.discard(run)
        Run.objects.filter(pk=run.pk).update(state=state, ended_at=timezone.now(), refusal=refusal)


@contextmanager
def one_moment() -> Iterator[None]:
    """Transactions of the batch login begun in this block see one moment of the database, however many they read.

    Inside a transaction that is open already (tests) that moment is its own and nothing changes.
    """
    connection = connections[settings.SCOPE_ALIASES["batch"]]
    connection.ensure_connection()
    if connection.in_atomic_block:
        yield
        return
    connection.connection.isolation_level = IsolationLevel.REPEATABLE_READ
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.isolation_level = None


def live_run(stage: Stage) -> Run | None:
    """The run that holds for the stage, if it was computed."""
    return Run.objects.live().filter(stage=stage).first()


def rules_of(stage: Stage) -> StageRules:
    """The law of the stage as its live run knew it, else as policy has it now."""
    run = live_run(stage)
    return run.stage_rules if run else default_policy().stage(stage.name)
