"""Upkeep of e-learning: what is left open beyond its time is scored without anybody having to look."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from harapan.database import day
from harapan.database.scope import Scope, put_on
from harapan.training.learning.attempting import end_overdue


@app.periodic(cron="*/10 * * * *")
@app.task(name="training.end_overdue", queueing_lock="training.end_overdue")
def end_overdue_attempts(timestamp: int) -> None:
    """Hand in attempts whose time is up."""
    with put_on(Scope.batch(via="job")):
        end_overdue(on=day.today(), now=timezone.now())
