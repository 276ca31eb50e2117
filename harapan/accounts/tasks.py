"""Upkeep of accounts."""

from __future__ import annotations

from procrastinate.contrib.django import app

from harapan.accounts import delays
from harapan.database.scope import Scope, put_on


@app.periodic(cron="41 1 * * *")
@app.task(name="accounts.forget_delays", queueing_lock="accounts.forget_delays")
def forget_delays(timestamp: int) -> None:
    """Old failed sign-ins no longer count."""
    with put_on(Scope.common(via="job")):
        delays.forget()
