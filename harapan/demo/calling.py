"""Home visits to members of a demonstration: positions for the groups, and a few that speak against a membership."""

from __future__ import annotations

from datetime import date, time, timedelta
from random import Random

from harapan.demo import homes
from harapan.demo.clock import noon
from harapan.demo.office import Office
from harapan.demo.registering import Registered, scope_columns
from harapan.demo.staffing import Staffed
from harapan.demo.world import World
from harapan.demo.writing import Columns, write
from harapan.fieldwork.models import HomeVisit
from harapan.fieldwork.visiting import VisitFacts, record_visit
from harapan.registry.models import Family

VISITED_SHARE = 4  # one family in so many has been visited
FIRST_DAY, DAYS = date(2025, 1, 13), 150
AGAINST = (("well_off", True), ("moved", False), ("unknown", False))
AGAINST_ON = date(2025, 7, 3)


def write_visits(world: World, staffed: Staffed, written: Registered) -> None:
    """One statement for all visits that found everything in order."""
    chance = Random(f"visits {world.seed}")
    rows = [row for row in range(len(world.families)) if row % VISITED_SHARE == 2]
    met_by = [staffed.of(worker) for worker in world.staff if worker.facilitator is not None]
    days = [FIRST_DAY + timedelta(days=chance.randrange(DAYS)) for _ in rows]
    hours = [time(8 + chance.randrange(7), chance.choice((0, 10, 25, 40))) for _ in rows]
    positions = [homes.near(chance, world.families.region_no[row]) for row in rows]
    columns: Columns = {
        "visited_on": days,
        "begins": hours,
        "ends": [hour.replace(minute=55) for hour in hours],
        "terrain": [chance.choice(("easy", "easy", "middling", "hard")) for _ in rows],
        "latitude": [latitude for latitude, _longitude in positions],
        "longitude": [longitude for _latitude, longitude in positions],
        "accuracy_m": [chance.choice((5, 8, 14, 30, 60)) for _ in rows],
        "visited_by_id": [met_by[world.plan.groups[world.families.group[row]].facilitator] for row in rows],
        "recorded_at": [noon(day) for day in days],
        **scope_columns(written, rows),
    }
    write(
        HomeVisit, columns, found=True, eligible=True, reason="", floor="", walls="", roof="", water="", toilet="",
        note="", candidacy_id=None,
    )  # fmt: skip


def visit_doubtful(office: Office) -> None:
    """Three members of the first regency who were not found or not eligible, by the action itself."""
    chance = Random(f"doubtful {office.world.seed}")
    regency = office.regencies[0]
    rows = office.by_regency(iter(range(len(office.world.families))))[regency]
    with office.acting("data_officer", regency):
        chosen = [row for row in rows if row % VISITED_SHARE == 1][: len(AGAINST)]
        for place, (row, (reason, found)) in enumerate(zip(chosen, AGAINST, strict=False)):
            family = Family.objects.select_related("group__facilitator").get(pk=office.written.families[row])
            if family.group.facilitator is None:
                continue
            at = homes.near(chance, family.region_id)
            facts = VisitFacts(
                AGAINST_ON, time(9 + place), time(9 + place, 30), found=found, eligible=False if found else None,
                reason=reason, latitude=at[0], longitude=at[1], accuracy_m=9,
            )  # fmt: skip
            record_visit(family.pk, facts, by=family.group.facilitator, on=AGAINST_ON)
