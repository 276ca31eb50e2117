"""What day it is for this installation. Rules never ask: pages take `request.today`, commands and jobs ask here.

A demonstration lives in its own present (its stages are of 2025), kept as one line in the installation's folder and
shown on every page. Nothing else may set it.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from django.utils import timezone

from harapan.database.places import var


def today() -> date:
    """The calendar's day, or the demonstration's."""
    return demonstration_day() or timezone.localdate()


def moment(on: date) -> datetime:
    """The instant of a deed dated `on`: now; in a demonstration this hour of that day, for its present is another."""
    now = timezone.localtime()
    return now if demonstration_day() is None else datetime.combine(on, now.timetz())


def demonstration_day() -> date | None:
    """The day a demonstration lives in; None in an installation with real data."""
    try:
        return date.fromisoformat(_file().read_text(encoding="ascii").strip())
    except FileNotFoundError:
        return None


def live_in(day: date | None) -> None:
    """Set the demonstration's day, or with None go back to the calendar."""
    if day is None:
        _file().unlink(missing_ok=True)
    else:
        _file().write_text(day.isoformat(), encoding="ascii")


def _file() -> Path:
    return var() / "demonstration-day"
