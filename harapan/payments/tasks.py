"""Background work of payments on a computed stage: asked for by a person in a post, done by the batch login."""

from __future__ import annotations

from harapan.benefits.tasks import asked_stage
from harapan.database import day
from harapan.jobs.actions import working
from harapan.jobs.models import Work
from harapan.payments import checking, ordering


@working("payments.check")
def check_later(work: Work, *, stage_id: int) -> None:
    """Check the accounts of a computed wave and freeze the figures its checker decides on."""
    checking.check(asked_stage(work, stage_id), actor=work.asked_by, on=day.today())


@working("payments.instruct")
def instruct_later(work: Work, *, stage_id: int) -> None:
    """Draw the orders of what is approved, or of what was let go since."""
    ordering.draw(asked_stage(work, stage_id), actor=work.asked_by, on=day.today())
