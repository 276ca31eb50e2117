"""Background work of payments on a computed stage: asked for by a person in a post, done by the batch login."""

from __future__ import annotations

from harapan.accounts.models import Post, User
from harapan.benefits.asking import ask_once
from harapan.benefits.models import Pack, Stage
from harapan.benefits.tasks import asked_stage
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.jobs.actions import progress, working
from harapan.jobs.models import Work
from harapan.payments import checking, instructing, packing


@working("payments.check")
def check_later(work: Work, *, stage_id: int) -> None:
    """Check the accounts of a computed wave and freeze the figures its checker decides on."""
    checking.check(asked_stage(work, stage_id), actor=work.asked_by, on=day.today())


@working("payments.instruct")
def instruct_later(work: Work, *, stage_id: int, again: int = 0) -> None:
    """Draw what is approved, let go or asked again (`again`), and write its files; progress counts files."""
    instructing.instruct(
        asked_stage(work, stage_id), again=bool(again), actor=work.asked_by, on=day.today(),
        told=lambda done, total: progress(work, done=done, total=total),
    )  # fmt: skip


@working("payments.pack")
def pack_stage(work: Work, *, row_id: int) -> None:
    """Make the auditor's pack of a stage."""
    with put_on(Scope.batch(actor=work.asked_by, via="job")):
        row = Pack.objects.select_related("stage").get(pk=row_id)
    packing.pack_into_storage(row, told=lambda done, total: progress(work, done=done, total=total))


def pack_later(stage: Stage, *, by: User, post: Post) -> Pack:
    """Ask for it in the caller's transaction. Raises Refused for a stage that has nothing to pack."""
    return ask_once(Pack, pack_stage, stage, by=by, post=post)
