"""By which clock a region lives (data/regions/zones.yaml): a page and a paper show the hour of the place.

A page is made in the zone of the reader's post, a command and a job in that of whoever asked. Moments are stored in UTC
and days of a stage come from policy: no zone moves money.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.utils import timezone

from harapan.core import yaml_text
from harapan.regions.codes import Level, ancestor

FILE = Path(__file__).resolve().parents[2] / "data" / "regions" / "zones.yaml"


def zone_of(*region_nos: int) -> ZoneInfo:
    """The zone all these regions share; the capital's where they do not, where none is named (the nation), or it is
    not known."""
    found = {_zones().get(ancestor(no, Level.PROVINCE)) for no in region_nos}
    shared = found.pop() if len(found) == 1 else None
    return shared or ZoneInfo(timezone.get_default_timezone_name())


def local(moment: datetime, *region_nos: int) -> datetime:
    """The moment by the clock of these regions."""
    return moment.astimezone(zone_of(*region_nos))


def now(*region_nos: int) -> datetime:
    """This moment by the clock of these regions."""
    return local(timezone.now(), *region_nos)


@cache
def _zones() -> dict[int, ZoneInfo]:
    """Number of a province -> its zone, by the latest row of the data."""
    latest = max(yaml_text.read(FILE.read_text(encoding="utf-8")), key=lambda row: row["from"])
    return {code * 10**8: ZoneInfo(zone) for zone, codes in latest["zones"].items() for code in codes}
