"""What every page of one batch shows around its part."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.training.errors import NotYourBatch
from harapan.training.models import Batch
from harapan.training.queries import batches_for, manages

STATE_TAGS = {
    Batch.State.PLANNED: "", Batch.State.INVITED: "wait", Batch.State.RUNNING: "told", Batch.State.ENDED: "ok",
    Batch.State.CANCELLED: "bad",
}  # fmt: skip


def batch_of(request: Request, batch_id: int) -> Batch:
    """A batch that the reader is shown; else the page that says neither yes nor no."""
    return get_object_or_404(batches_for(request.post), pk=batch_id)


def own_batch(request: Request, batch_id: int) -> Batch:
    """The same, where the reader organises it. Raises NotYourBatch."""
    batch = batch_of(request, batch_id)
    if not manages(request.post, batch):
        raise NotYourBatch
    return batch


def framed(request: Request, batch: Batch, here: str, **context: Any) -> dict[str, Any]:
    return {
        "batch": batch,
        "here": here,
        "state_tag": STATE_TAGS[Batch.State(batch.state)],
        "may_change": manages(request.post, batch) and batch.is_open,
        "manages": manages(request.post, batch),
        "may_plan": allows(request.post, "course.manage"),
        "today": request.today,
        "recorded": True,
        **context,
    }
