"""Background work of benefits. Whoever asks is named by number; the work itself is done by the batch login."""

from __future__ import annotations

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from harapan.accounts.models import Post, User
from harapan.benefits import adjusting, computing, replaying
from harapan.benefits.asking import ask_once
from harapan.benefits.errors import StageBusy
from harapan.benefits.models import Replay, Stage
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
