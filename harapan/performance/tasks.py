"""The monthly run by itself, findings shown when their days are over, and photographs not yet looked at."""

from __future__ import annotations

from procrastinate.contrib.django import app

from harapan.core.errors import Refused
from harapan.core.periods import add_months, month_of
from harapan.database import day
from harapan.database.scope import SYSTEM, Scope, put_on
from harapan.fieldwork.models import VisitPhotograph
from harapan.files.looking import look_at_stored
from harapan.jobs.actions import working
from harapan.jobs.models import Work
from harapan.p2k2.models import Photograph
from harapan.performance import running

A_NIGHT, AT_ONCE = 20_000, 200  # photographs of each kind


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


@app.periodic(cron="7 3 * * *")
@app.task(name="performance.look_at_photographs", queueing_lock="performance.look_at_photographs")
def look_at_photographs(timestamp: int) -> None:
    """Those stored before it was asked how they look, so that a picture used again is seen. Killed, it goes on."""
    for model in (Photograph, VisitPhotograph):
        for _batch in range(A_NIGHT // AT_ONCE):
            with put_on(Scope.batch(via="job")):
                if look_at_stored(model.objects.all(), most=AT_ONCE) < AT_ONCE:
                    break


@working("performance.run")
def run_later(work: Work, *, month: int) -> None:
    """A run that somebody asked for; month: yyyymm."""
    if not 200701 <= month <= 209912:
        raise Refused("Bulan {month} tidak dikenal. Contoh: 202506.", month=month)
    running.run(f"{month // 100}-{month % 100:02d}", actor=work.asked_by, on=day.today())
