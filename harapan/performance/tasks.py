"""The monthly run by itself, and findings shown when their days are over."""

from __future__ import annotations

from procrastinate.contrib.django import app

from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_of
from harapan.database import day
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.jobs.actions import working
from harapan.jobs.models import Work
from harapan.performance import running


@app.periodic(cron="17 2 4 * *")  # the days of late entries are mostly over
@app.task(name="performance.run_month", queueing_lock="performance.run_month")
def run_month(timestamp: int) -> None:
    """Look at the month that has ended."""
    today = day.today()
    running.run(add_months(month_of(today), -1), actor=SYSTEM, on=today)


@app.periodic(cron="47 0 * * *")
@app.task(name="performance.release_due", queueing_lock="performance.release_due")
def release_due(timestamp: int) -> None:
    """Findings that were their person's alone for long enough."""
    with put_on(Scope.batch(via="job")):
        running.release_due(on=day.today())


@working("performance.run")
def run_later(work: Work, *, month: int) -> None:
    """A run that somebody asked for; month: yyyymm."""
    if not 200701 <= month <= 209912:
        raise Refused("Bulan {month} tidak dikenal. Contoh: 202506.", month=month)
    running.run(f"{month // 100}-{month % 100:02d}", actor=work.asked_by, on=day.today())
