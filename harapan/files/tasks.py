"""Upkeep of stored files."""

from __future__ import annotations

from procrastinate.contrib.django import app

from harapan.database.scope import Scope, put_on
from harapan.files import storage


@app.periodic(cron="37 1 * * *")
@app.task(name="files.sweep", queueing_lock="files.sweep")
def sweep_files(timestamp: int) -> None:
    """Remove bytes whose row is gone."""
    with put_on(Scope.batch(via="job")):
        storage.sweep()
