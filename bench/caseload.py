"""Proposals for a whole province, in memory: the optimiser alone, without the database."""

from __future__ import annotations

import resource
import time
from collections import defaultdict
from datetime import date
from random import Random
from typing import Any

from harapan.demo.province import read_province
from harapan.demo.spread import Spread, spread
from harapan.regions.models import Region
from harapan.regions.source import read_regions
from harapan.workforce.balancing.problem import Bundle
from harapan.workforce.holdings import Caseload, Facilitator
from harapan.workforce.law import law_on
from harapan.workforce.models import Difficulty
from harapan.workforce.proposing import Wishes, propose_for

DAY = date(2025, 7, 18)
UNHELD_PERCENT = 1
MODES = (
    ("whole groups, inside kecamatan", Wishes()),
    ("whole groups, across kecamatan", Wishes(across_districts=True)),
    ("split groups, inside kecamatan", Wishes(split_groups=True)),
    ("split groups, across kecamatan", Wishes(split_groups=True, across_districts=True)),
)


def bench_caseload(*, families: int) -> list[dict[str, Any]]:
    """Seconds and result of each mode, on one province of that size with terrain drawn by chance."""
    caseload = province_of(families)
    return [_measured(name, caseload, wishes) for name, wishes in MODES]


def _measured(name: str, caseload: Caseload, wishes: Wishes) -> dict[str, Any]:
    began = time.perf_counter()
    found = propose_for(caseload, wishes)
    seconds = time.perf_counter() - began
    return {
        "mode": name,
        "facilitators": len(found.loads),
        "families": found.families,
        "lines": len(found.moves),
        "moves": found.families_moved,
        "load_min": min(found.loads.values()),
        "load_max": max(found.loads.values()),
        "teams_unproven": len(found.unproven),
        "seconds": round(seconds, 3),
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def province_of(families: int) -> Caseload:
    """The published numbers of Kalimantan Selatan, spread over its villages, with terrain drawn by chance."""
    province = read_province()
    plan = spread(province, read_regions(within=province.number), families=families, seed=1)
    chance, law = Random("terrain"), law_on(DAY)
    terrain = {village: chance.choices(list(Difficulty), (45, 49, 6))[0] for village in plan.villages}
    bundles = [
        Bundle(group.no + 1, group.region_no, group.families,
               None if chance.random() * 100 < UNHELD_PERCENT else group.facilitator + 1)
        for group in plan.groups
    ]  # fmt: skip
    region = Region(no=province.number, level=1, name="Kalimantan Selatan")
    return Caseload(region, DAY, law, _facilitators(plan, bundles, terrain, law), bundles, {}, 0)


def _facilitators(
    plan: Spread, bundles: list[Bundle], terrain: dict[int, Difficulty], law: Any
) -> dict[int, Facilitator]:
    held: dict[int, dict[Difficulty, int]] = defaultdict(lambda: defaultdict(int))
    for bundle in bundles:
        if bundle.holder is not None:
            held[bundle.holder][terrain[bundle.village]] += bundle.families
    found = {}
    for each in plan.facilitators:
        own = held[each.no + 1]
        at = max(own, key=lambda kind: (own[kind], kind), default=law.unknown)
        found[each.no + 1] = Facilitator(
            each.no + 1, each.name, "", each.district_no, at, 0, law.band(at), law.days_left(0), sum(own.values())
        )
    return found
