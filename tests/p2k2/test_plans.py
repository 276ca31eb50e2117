"""Plans from the curriculum, what a group and a family have heard, and what comes next."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.p2k2.attending import Said, mark_attendance
from harapan.p2k2.errors import UnknownLesson
from harapan.p2k2.models import Mark, PlannedSession
from harapan.p2k2.planning import propose_plans, set_month
from harapan.p2k2.queries import coverage_of_families, marks_in, states_of
from harapan.registry.actions import NotYours
from tests.benefits.world import CEMPAKA, HIYUNG, World
from tests.p2k2.conftest import TODAY, Record


def plan_of(world: World, village: int = HIYUNG) -> list[tuple[int, str]]:
    rows = PlannedSession.objects.filter(group=world.groups[village]).order_by("month", "pk")
    return list(rows.values_list("month", "lesson"))


def propose(world: World, *villages: int, year: int = 2025) -> int:
    return propose_plans([world.groups[each].pk for each in villages or (HIYUNG,)], year, by=world.user, on=TODAY)


def state(world: World, on: date = TODAY) -> Any:
    group = world.groups[HIYUNG]
    return states_of([group], year=on.year, on=on)[group.pk]


def test_a_plan_fills_the_months_that_are_left_with_what_was_not_heard(world: World, record: Record) -> None:
    record(lesson="klasik-1.1")
    assert propose(world, HIYUNG, CEMPAKA) == 16
    assert plan_of(world)[:3] == [(202505, "klasik-1.2"), (202506, "klasik-1.3"), (202507, "klasik-1.4")]
    assert plan_of(world, CEMPAKA)[0] == (202505, "klasik-1.1")
    assert plan_of(world)[-1][0] == 202512


def test_proposing_again_changes_nothing_and_next_year_goes_on(world: World) -> None:
    propose(world)
    before = plan_of(world)
    assert propose(world) == 0
    assert propose(world, year=2026) == 12
    assert plan_of(world)[: len(before)] == before
    assert plan_of(world)[len(before)] == (202601, "klasik-1.1")  # the plan for 2026 looks at what was heard
    with pytest.raises(Refused, match="sudah lewat"):
        propose(world, year=2024)


def test_a_month_is_changed_by_hand(world: World) -> None:
    propose(world)
    group = world.groups[HIYUNG].pk
    set_month(group, 202506, ["stunting-6.1", "klasik-2.1"], by=world.user, on=TODAY)
    assert [lesson for month, lesson in plan_of(world) if month == 202506] == ["stunting-6.1", "klasik-2.1"]
    for lessons, month, said in (
        ([], 202506, "1 sampai 4 sesi"),
        (["klasik-1.1"], 202504, "sudah lewat"),
    ):
        with pytest.raises(Refused, match=said):
            set_month(group, month, lessons, by=world.user, on=TODAY)
    with pytest.raises(UnknownLesson):
        set_month(group, 202506, ["x-1.1"], by=world.user, on=TODAY)
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk)):
        with pytest.raises(NotYours):
            set_month(group, 202506, ["klasik-1.1"], by=world.user, on=TODAY)


def test_done_due_late_and_missing(world: World, record: Record) -> None:
    propose(world)  # May: 1.1, June: 1.2, July: 1.3
    assert (state(world).due, state(world).held, state(world).late) == (1, 0, 0)
    assert state(world).missing == [202501, 202502, 202503, 202504]
    record(lesson="klasik-1.1")
    later = date(2025, 7, 18)
    now = state(world, later)
    assert (now.due, now.held, now.late) == (3, 1, 1)  # June was not held, July may still be
    assert now.missing == [202501, 202502, 202503, 202504, 202506]
    assert now.next_lesson.code == "klasik-1.2"
    record(lesson="klasik-1.2", on=later, held_on=date(2025, 7, 17))
    now = state(world, later)
    assert (now.held, now.late, now.this_month.lesson) == (2, 0, "klasik-1.2")


def test_a_newer_name_counts_for_the_lesson_it_stands_for(world: World, record: Record) -> None:
    set_month(world.groups[HIYUNG].pk, 202505, ["klasik-3.1"], by=world.user, on=TODAY)
    record(lesson="hpk-3.1")
    assert (state(world).held, state(world).late) == (1, 0)


def test_a_group_begins_with_the_month_it_was_made_in(world: World) -> None:
    group = world.groups[HIYUNG]
    group.since = date(2025, 4, 7)
    group.save()
    assert state(world).missing == [202504]


def test_a_family_has_heard_what_it_was_there_for_or_was_represented_at(world: World, record: Record) -> None:
    there, away = world.family(), world.family()
    for day, lesson, said in (
        (15, "klasik-1.1", Said(Mark.PRESENT)),
        (16, "klasik-1.2", Said(Mark.REPRESENTED, "anaknya")),
        (19, "klasik-1.3", Said(Mark.SICK)),
    ):
        session = record(held_on=date(2025, 5, day), lesson=lesson)
        mark_attendance(session.pk, {there.pk: said}, by=world.user, on=TODAY)
    found = coverage_of_families([there, away], on=TODAY)
    assert [lesson.code for lesson in found[there.pk].heard] == ["klasik-1.1", "klasik-1.2"]
    assert found[there.pk].next is not None
    assert found[there.pk].next.code == "klasik-1.3"
    assert (len(found[away.pk].heard), found[away.pk].total) == (0, 29)
    assert marks_in([session.pk]) == {session.pk: {Mark.SICK: 1}}
