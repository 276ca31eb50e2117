"""What training does by itself: attempts whose time is up are scored, certificates open and close what roles may do."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from harapan.accounts.roles import catalogue
from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.training.learning.attempting import end_overdue
from harapan.training.needs.clearing import refresh_clearances


@app.periodic(cron="*/10 * * * *")
@app.task(name="training.end_overdue", queueing_lock="training.end_overdue")
def end_overdue_attempts(timestamp: int) -> None:
    """Hand in attempts whose time is up, without anybody having to look."""
    with put_on(Scope.batch(via="job")):
        end_overdue(on=day.today(), now=timezone.now())


@app.periodic(cron="11 1 * * *")  # certificates end at midnight, posts begin then
@app.task(name="training.refresh_clearances", queueing_lock="training.refresh_clearances")
def clear(timestamp: int) -> None:
    """Open and close what roles may do only after their courses."""
    with put_on(Scope.batch(via="job")):
        refresh_clearances(on=day.today())


@app.task(name="training.clear_now")
def clear_now() -> None:
    """The same, for whoever has just issued or revoked a certificate."""
    with put_on(Scope.batch(via="job")):
        refresh_clearances(on=day.today())


def clear_later() -> None:
    """Ask for it in the caller's transaction, where any role waits for a course at all."""
    if any(role.needs_clearance for role in catalogue().values()):
        clear_now.defer()
