"""procrastinate on the connection whose scope is on, so that no job is lost between commit and send."""

from __future__ import annotations

from typing import Any

import procrastinate
from django.db import connections
from procrastinate.contrib.django.django_connector import DjangoConnector

from harapan.database.scope import active_alias


class ScopedConnector(DjangoConnector):
    """Defers in the transaction that is open, whichever login it runs on."""

    @property
    def connection(self) -> Any:
        return connections[active_alias()]


def on_app_ready(app: procrastinate.App) -> None:
    """procrastinate's own hook, named in the settings."""
    app.connector = app.job_manager.connector = ScopedConnector()  # the manager defers, with the one it was given
