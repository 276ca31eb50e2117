"""Reading a file at once where a page can wait for it, else in the background with a bar."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from harapan.accounts.models import User
from harapan.accounts.working import acting_as, scope_of
from harapan.audit import log
from harapan.core.errors import HarapanError
from harapan.database import day
from harapan.database.scope import atomic, put_on
from harapan.intake import actions
from harapan.intake.models import ImportRun
from harapan.jobs.actions import ask, progress, working
from harapan.jobs.models import Work

AT_ONCE_BYTES = 200 * 1024  # about a thousand rows


def answer_now_or_later(run: ImportRun, *, commit: bool, by: User, on: date) -> Work | None:
    """Answer a run: at once where its file is small (None), else as work in the background (that work).

    A file that cannot be read at all leaves its run refused whole, with the sentence; the error is raised on.
    """
    if run.file.size > AT_ONCE_BYTES:
        with atomic():
            work = ask(answer_later, asked_by=by.pk, post_no=run.post_id, run_id=run.pk, commit=int(commit))
            ImportRun.objects.filter(pk=run.pk).update(work_no=work.pk)
        run.work_no = work.pk
        return work
    try:
        actions.answer(run, commit=commit, by=by, on=on)
    except HarapanError as refusal:
        refuse_whole(run, refusal.phrase)
        raise
    return None


@working("intake.answer")
def answer_later(work: Work, *, run_id: int, commit: int) -> None:
    """Answer the rows of one file as the person who asked."""
    try:
        with acting_as(work):
            run = ImportRun.objects.select_related("file", "facilitator", "post").get(pk=run_id)
            by = User.objects.get(pk=work.asked_by)

            def tell(done: int, total: int, doing: str) -> None:
                progress(work, done=done, total=total, message=doing)

            actions.answer(run, commit=bool(commit), by=by, on=day.today(), advance=tell)
    except HarapanError as refusal:
        with put_on(scope_of(work)):
            refuse_whole(ImportRun.objects.get(pk=run_id), refusal.phrase)
        raise


def refuse_whole(run: ImportRun, why: str) -> None:
    """Note that the file was refused whole and why, unless its rows stand answered already."""
    open_states = (ImportRun.State.RECEIVED, ImportRun.State.RUNNING)
    with atomic():
        marked = ImportRun.objects.filter(pk=run.pk, state__in=open_states).update(
            state=ImportRun.State.FAILED, notice=why, answered_at=timezone.now()
        )
        if marked:
            log.record("import.refused", kind="import", subject=run.pk, why=why)
