"""Asking for a replay or a pack as background work: a double click, or a second look, asks once."""

from __future__ import annotations

from typing import Any, TypeVar

from django.utils import timezone

from harapan.accounts.models import Post, User
from harapan.benefits.models import Pack, Replay, Stage
from harapan.benefits.replaying import refuse_received, runs_of
from harapan.database.scope import atomic
from harapan.jobs.actions import ask
from harapan.jobs.models import Work

Asked = TypeVar("Asked", Replay, Pack)


def ask_once(kind: type[Asked], task: Any, stage: Stage, *, by: User, post: Post) -> Asked:
    """A row of `kind` and the work that will fill it, in the caller's transaction; the task gets `row_id`.

    Where the same person's work for the stage still waits or runs, it is that row; one whose worker was given up gets
    the words of that. Raises Refused for a received stage
    and for one that nothing was computed for.
    """
    refuse_received(stage)
    runs_of(stage)
    with atomic():
        Stage.objects.select_for_update().get(pk=stage.pk)  # one question after the other
        unended = list(kind.objects.filter(stage=stage, by=by, ended_at__isnull=True))
        works = Work.objects.in_bulk([row.work_no for row in unended])
        for row in unended:
            work = works.get(row.work_no or 0)
            if work is not None and not work.ended:
                return row
            row.ended_at, row.refusal = timezone.now(), work.message if work else ""
            row.save(update_fields=["ended_at", "refusal"])
        row = kind.objects.create(stage=stage, by=by)
        row.work_no = ask(task, asked_by=by.pk, post_no=post.pk, row_id=row.pk).pk
        row.save(update_fields=["work_no"])
    return row
