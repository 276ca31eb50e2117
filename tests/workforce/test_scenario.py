"""Kalimantan Selatan in 2023: 111,671 families, 442 facilitators, 13 kabupaten/kota, and what ten more would change."""

from __future__ import annotations

from collections import defaultdict

import pytest

from bench.caseload import province_of
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.workforce.fairness import overall
from harapan.workforce.holdings import Caseload
from harapan.workforce.proposing import Proposal, Wishes, propose_for


@pytest.fixture(scope="module")
def province() -> Caseload:
    return province_of(111_671)


def spreads(found: Proposal, level: Level) -> set[int]:
    """Largest less smallest load of each place."""
    places: dict[int, list[int]] = defaultdict(list)
    for user, load in found.loads.items():
        places[codes.ancestor(found.facilitators[user].home, level)].append(load)
    return {max(loads) - min(loads) for loads in places.values()}


def test_the_whole_province_is_shared_out(province: Caseload) -> None:
    assert len(province.facilitators) == 442
    assert len({codes.ancestor(each.home, Level.REGENCY) for each in province.facilitators.values()}) == 13
    inside = propose_for(province, Wishes(split_groups=True))
    across = propose_for(province, Wishes(split_groups=True, across_districts=True))
    assert spreads(inside, Level.DISTRICT) <= {0, 1}
    assert spreads(across, Level.REGENCY) <= {0, 1}
    assert inside.families == across.families == sum(inside.loads.values()) == 111_671
    for move in inside.moves:
        if move.giver is not None:
            homes = {
                codes.ancestor(inside.facilitators[user].home, Level.DISTRICT) for user in (move.giver, move.taker)
            }
            assert len(homes) == 1


def test_ten_more_people_take_the_mean_from_253_to_247(province: Caseload) -> None:
    before = propose_for(province, Wishes(split_groups=True, across_districts=True))
    after = propose_for(province, Wishes(split_groups=True, across_districts=True, add=10))
    now, then = (overall(province.region.no, each.facilitators, each.loads) for each in (before, after))
    assert (now.people, round(now.mean)) == (442, 253)
    assert (then.people, round(then.mean)) == (452, 247)
    assert then.families == now.families == 111_671
    assert then.most <= now.most
    assert after.families_moved > before.families_moved  # ten people who had nobody are given their share
