"""Asking for long work, doing it, and saying how far it is.

@working("intake.commit")
def commit_import(work: Work, *, import_id: int) -> None:
    with acting_as(work) as scope:                  # harapan.accounts.working: the asker's scope, done with it
        ...progress(work, done=n, total=m)...

with put_on(scope):
    work = ask(commit_import, asked_by=user.pk, post_no=post.pk, import_id=7)   # in the caller's transaction
"""

from __future__ import annotations

import functools
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce, Now
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from harapan.core.errors import HarapanError
from harapan.core.phrases import Phrase
from harapan.database.scope import Scope, atomic, put_on
from harapan.jobs.models import Work

TOLD_EVERY_SECONDS = 0.5
SURPRISE = Phrase(
    "Pekerjaan ini berhenti karena kesalahan yang tidak terduga. Coba lagi; bila terulang, beri tahu operator."
)
STOPPED_TWICE = Phrase(
    "Pekerjaan ini dua kali terhenti di tengah jalan, jadi tidak diulang lagi. Minta sekali lagi bila perlu."
)


class Overtaken(HarapanError):
    """Another attempt has taken this work over; what this one wrote is rolled back."""


def working(name: str, **options: Any) -> Callable[[Callable[..., None]], Task[Any, Any, Any]]:
    """A task that carries out a Work. A refusal becomes its message; any other error does too, and is raised on."""

    def decorate(do: Callable[..., None]) -> Task[Any, Any, Any]:
        @functools.wraps(do)
        def run(*, work_id: int, **ids: Any) -> None:
            work = _claim(work_id)
            if work is None:
                return
            try:
                do(work, **ids)
                if not work.ended:
                    with put_on(_as_job(work)):
                        finish(work)
            except Overtaken:
                return
            except HarapanError as refusal:
                fail(work, refusal.phrase)
            except Exception:
                fail(work, SURPRISE)
                raise

        return app.task(name=name, **options)(run)

    return decorate


def ask(
    task: Task[Any, Any, Any],
    *,
    asked_by: int,
    post_no: int | None = None,
    total: int = 0,
    message: str = "",
    **ids: int | str,
) -> Work:
    """Record the work and queue it, both in the caller's transaction. `ids` are the task's own arguments."""
    with atomic():
        work = Work.objects.create(kind=task.name, asked_by=asked_by, post_no=post_no, total=total, message=message)
        task.defer(work_id=work.pk, **ids)
    return work


def progress(work: Work, *, done: int, total: int | None = None, message: str | None = None) -> None:
    """Say how far the work is; seen at once by whoever asked, twice a second at most."""
    now = time.monotonic()
    last = done >= (work.total if total is None else total)
    if not last and message is None and now - getattr(work, "told_at", 0.0) < TOLD_EVERY_SECONDS:
        return
    work.told_at = now  # type: ignore[attr-defined]
    changes: dict[str, Any] = {"done": done, "beat_at": Now()}
    if total is not None:
        work.total = changes["total"] = total
    if message is not None:
        changes["message"] = message
    with put_on(_as_job(work)):  # a login of its own: the asker's transaction is still open
        Work.objects.filter(pk=work.pk, attempt=work.attempt, state=Work.State.RUNNING).update(**changes)


def finish(work: Work, *, message: str | None = None, result: uuid.UUID | None = None) -> None:
    """Mark the work done in the transaction that is open, so that it is done exactly when its effects are.

    Call it last. Raises Overtaken when another attempt has taken over.
    """
    changes: dict[str, Any] = {"state": Work.State.DONE, "finished_at": Now(), "done": F("total")}
    if message is not None:
        changes["message"] = message
    if result is not None:
        changes["result"] = result
    if not Work.objects.filter(pk=work.pk, attempt=work.attempt, state=Work.State.RUNNING).update(**changes):
        raise Overtaken(Phrase("Pekerjaan ini sudah diambil alih oleh percobaan berikutnya."))
    work.state = Work.State.DONE


def fail(work: Work, words: str) -> None:
    """Mark the work failed, with words for whoever asked."""
    with put_on(_as_job(work)):
        Work.objects.filter(pk=work.pk, attempt=work.attempt).exclude(state=Work.State.DONE).update(
            state=Work.State.FAILED, message=words, finished_at=Now()
        )


def give_up(work_id: int) -> None:
    """Mark work failed whose worker stopped twice."""
    with put_on(Scope.batch(via="job")):
        Work.objects.filter(pk=work_id, state__in=(Work.State.WAITING, Work.State.RUNNING)).update(
            state=Work.State.FAILED, message=STOPPED_TWICE, finished_at=Now()
        )


def _claim(work_id: int) -> Work | None:
    """The work for a new attempt; None when it has ended already."""
    with put_on(Scope.batch(via="job")):
        claimed = Work.objects.filter(pk=work_id, state__in=(Work.State.WAITING, Work.State.RUNNING)).update(
            state=Work.State.RUNNING,
            attempt=F("attempt") + 1,
            done=0,
            started_at=Coalesce("started_at", Now()),
            beat_at=Now(),
        )
        return Work.objects.get(pk=work_id) if claimed else None


def _as_job(work: Work) -> Scope:
    return Scope.batch(actor=work.asked_by, via="job")
