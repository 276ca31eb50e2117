"""Background work of benefits. Whoever asks is named by number; the work itself is done by the batch login."""

from __future__ import annotations

from collections.abc import Callable

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from harapan.accounts.models import Post, User
from harapan.accounts.working import scope_of
from harapan.benefits import adjusting, computing, freezing, replaying, running
from harapan.benefits.asking import ask_once
from harapan.benefits.errors import StageBusy
from harapan.benefits.models import Replay, Snapshot, Stage
from harapan.core.errors import Refused
from harapan.database import day
from harapan.database.scope import Scope, atomic, put_on
from harapan.jobs.actions import progress, working
from harapan.jobs.models import Work

# another computation of the stage may be at work: its data were older, so this one is still wanted
WAIT_SECONDS = 60
WHILE_BUSY = RetryStrategy(max_attempts=30, wait=WAIT_SECONDS, retry_exceptions=[StageBusy])


@app.task(name="benefits.compute_beside", retry=WHILE_BUSY)
def compute_beside(*, stage_id: int, actor: int, why: str = "") -> None:
    """Compute a stage beside its list."""
    with put_on(Scope.common(actor=actor)):
        stage = Stage.objects.get(pk=stage_id)
    computing.compute_beside(stage, actor=actor, why=why)


@app.task(name="benefits.follow_verdicts")
def follow_verdicts(*, stage_id: int, families: list[int] | None, actor: int) -> None:
    """Make up in a later stage for what a verdict changed in this one."""
    with put_on(Scope.batch(actor=actor)):
        stage = Stage.objects.get(pk=stage_id)
        adjusting.follow_verdicts(stage, families=families, by=User.objects.filter(pk=actor).first())


def follow_verdicts_later(stage: Stage, *, families: list[int] | None, actor: int) -> None:
    """Defer it in the caller's transaction: rows of a run keep the place and group of their day, and only the batch
    login sees those of a family that has moved since.
    """
    with atomic():
        follow_verdicts.defer(stage_id=stage.pk, families=families, actor=actor)


def compute_beside_later(stage: Stage, *, actor: int, why: str = "") -> bool:
    """Defer it in the caller's transaction; False where it waits in the queue already."""
    job = compute_beside.configure(queueing_lock=f"compute-beside-{stage.pk}")
    try:
        with atomic():
            job.defer(stage_id=stage.pk, actor=actor, why=why)
    except AlreadyEnqueued:
        return False
    return True


@working("benefits.freeze")
def freeze_later(work: Work, *, stage_id: int, susulan: int, after: int) -> None:
    """Freeze a stage, or with `susulan` the next wave of it.

    `after` is the latest snapshot that whoever asked had seen: of two requests for one freeze the second is refused.
    """
    stage = asked_stage(work, stage_id)
    with put_on(Scope.common(actor=work.asked_by)):
        latest = Snapshot.objects.filter(stage=stage).order_by("-number").values_list("number", flat=True).first()
    if (latest or 0) != after:
        raise Refused(
            "Tahap {stage} sudah dibekukan oleh permintaan lain. Lihat hasilnya; bekukan lagi bila masih perlu.",
            stage=stage.name,
        )
    freezing.freeze(stage, susulan=bool(susulan), actor=work.asked_by, on=day.today(), told=_telling(work))


@working("benefits.compute")
def compute_later(work: Work, *, stage_id: int) -> None:
    """Compute the frozen wave of a stage."""
    stage = asked_stage(work, stage_id)
    running.compute(stage, actor=work.asked_by, on=day.today(), told=_telling(work))


def asked_stage(work: Work, stage_id: int) -> Stage:
    """The stage, if the post in which it was asked still stands; the work itself is done by the batch login."""
    with put_on(scope_of(work), read_only=True):
        return Stage.objects.get(pk=stage_id)


def _telling(work: Work) -> Callable[[int, int], None]:
    return lambda done, total: progress(work, done=done, total=total)


@working("benefits.replay")
def replay_stage(work: Work, *, row_id: int) -> None:
    """Compute a stage again for whoever asked; the row that waits gets the result."""
    with put_on(Scope.batch(actor=work.asked_by, via="job")):
        row = Replay.objects.select_related("stage").get(pk=row_id)
    replaying.replay(
        row.stage, actor=work.asked_by, asked=row, told=lambda done, total: progress(work, done=done, total=total)
    )


def replay_later(stage: Stage, *, by: User, post: Post) -> Replay:
    """Ask for it in the caller's transaction. Raises Refused as `replaying.replay` does before it begins."""
    return ask_once(Replay, replay_stage, stage, by=by, post=post)
