"""Putting work into days: drawn cases and properties."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.fieldwork.rules import Day, Wanted, kilometres, lowered, propose
from harapan.workforce.workdays import Hours

HOURS = Hours((1, 2, 3, 4, 5), day_minutes=450, begins=480, break_from=720, break_minutes=60, travel_minutes=30)
MONDAY = date(2025, 7, 7)
A, B, FAR = 6305032001, 6305032002, 6306012001

villages = st.sampled_from([A, B, 6305022003, FAR, 6306012009])
pieces = st.lists(
    st.builds(
        Wanted, key=st.integers(0, 40).map(str), village_no=villages, minutes=st.integers(5, 400),
        due_on=st.dates(MONDAY - timedelta(days=20), MONDAY + timedelta(days=40)),
    ),
    max_size=45,
)  # fmt: skip
spans = st.lists(st.integers(0, 450), min_size=0, max_size=8)


def days(taken: list[int]) -> list[Day]:
    return [Day.of(MONDAY + timedelta(days=n), HOURS, taken=minutes) for n, minutes in enumerate(taken)]


@given(wanted=pieces, taken=spans)
def test_nothing_stands_twice_beyond_the_hours_or_on_top_of_another(wanted: list[Wanted], taken: list[int]) -> None:
    slots, left = propose(wanted, days(taken))
    placed = [slot.key for slot in slots]
    assert len(set(placed)) == len(placed)
    assert set(placed) | set(left) == {each.key for each in wanted}
    assert not set(placed) & set(left)
    for n, minutes in enumerate(taken):
        of_day = [slot for slot in slots if slot.day == MONDAY + timedelta(days=n)]
        worked = sum(slot.ends - slot.begins - _break_within(slot.begins, slot.ends) for slot in of_day)
        travelled = 30 * len({slot.village_no for slot in of_day})
        assert minutes + worked + travelled <= 450 if of_day else True
        assert all(480 <= slot.begins < slot.ends <= 480 + 450 + 60 for slot in of_day)
        ordered = sorted(of_day, key=lambda slot: slot.begins)
        assert all(one.ends <= two.begins for one, two in pairwise(ordered))


def _break_within(begins: int, ends: int) -> int:
    return 60 if begins < 720 and ends > 780 else 0


@given(wanted=pieces, taken=spans)
def test_a_proposal_is_the_same_for_the_same_work_in_any_order(wanted: list[Wanted], taken: list[int]) -> None:
    unique = list({each.key: each for each in wanted}.values())
    assert propose(unique, days(taken)) == propose(list(reversed(unique)), days(taken))


def wanted(key: str, village: int, minutes: int, due: int = 0) -> Wanted:
    return Wanted(key, village, minutes, MONDAY + timedelta(days=due))


def test_a_day_goes_to_one_village_and_then_to_the_nearest() -> None:
    work = [wanted("late", A, 60), wanted("far", FAR, 60, 1), wanted("near", B, 60, 2), wanted("same", A, 60, 9)]
    slots, left = propose(work, days([0]))
    assert [(slot.key, slot.begins) for slot in slots] == [("late", 510), ("same", 570), ("near", 660), ("far", 810)]
    assert left == []


def test_where_villages_lie_counts_more_than_their_numbers() -> None:
    places = {A: (-2.90, 115.10), B: (-3.40, 115.90), FAR: (-2.91, 115.11)}
    work = [wanted("here", A, 60), wanted("by number", B, 60, 1), wanted("by way", FAR, 60, 2)]
    slots, _left = propose(work, days([0]), positions=places)
    assert [slot.key for slot in slots] == ["here", "by way", "by number"]


def test_work_never_runs_through_the_break_unless_it_is_too_long_for_a_morning() -> None:
    (short,), _ = propose([wanted("short", A, 120)], days([150]))
    assert (short.begins, short.ends) == (780, 900)
    (long,), _ = propose([wanted("long", A, 240)], days([0]))
    assert (long.begins, long.ends) == (510, 810)


def test_what_finds_no_room_is_named() -> None:
    slots, left = propose([wanted("fits", A, 60), wanted("too long", A, 420)], days([0]))
    assert [slot.key for slot in slots] == ["fits"]
    assert left == ["too long"]
    assert propose([wanted("none", A, 10)], []) == ([], ["none"])


@pytest.mark.parametrize(
    ("year", "workdays", "duty", "target"),
    [
        (180, 20, 0, 15),
        (180, 20, 5, 12),
        (180, 20, 20, 0),
        (180, 20, 25, 0),
        (12, 21, 3, 1),
        (24, 0, 0, 2),
        (36, 22, 1, 3),
    ],
)
def test_extra_duties_lower_a_months_target_by_their_share_of_its_days(
    year: int, workdays: int, duty: int, target: int
) -> None:
    assert lowered(year, months=12, workdays=workdays, duty_days=duty) == target


def test_a_degree_on_the_equator_is_a_hundred_and_eleven_kilometres() -> None:
    assert round(kilometres((0, 115), (0, 116))) == 111
    assert kilometres((-3.1, 115.2), (-3.1, 115.2)) == 0
