"""The invented people: numbers that pass our own checks, families of believable shape, the same every time."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from random import Random

import pytest

from harapan.core.components import Component
from harapan.core.numbers import birth_date_of, read_kk, read_nik, read_nisn, sex_of
from harapan.demo import names
from harapan.demo.facilities import Facilities, place_facilities
from harapan.demo.people import Families, Members, make_people
from harapan.demo.province import read_province
from harapan.demo.spread import Spread, spread
from harapan.regions import codes
from harapan.regions.source import read_regions

ON = date(2025, 1, 1)
KALSEL = read_province("63")
REGIONS = read_regions(within=KALSEL.number)
NAMES = dict(REGIONS)
DISTRICTS = {codes.compact(number) for number in NAMES if codes.level_of(number) is codes.Level.DISTRICT}
# Amounts of stage II 2022 (domain facts 1.5), to compare the mix of components with the published mean.
STAGE_IDR = {1: 750_000, 2: 750_000, 3: 225_000, 4: 375_000, 5: 500_000, 6: 600_000, 7: 600_000}

Province = tuple[Spread, Facilities, Families, Members]


def invent(families: int, seed: int = 1) -> Province:
    plan = spread(KALSEL, REGIONS, families=families, seed=seed)
    facilities = place_facilities(KALSEL, plan, NAMES)
    return plan, facilities, *make_people(KALSEL, plan, facilities, NAMES, on=ON, seed=seed)


@pytest.fixture(scope="module")
def province() -> Province:
    return invent(6_000)


def test_every_nik_passes_our_own_check_and_says_who_it_is(province: Province) -> None:
    *_, members = province
    for nik, sex, born in zip(members.nik, members.sex, members.born, strict=True):
        number = read_nik(nik, known_districts=DISTRICTS)
        assert (number.value, number.note, number.warning) == (nik, "", "")
        assert sex_of(nik) == sex
        assert birth_date_of(nik, on=ON, years_min=(ON - born).days * 4 // 1461) == born


def test_numbers_are_never_given_twice_and_belong_to_nobody(province: Province) -> None:
    _, _, families, members = province
    assert len(set(members.nik)) == len(members)
    assert len(set(families.kk)) == len(set(families.iddtks)) == len(families)
    assert min(int(number[12:]) for number in members.nik + families.kk) > 6_000
    for number in families.kk:
        assert read_kk(number, known_districts=DISTRICTS) == (number, "", "")
    assert {len(number) for number in families.iddtks} == {15}


def test_families_stand_in_the_order_of_their_groups(province: Province) -> None:
    plan, _, families, members = province
    assert Counter(families.group) == {group.no: group.families for group in plan.groups}
    assert families.group == sorted(families.group)
    assert all(
        plan.groups[group].region_no == region for group, region in zip(families.group, families.region_no, strict=True)
    )
    assert members.family == sorted(members.family)
    assert [members.relation[row] for row in families.members_from] == ["head"] * len(families)


def test_columns_are_of_one_length(province: Province) -> None:
    for columns in province[2:]:
        assert len({len(getattr(columns, name)) for name in columns.__slots__}) == 1


def test_every_family_has_a_component_a_payee_and_one_to_nine_members(province: Province) -> None:
    _, _, families, members = province
    with_component = {family for family, component in zip(members.family, members.component, strict=True) if component}
    assert len(with_component) == len(families)
    sizes = Counter(members.family).values()
    assert min(sizes) == 1
    assert max(sizes) <= 9
    assert all(members.family[row] == place for place, row in enumerate(families.pengurus))
    women = sum(members.sex[row] == "F" for row in families.pengurus)
    assert 0.95 < women / len(families) < 1
    assert all(ON.year - members.born[row].year >= 17 for row in families.pengurus)


def test_components_fit_ages_and_are_confirmed_by_a_facility(province: Province) -> None:
    _, facilities, _, members = province
    rows = zip(members.component, members.born, members.sex, members.grade, members.facility, strict=True)
    for component, born, sex, grade, facility in rows:
        age = (ON.year * 10_000 + ON.month * 100 + ON.day - born.year * 10_000 - born.month * 100 - born.day) // 10_000
        assert (facility >= 0) == bool(component)
        assert bool(grade) == (component in (Component.PRIMARY, Component.JUNIOR, Component.SENIOR))
        if component == Component.TODDLER:
            assert age <= 7
        elif component == Component.DISABILITY:
            assert facilities.rows[facility].kind == "welfare"
        elif component == Component.ELDERLY:
            assert age >= 69
            assert facilities.rows[facility].kind in ("puskesmas", "welfare")
        elif component == Component.PREGNANT:
            assert sex == "F"
            assert 17 <= age <= 43
        elif grade:
            assert 6 <= age <= 21
            assert (
                facilities.rows[facility].kind
                == {1: "primary", 2: "junior", 3: "senior"}[1 + (grade > 6) + (grade > 9)]
            )


def test_pupils_have_a_number_with_their_birth_year(province: Province) -> None:
    *_, members = province
    for nisn, grade, born in zip(members.nisn, members.grade, members.born, strict=True):
        assert bool(nisn) == bool(grade)
        if nisn:
            assert read_nisn(nisn).value == nisn
            assert int(nisn[:3]) == born.year % 1000


def test_the_mean_amount_is_near_the_published_one(province: Province) -> None:
    _, _, families, members = province
    amounts: dict[int, list[int]] = defaultdict(list)
    for family, component in zip(members.family, members.component, strict=True):
        if component:
            amounts[family].append(STAGE_IDR[component])
    mean_idr = sum(sum(sorted(each)[-4:]) for each in amounts.values()) // len(families)
    assert abs(mean_idr - KALSEL.mean_stage_idr) < KALSEL.mean_stage_idr * 0.08


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert invent(200)[2:] == invent(200)[2:]
    assert invent(200)[3].nik != invent(200, seed=2)[3].nik


def test_names_are_short_and_some_are_common() -> None:
    drawn = names.women.draw(Random(1), 5_000)
    assert all(1 <= len(name.split()) <= 2 for name in drawn)
    assert "Siti" not in drawn
    assert Counter(name.split()[0] for name in drawn).most_common(1)[0][0] == "Siti"
    assert len(set(drawn)) > 500
    assert all(
        len(set(name.split())) == len(name.split())
        for people in (names.men, names.boys, names.girls)
        for name in people.draw(Random(2), 2_000)
    )


@pytest.mark.slow
def test_the_whole_province_is_invented() -> None:
    _, _, families, members = invent(KALSEL.families)
    assert len(families) == 111_671
    assert 3.3 < len(members) / len(families) < 4.3
