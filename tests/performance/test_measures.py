"""Each indicator on records drawn by hand: what it sees, and what it must not mistake for it."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta

import pytest

from tests.performance.tables import LAW, Records

MONTHS = [date(2025, month, 3) for month in range(1, 7)]


def test_a_group_of_which_always_two_are_away_is_more_even_than_chance() -> None:
    even, uneven = Records(), Records()
    for turn, day in enumerate(MONTHS):
        even.meeting(day=day, away=[1 + turn, 2 + turn])
        uneven.meeting(day=day, away=range(1, 1 + (0, 5, 1, 4, 0, 2)[turn]))
    dispersion = {name: math.exp(-told.figures("session_even")[1].value) for name, told in
                  (("even", even), ("uneven", uneven))}  # fmt: skip
    assert dispersion["even"] == pytest.approx(0.05)  # the least that is told apart
    # mean 2 of 10: sum of squares of deviations 22 over 10 * 0.2 * 0.8 and 5 degrees of freedom
    assert dispersion["uneven"] == pytest.approx(22 / 1.6 / 5)


def test_absences_in_turn_leave_all_families_alike_and_habits_do_not() -> None:
    turns, habits = Records(), Records()
    for turn, day in enumerate(MONTHS):
        turns.meeting(day=day, away=[2 * turn % 10 + 1, 2 * turn % 10 + 2])
        habits.meeting(day=day, away=[1, 2])
    assert turns.figures("families_alike")[1].value > 1
    # two families are away six times, eight never: squares 2 * 36 - 12 * 12 / 10 over 6 * 0.2 * 0.8 and 9
    assert math.exp(-habits.figures("families_alike")[1].value) == pytest.approx((72 - 14.4) / 0.96 / 9)


def test_full_attendance_is_a_share_and_shows_its_meetings() -> None:
    told = Records()
    full = [told.meeting(day=day) for day in MONTHS[:4]]
    for day in MONTHS[4:]:
        told.meeting(day=day, away=[1])
    found = told.figures("session_full")[1]
    assert (found.n, found.value) == (6, pytest.approx(4 / 6))
    assert {event for event, _figure in found.records[:4]} == set(full)


@pytest.mark.parametrize(
    ("away", "reasons", "share"),
    [([1], 0, 1.0), ([1, 2], 0, 1.0), ([], 0, 0.0), ([1, 2, 3], 0, 0.0), ([1], 1, 0.0)],
)
def test_between_90_and_100_percent_without_sick_or_excused(away: list[int], reasons: int, share: float) -> None:
    told = Records()
    told.meeting(families=20, away=away, reasons=reasons)
    assert told.figures("session_band")[1].value == share


def test_a_school_where_nearly_everybody_misses_a_day_or_two() -> None:
    made, real = Records(), Records()
    made.form(away={pupil: (1 + pupil % 2, 0, 0) for pupil in range(8)})
    real.form(away={1: (1, 0, 0), 2: (0, 2, 0), 3: (9, 0, 0)})
    assert made.figures("school_band")[1].value == 1
    assert real.figures("school_band")[1].value == 0


def test_days_that_end_in_0_or_5_are_held_against_the_same_month_of_others() -> None:
    told = Records()
    for person in range(2, 6):
        told.form(person=person, school=person, away={person * 100 + n: (1 + n % 4, 0, 0) for n in range(8)})
    told.form(person=1, school=1, away=dict.fromkeys(range(8), (5, 0, 0)))
    found = told.figures("digits")
    assert found[1].value == pytest.approx(1 - 8 / 40)
    assert found[2].value == pytest.approx(-8 / 40)


def test_days_away_that_stop_where_the_month_is_still_met() -> None:
    told = Records()
    most = 20 * (100 - LAW.attendance_percent_min) // 100
    for person in range(2, 6):
        days = (1, most, most + 1, most + 2)
        told.form(person=person, school=person, away={person * 100 + n: (days[n % 4], 0, 0) for n in range(8)})
    told.form(person=1, school=1, away={n: (0, most - n % 2, n % 2) for n in range(6)})  # leave and sickness count too
    found = told.figures("just_enough")
    assert (found[1].n, found[2].n) == (6, 6)  # who was away one day is not asked
    assert found[1].value == pytest.approx(1 - 14 / 30)
    assert found[2].value == pytest.approx(2 / 6 - 14 / 30)


def test_the_same_people_away_as_the_month_before() -> None:
    told = Records()
    for day, away in zip(MONTHS, ([1, 2], [1, 2], [1, 2], [3, 4], [], [5]), strict=True):
        told.meeting(day=day, away=away)
    found = told.figures("session_copied")[1]  # pairs: same, same, none shared; the empty ones say nothing
    assert (found.n, found.value) == (3, pytest.approx(2 / 3))


def test_a_school_s_month_is_a_copy_only_down_to_the_days() -> None:
    told = Records()
    for month, days in ((202501, 2), (202502, 2), (202503, 3)):
        told.form(month=month, away={1: (days, 0, 0), 2: (0, 1, 0)})
    assert told.figures("facility_copied")[1].value == pytest.approx((1 + 1 / 3) / 2)


def test_pictures_that_stand_at_two_meetings_but_not_twice_at_one() -> None:
    told = Records()
    told.meeting(day=MONTHS[0], photos=[{"digest": "a", "looks": 0}, {"digest": "b", "looks": 1}])
    told.meeting(day=MONTHS[1], photos=[{"digest": "a", "looks": 0xFFFF0000}])
    told.meeting(day=MONTHS[2], group=11, photos=[{"digest": "c", "looks": 0b111}])
    told.meeting(day=MONTHS[3], photos=[{"digest": "d", "looks": -1}])
    told.meeting(
        day=MONTHS[0], person=2, photos=[{"digest": "e", "looks": 5}, {"digest": "e2", "looks": 4}], district=2
    )
    found = told.figures("photo_again")
    assert (found[1].n, found[1].value) == (4, 0.75)  # a twice; c looks like b; d like none
    assert found[2].value == 0  # two takes of one meeting, and alike only to another kecamatan's


def test_a_wrong_clock_is_no_wrong_day() -> None:
    told = Records()
    for person, offs in ((1, (0, 0, 0, 3)), (2, (-400, -400, -400, -400))):
        for day, off in zip(MONTHS[:4], offs, strict=True):
            at = datetime(day.year, day.month, day.day, 10) + timedelta(days=off)  # noqa: DTZ001
            told.meeting(person=person, day=day, photos=[{"taken_at": at}])
    found = told.figures("photo_day")
    assert (found[1].value, found[2].value) == (0.25, 0)


def test_far_from_where_the_group_is_and_many_groups_on_one_spot() -> None:
    told = Records()
    for turn, day in enumerate(MONTHS):
        place = (-3.0, 115.0) if turn else (-3.2, 115.0)
        told.meeting(day=day, photos=[{"latitude": place[0], "longitude": place[1]}])
    assert told.figures("photo_far")[1].value == pytest.approx(1 / 6)
    table = Records()
    for turn, day in enumerate(MONTHS[:3]):
        table.meeting(day=day, group=turn, photos=[{"latitude": -3.0, "longitude": 115.0 + turn * 1e-5}])
    table.meeting(day=MONTHS[3], group=9, photos=[{"latitude": -3.1, "longitude": 115.0}])
    assert table.figures("one_spot")[1].value == 0.75


def test_faster_than_anybody_rides() -> None:
    told = Records()
    for minutes, longitude in ((0, 115.0), (10, 115.3), (120, 115.35)):  # 33 km in ten minutes, 6 km in two hours
        at = datetime(2025, 3, 3, 9) + timedelta(minutes=minutes)  # noqa: DTZ001
        told.meeting(photos=[{"latitude": -3.0, "longitude": longitude, "taken_at": at}])
    found = told.figures("speed")[1]
    assert (found.n, found.value) == (2, 0.5)
    assert found.records[0][1] == pytest.approx(200, rel=0.01)


@pytest.mark.parametrize(("begins", "share"), [(600, 1.0), (660, 0.0), (540, 0.0)])
def test_hours_that_overlap_but_not_groups_that_meet_together(begins: int, share: float) -> None:
    told = Records()
    told.meeting(group=1, begins=540, ends=660)
    told.meeting(group=2, begins=begins, ends=begins + 120)
    assert told.figures("overlap")[1].value == share


@pytest.mark.parametrize(("begins", "share"), [(540, 0.0), (1170, 0.0), (1290, 1.0), (200, 1.0)])
def test_meetings_at_night(begins: int, share: float) -> None:
    told = Records()
    told.meeting(begins=begins, ends=begins + 90)
    assert told.figures("night")[1].value == share


def test_typed_within_seconds_of_one_another() -> None:
    told = Records()
    for turn, seconds in enumerate((0, 20, 200, 215, 500)):
        told.meeting(group=turn, entered=datetime(2025, 3, 31, 21) + timedelta(seconds=seconds))  # noqa: DTZ001
    assert told.figures("pace")[1].value == pytest.approx(2 / 5)


def test_meetings_without_a_picture_are_counted_and_shown_first() -> None:
    told = Records()
    shown = told.meeting(day=date(2025, 1, 3), photos=[{"looks": None, "taken_at": None}] * 2)
    bare = told.meeting(day=date(2025, 2, 3))
    found = told.figures("photo_none")[1]
    assert (found.n, found.value) == (2, 0.5)
    assert [event for event, _families in found.records] == [bare, shown]
