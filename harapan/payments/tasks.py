"""Background work of payments on a computed stage: asked for by a person in a post, done by the batch login."""

from __future__ import annotations

from harapan.accounts.working import scope_of
from harapan.benefits.models import Stage
from harapan.database import day
from harapan.database.scope import put_on
from harapan.jobs.actions import progress, working
from harapan.jobs.models import Work
from harapan.payments import instructing


@working("payments.instruct")
def instruct_later(work: Work, *, stage_id: int, again: int = 0) -> None:
    """Draw what is approved, let go or asked again (`again`), and write its files; progress counts files."""
    with put_on(scope_of(work), read_only=True):  # if the post in which it was asked still stands
        stage = Stage.objects.get(pk=stage_id)
    instructing.instruct(
        stage, again=bool(again), actor=work.asked_by, on=day.today(),
        told=lambda done, total: progress(work, done=done, total=total),
    )  # fmt: skip
