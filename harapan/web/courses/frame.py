"""What every page of one batch shows around its part."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.models import Q
from django.shortcuts import get_object_or_404

from harapan.accounts.permission import allows
from harapan.accounts.request import Request
from harapan.training.errors import NotYourBatch
from harapan.training.models import Batch, ClassSession
from harapan.training.queries import batches_for, manages, sessions_of
from harapan.training.teaching import in_class, taught_by, teaches

STATE_TAGS = {
    Batch.State.PLANNED: "", Batch.State.INVITED: "wait", Batch.State.RUNNING: "told", Batch.State.ENDED: "ok",
    Batch.State.CANCELLED: "bad",
}  # fmt: skip


def batch_of(request: Request, batch_id: int) -> Batch:
    """A batch that the reader is shown, or teaches in; else the page that says neither yes nor no."""
    shown = Q(pk__in=batches_for(request.post).values("pk")) | Q(pk__in=taught_by(request.user).values("batch"))
    return get_object_or_404(Batch.objects.select_related("course").filter(shown), pk=batch_id)


def own_batch(request: Request, batch_id: int) -> Batch:
    """The same, where the reader organises it. Raises NotYourBatch."""
    batch = batch_of(request, batch_id)
    if not manages(request.post, batch):
        raise NotYourBatch
    return batch


@contextmanager
def session_in_hand(
    request: Request, batch_id: int, session_id: int, *, strictly: bool = False
) -> Iterator[tuple[Batch, ClassSession]]:
    """A session for its trainer or whoever organises the batch, who see its whole class here.

    Others read what their post shows, unless `strictly`. Raises NotYourSession for others who would write.
    """
    batch, reads = batch_of(request, batch_id), request.method in ("GET", "HEAD")
    held = get_object_or_404(sessions_of(batch), pk=session_id)
    held.batch = batch
    if manages(request.post, batch) or (reads and not strictly and not teaches(request.user, held)):
        yield batch, held
    else:
        with in_class(held, by=request.user, read_only=reads):
            yield batch, held


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
