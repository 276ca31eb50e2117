"""The queue's own upkeep."""

from __future__ import annotations

from procrastinate import JobContext
from procrastinate.contrib.django import app

KEPT_HOURS = 24 * 7


@app.periodic(cron="23 1 * * *")
@app.task(name="jobs.forget_old", queueing_lock="jobs.forget_old", pass_context=True)
async def forget_old_jobs(context: JobContext, timestamp: int) -> None:
    """Ended jobs are kept a week; what they did stands in Work and in the log."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
