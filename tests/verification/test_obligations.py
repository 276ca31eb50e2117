"""Who owes what in which month, drawn as tables; and what is known of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from harapan.core.components import Component
from harapan.registry.models import ComponentSpell, Facility, Member
from harapan.verification.declaring import Unit
from harapan.verification.models import CareMark, Declaration, Exemption, FacilityMonth, Observation
from harapan.verification.obligations import Owed, owed, tally
from harapan.verification.protocol import items_on
from tests.benefits.world import HIYUNG, TAPIN, World, make_world

MONTHS = ("2025-01", "2025-02", "2025-03")


@pytest.fixture
def world(system: object) -> World:
    return make_world()


@pytest.fixture
def posyandu(world: World) -> Facility:
    return Facility.objects.create(kind="health", name="Posyandu Melati", name_key="POSYANDU MELATI", region_id=HIYUNG)


def due(facility: Facility, months: tuple[str, ...] = MONTHS) -> dict[int, set[str]]:
    """month -> the items owed, without their component."""
    found: dict[int, set[str]] = {}
    for each in owed(months, facilities=[facility.pk], percent_min=85):
        found.setdefault(each.month, set()).add(each.item.key.partition(".")[2])
    return found


def one(facility: Facility, item: str, month: int = 202502) -> Owed:
    rows = owed(MONTHS, facilities=[facility.pk], percent_min=85)
    return next(row for row in rows if row.item.key == item and row.month == month)


def declared(facility: Facility, member: Member, month: int = 202502, **about: object) -> None:
    by = {"declared_by_id": member.family.group.facilitator_id, "declared_at": timezone.now(), "manner": "all_but"}
    FacilityMonth.objects.create(facility=facility, month=month, **by, **about)
    unit = Unit.of(member)
    Declaration.objects.create(
        facility=facility, month=month, group_no=unit.group_no, district_no=unit.district_no, **by
    )


@pytest.mark.parametrize(
    ("born", "january", "february"),
    [
        # a week old: the newborn's visits, the breast, the scales; no vitamin A before six months
        (date(2025, 1, 20), {"neonatal", "breastfeeding", "immunisation", "weighing"},
         {"neonatal", "breastfeeding", "immunisation", "weighing"}),
        (date(2024, 7, 10), {"immunisation", "weighing"}, {"immunisation", "weighing", "vitamin_a"}),
        (date(2023, 12, 1), {"booster", "weighing"}, {"booster", "weighing", "vitamin_a"}),
        (date(2021, 6, 1), {"weighing"}, {"weighing", "vitamin_a"}),
        (date(2019, 9, 1), {"growth"}, {"growth"}),
        (None, {"weighing", "breastfeeding", "growth"}, {"weighing", "breastfeeding", "growth", "vitamin_a"}),
    ],
)  # fmt: skip
def test_small_children_owe_by_age_and_month(
    world: World, posyandu: Facility, born: date | None, january: set[str], february: set[str]
) -> None:
    world.family((Component.TODDLER, {"facility": posyandu, "born_on": born}))
    found = due(posyandu)
    assert (found[202501], found[202502]) == (january, february)


def test_a_pregnancy_owes_by_trimester_from_the_day_it_was_recorded(world: World, posyandu: Facility) -> None:
    family = world.family((Component.PREGNANT, {"facility": posyandu}))
    ComponentSpell.objects.filter(family=family).update(spell=("2025-01-10", None))
    year = tuple(f"2025-{month:02d}" for month in range(1, 13))
    found = due(posyandu, year)
    assert {month for month, items in found.items() if "antenatal_first" in items} == {202501, 202502, 202503, 202504}
    assert {month for month, items in found.items() if "antenatal_third" in items} == {202507, 202508, 202509, 202510}
    assert not any("postnatal" in items for items in found.values())


def test_a_birth_tells_the_trimesters_and_the_weeks_after(world: World, posyandu: Facility) -> None:
    family = world.family((Component.PREGNANT, {"facility": posyandu}))
    mother = ComponentSpell.objects.get(family=family)
    ComponentSpell.objects.filter(pk=mother.pk).update(spell=("2024-11-04", None))
    Member.objects.create(family=family, name="BAYI", name_key="BAYI", born_on=date(2025, 2, 10))
    found = due(posyandu)
    assert found[202501] == {"antenatal_third", "iron_tablets"}
    assert found[202502] == {"antenatal_third", "iron_tablets", "skilled_delivery", "postnatal"}
    assert found[202503] == {"postnatal"}


def test_elderly_and_disabled_owe_a_visit_a_year_until_it_is_done(world: World, posyandu: Facility) -> None:
    family = world.family((Component.ELDERLY, {"facility": posyandu}))
    assert one(posyandu, "elderly.health_check").state == "open"
    year = tally(owed(("2025-11", "2025-12"), facilities=[posyandu.pk], percent_min=85))
    november, december = year[posyandu.pk, 202511], year[posyandu.pk, 202512]
    assert (november.open, november.running) == (0, november.owed)  # the year is not over: nothing is owing yet
    assert (december.open, december.running) == (december.owed, 0)
    CareMark.objects.create(
        family=family, member=family.members.get(manager=False), facility=posyandu, month=202501,
        item="elderly.health_check", outcome=CareMark.Outcome.DONE,
    )  # fmt: skip
    assert one(posyandu, "elderly.health_check", 202503).state == "met"
    assert not one(posyandu, "elderly.health_check").closes


def test_three_visits_are_three(world: World, posyandu: Facility) -> None:
    family = world.family((Component.TODDLER, {"facility": posyandu, "born_on": date(2025, 2, 3)}))
    mark = CareMark.objects.create(
        family=family, member=family.members.get(manager=False), facility=posyandu, month=202502,
        item="toddler.neonatal", outcome=CareMark.Outcome.DONE, times=2,
    )  # fmt: skip
    assert (one(posyandu, "toddler.neonatal").state, one(posyandu, "toddler.neonatal").done) == ("open", 2)
    CareMark.objects.filter(pk=mark.pk).update(times=3)
    assert one(posyandu, "toddler.neonatal").state == "met"


@pytest.mark.parametrize(
    ("days", "state"),
    [({"absent_days": 4}, "missed"), ({"sick_days": 4}, "excused"), ({"absent_days": 3}, "met"),
     ({"outcome": 3}, "open")],
)  # fmt: skip
def test_a_school_month_is_read_from_its_days(world: World, days: dict[str, int], state: str) -> None:
    school = Facility.objects.create(kind="school", code="1", name="SD", name_key="SD", region_id=HIYUNG)
    family = world.family((Component.PRIMARY, {"facility": school}))
    pupil = family.members.get(manager=False)
    assert one(school, "primary.attendance").state == "open"
    declared(school, pupil, effective_days=20)
    assert one(school, "primary.attendance").state == "met"
    assert not one(school, "primary.attendance").proven
    Observation.objects.create(family=family, member=pupil, facility=school, month=202502, **days)
    assert one(school, "primary.attendance").state == state


def test_nobody_owes_what_does_not_exist_and_the_dead_owe_nothing(world: World, posyandu: Facility) -> None:
    family = world.family((Component.TODDLER, {"facility": posyandu}))
    Exemption.objects.create(
        region_id=TAPIN, region_high=6306000000, component=None, month_from=202502, month_to=202502,
        why="Tidak ada posyandu", by=world.user, on=date(2025, 2, 1),
    )  # fmt: skip
    assert one(posyandu, "toddler.weighing").state == "exempt"
    Member.objects.filter(family=family, manager=False).update(died_on=date(2025, 2, 3))
    assert set(due(posyandu)) == {202501, 202502}


def test_every_obligation_says_on_whose_word_it_stands(world: World) -> None:
    items = items_on(date(2025, 1, 1))
    assert {item.component for item in items} == set(Component) - {Component.HUMAN_RIGHTS}
    assert all(item.source and item.confidence in "HML" for item in items)
    assert not items_on(date(2015, 1, 1), [Component.ELDERLY])


def test_one_query_whatever_is_owed(world: World, posyandu: Facility) -> None:
    for _ in range(3):
        world.family((Component.TODDLER, {"facility": posyandu}), (Component.ELDERLY, {"facility": posyandu}))
    with CaptureQueriesContext(connection) as captured:
        found = owed(MONTHS, facilities=[posyandu.pk])
    assert len(captured) == 1
    counted = tally(found)[posyandu.pk, 202502]
    assert (counted.owed, counted.open, counted.running) == (9, 6, 3)
