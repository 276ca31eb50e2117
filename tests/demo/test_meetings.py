"""P2K2 of a demonstration: uneven as the field is, and nothing in it that the product itself would refuse."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from harapan.demo.clock import NOW
from harapan.demo.meetings import Meeting, Said, attendance, meetings, plans
from harapan.demo.world import World, invent
from harapan.p2k2.models import Mark
from harapan.p2k2.models.attendance import THERE

SINCE = NOW.replace(year=2020)


@pytest.fixture(scope="module")
def world() -> World:
    return invent(families=1200)


@pytest.fixture(scope="module")
def held(world: World) -> list[Meeting]:
    planned = {(group, month): lesson for group, month, lesson in plans(world)}
    leaders = dict.fromkeys(range(len(world.plan.groups)), "AMINAH")
    return meetings(world, planned, leaders)


@pytest.fixture(scope="module")
def said(world: World, held: list[Meeting]) -> list[Said]:
    return list(attendance(world, held, [SINCE] * len(world.families)))


def test_most_groups_meet_every_month_and_some_seldom(world: World, held: list[Meeting]) -> None:
    met = Counter(each.group for each in held)
    assert max(met.values()) == 7
    assert min(met.values()) <= 3
    assert not set(met) & world.lost_groups
    assert all(each.held_on < NOW for each in held)
    assert len({(each.group, each.held_on.month) for each in held}) == len(held)
    assert len({(each.group, each.number) for each in held}) == len(held)


def test_attendance_differs_from_group_to_group_and_from_family_to_family(
    world: World, held: list[Meeting], said: list[Said]
) -> None:
    groups: dict[int, list[bool]] = defaultdict(list)
    families: dict[int, list[bool]] = defaultdict(list)
    for each in said:
        groups[held[each.meeting].group].append(each.mark in THERE)
        families[each.family].append(each.mark in THERE)
    shares = [sum(there) / len(there) for there in groups.values() if len(there) > 40]
    assert max(shares) - min(shares) > 0.2
    assert min(sum(there) / len(there) for there in families.values() if len(there) > 4) < 0.5
    assert {each.mark for each in said} == set(Mark)


def test_nothing_is_said_that_cannot_be(world: World, held: list[Meeting], said: list[Said]) -> None:
    assert all(bool(each.represented_by) == (each.mark is Mark.REPRESENTED) for each in said)
    assert not [each for each in said if each.mark is Mark.PRESENT and each.family in world.has("dead_manager")]
    assert len({(each.family, each.meeting) for each in said}) == len(said)
    assert all(world.families.group[each.family] == held[each.meeting].group for each in said)


def test_the_same_seed_says_the_same(world: World, held: list[Meeting], said: list[Said]) -> None:
    assert list(attendance(world, held, [SINCE] * len(world.families))) == said
