"""What validation visits say of a village's terrain becomes the terrain that fair loads are reckoned with."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from harapan.accounts.models import User
from harapan.fieldwork.models import HomeVisit
from harapan.regions.models import Region
from harapan.workforce.models import Difficulty, Terrain
from harapan.workforce.recording import record_terrain

SOURCE = "kunjungan validasi"
REMEMBERED_DAYS = 366  # a road is built, or washed away: older words say little
DIFFICULTY = {"easy": Difficulty.EASY, "middling": Difficulty.MEDIUM, "hard": Difficulty.HARD}


def tell_terrain(visit: HomeVisit, *, by: User, on: date) -> None:
    """Let the village's terrain be what most validation visits of the last year say, each family once.

    Equal numbers: what this visit says. A word of somebody who answers for the place stands until they change it.
    """
    if visit.candidacy_id is None or visit.terrain not in DIFFICULTY:
        return
    standing = Terrain.objects.filter(region=visit.region_no, group=None, since__lte=on).order_by("-since").first()
    if standing is not None and standing.source != SOURCE:
        return
    said = _said(visit, on)
    if standing is not None and standing.difficulty == said:
        return
    village = Region.objects.get(no=visit.region_no)
    record_terrain(village, said, source=SOURCE, post=None, by=by, on=on)


def _said(visit: HomeVisit, on: date) -> Difficulty:
    rows = HomeVisit.objects.filter(
        region_no=visit.region_no, candidacy__isnull=False, visited_on__gt=on - timedelta(days=REMEMBERED_DAYS)
    ).exclude(terrain="")  # fmt: skip
    latest = dict(rows.order_by("visited_on", "begins").values_list("family", "terrain"))
    counts = Counter(latest.values())
    most = max(counts.values(), default=0)
    chosen = visit.terrain if counts[visit.terrain] == most else max(counts, key=lambda code: (counts[code], code))
    return DIFFICULTY[chosen]
