"""The plan of a province: sums are exact at every size, proportions are the published ones, caseloads are fair."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.errors import Refused
from harapan.demo.facilities import SCHOOLS, FacilityKind, place_facilities
from harapan.demo.logins import SHOWN_REGENCY
from harapan.demo.province import read_province
from harapan.demo.spread import Spread, apportion, spread
from harapan.demo.world import FAMILIES_DEFAULT, SEED_DEFAULT, lost_groups
from harapan.regions import codes
from harapan.regions.source import read_regions

KALSEL = read_province("63")
REGIONS = read_regions(within=KALSEL.number)
NAMES = dict(REGIONS)


def plan(families: int, seed: int = 1) -> Spread:
    return spread(KALSEL, REGIONS, families=families, seed=seed)


@given(total=st.integers(0, 10_000), weights=st.lists(st.integers(0, 500), min_size=1).filter(any))
def test_shares_add_up_and_stay_within_one_of_the_exact(total: int, weights: list[int]) -> None:
    shares = apportion(total, weights)
    assert sum(shares) == total
    for share, weight in zip(shares, weights, strict=True):
        assert abs(share - total * weight / sum(weights)) < 1


def test_the_published_counts_come_out_exactly_at_their_own_size() -> None:
    whole = sum(KALSEL.regency_counts.values())
    assert whole == 95_420
    assert plan(whole).regencies == KALSEL.regency_counts


@pytest.mark.parametrize("families", [1, 13, 300, 6_000, 111_671])
def test_families_add_up_in_regencies_villages_groups_and_caseloads(families: int) -> None:
    found = plan(families)
    assert found.families == families
    assert sum(found.villages.values()) == families
    assert sum(group.families for group in found.groups) == families
    assert sum(person.families for person in found.facilitators) == families
    for regency, count in found.regencies.items():
        assert sum(n for village, n in found.villages.items() if codes.contains(regency, village)) == count
    for person in found.facilitators:
        own = [group for group in found.groups if group.facilitator == person.no]
        assert sum(group.families for group in own) == person.families > 0
        assert {codes.ancestor(group.region_no, codes.Level.REGENCY) for group in own} == {person.regency_no}


def test_the_whole_province_has_the_published_facilitators_and_caseload() -> None:
    found = plan(KALSEL.families)
    loads = [person.families for person in found.facilitators]
    assert len(loads) == 442
    assert min(loads) > 215
    assert max(loads) < 290


def test_a_small_province_keeps_full_groups_and_every_regency() -> None:
    found = plan(6_000)
    sizes = [group.families for group in found.groups]
    assert len(found.regencies) == 13
    assert sum(10 <= size <= 30 for size in sizes) / len(sizes) > 0.97
    assert set(KALSEL.villages_first) <= set(found.villages)


def test_the_facilitator_whose_login_is_shown_has_a_whole_caseload() -> None:
    """Twelve groups, about 250 families, none of them among those without a facilitator: a month at its true size."""
    found = plan(FAMILIES_DEFAULT, SEED_DEFAULT)
    (shown,) = [person for person in found.facilitators if person.regency_no == SHOWN_REGENCY]
    own = [group for group in found.groups if group.facilitator == shown.no]
    assert (len(own), 240 <= shown.families <= 280) == (12, True)
    assert not {group.no for group in own} & lost_groups(found)


def test_the_same_seed_gives_the_same_plan_and_another_seed_another() -> None:
    assert plan(500) == plan(500)
    assert plan(500) != plan(500, seed=2)


def test_every_group_is_named_once_in_its_village() -> None:
    groups = plan(KALSEL.families).groups
    assert len({(group.region_no, group.name) for group in groups}) == len(groups)
    assert [group.no for group in groups] == list(range(len(groups)))


def test_schools_have_numbers_of_their_own_and_tatakan_has_the_first_of_tapin() -> None:
    facilities = place_facilities(KALSEL, plan(KALSEL.families), NAMES)
    numbers = [each.code for each in facilities.rows if each.kind in SCHOOLS]
    assert len(set(numbers)) == len(numbers)
    assert all(len(number) == 8 and number.startswith("303") for number in numbers)
    first = next(each for each in facilities.rows if each.code == "30305001")
    assert first.name == "SDN TATAKAN 1"
    assert len({(each.kind, each.name, each.region_no) for each in facilities.rows}) == len(facilities.rows)


def test_every_village_with_families_is_served_by_every_kind() -> None:
    found = plan(6_000)
    facilities = place_facilities(KALSEL, found, NAMES)
    assert all(facilities.serving(kind, village) for kind in FacilityKind for village in found.villages)


def test_a_province_without_data_is_refused() -> None:
    with pytest.raises(Refused, match="Provinsi 62 belum punya data peragaan; yang tersedia: 63"):
        read_province("62")
