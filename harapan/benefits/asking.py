"""Asking for a replay or a pack as background work: a double click, or a second look, asks once."""

from __future__ import annotations

from typing import Any, TypeVar

from harapan.accounts.models import Post, User
from harapan.benefits.models import Pack, Replay, Stage
from harapan.benefits.replaying import refuse_received, runs_of
from harapan.database.scope import atomic
from harapan.jobs.actions import ask
from harapan.jobs.models import Work

Asked = TypeVar("Asked", Replay, Pack)


def ask_once(kind: type[Asked], task: Any, stage: Stage, *, by: User, post: Post) -> Asked:
    """A row of `kind` and the work that will fill it, in the caller's transaction; the task gets `row_id`.

    Where the same person's work for the stage still waits or runs, it is that row. Raises Refused for a received stage
    and for one that nothing was computed for.
    """
    refuse_received(stage)
    runs_of(stage)
    with atomic():
        Stage.objects.select_for_update().get(pk=stage.pk)  # one question after the other
        unended = kind.objects.filter(stage=stage, by=by, ended_at__isnull=True).values_list("work_no", flat=True)
        at_work = Work.objects.filter(pk__in=list(unended), finished_at__isnull=True).first()
        if at_work is not None:
            return kind.objects.get(work_no=at_work.pk, stage=stage)
        row = kind.objects.create(stage=stage, by=by)
        row.work_no = ask(task, asked_by=by.pk, post_no=post.pk, row_id=row.pk).pk
        row.save(update_fields=["work_no"])
    return row
