"""Records that resemble each other more than lives do, and figures of a school whoever spoke of it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.performance.tables import LAW, Records

MONTHS = [date(2025, month, 3) for month in range(1, 7)]


def test_one_form_for_two_schools_is_alike_and_what_is_seldom_seen_weighs_more() -> None:
    same, other = Records(), Records()
    seldom = {1: (7, 0, 0), 2: (0, 5, 0), 3: (1, 0, 0)}
    for told, second in ((same, seldom), (other, {1: (1, 0, 0), 2: (0, 0, 3), 3: (0, 2, 0)})):
        told.form(school=50, away=seldom)
        told.form(school=51, away=second)
    assert same.figures("forms_alike")[1].value == pytest.approx(1.0)
    usual = other.figures("forms_alike")[1].value
    assert 0 < usual < 1 / 5  # one of five different days is shared, and it is the usual one


def test_a_family_away_at_random_but_never_twice_running() -> None:
    turns, ill = Records(), Records()
    for turn, day in enumerate(MONTHS):
        turns.meeting(day=day, away=range(1, 6) if turn % 2 == 0 else range(6, 11))
        ill.meeting(day=day, away=range(1, 6) if turn < 3 else range(6, 11))
    assert turns.figures("streaks")[1].value > 3  # each of ten families three times of six, never twice running
    assert ill.figures("streaks")[1].value < -3


def test_half_of_the_groups_too_even_is_seen_though_the_whole_is_not() -> None:
    told = Records()
    for group in range(6):
        for turn, day in enumerate(MONTHS):
            gone = (4, 4, 4, 4, 4, 4) if group < 3 else (0, 8, 1, 7, 0, 8)
            told.meeting(group=group, families=20, day=day, away=range(1, gone[turn] + 1))
    assert told.figures("half_even")[1].value > 2
    assert told.figures("session_even")[1].value < 0.5


def test_those_away_at_the_end_of_the_sheet_and_those_anywhere() -> None:
    ticked, called = Records(), Records()
    for turn, day in enumerate(MONTHS):
        ticked.meeting(day=day, families=10, away=(9, 10))
        called.meeting(day=day, families=10, away=(1 + turn, 10 - turn))
    assert ticked.figures("list_place")[1].value == pytest.approx(0.4)  # 0.9 of the sheet instead of its half
    assert called.figures("list_place")[1].value == pytest.approx(0)


def test_who_does_not_follow_the_months_of_the_kecamatan() -> None:
    told = Records()
    for person in range(1, 7):
        for turn, day in enumerate(MONTHS):
            gone = (1, 6, 1, 6, 1, 6)[turn] if person < 6 else (3, 4, 3, 3, 4, 3)[turn]
            told.meeting(person=person, group=person, day=day, away=range(1, gone + 1))
    figures = told.figures("out_of_step")
    assert figures[1].value < -0.8  # follows by four fifths or more
    assert figures[6].value > -0.3


@pytest.mark.parametrize(("taken", "share"), [("09:10", 0.0), ("11:30", 0.0), ("15:00", 1.0), ("06:00", 1.0)])
def test_the_camera_names_another_hour(taken: str, share: float) -> None:
    told = Records()
    hour, minute = map(int, taken.split(":"))
    for day in MONTHS[1:]:
        told.meeting(day=day, photos=[_photo(datetime(day.year, day.month, day.day, 9, 30))])  # noqa: DTZ001
    told.meeting(day=MONTHS[0], photos=[_photo(datetime(2025, 1, 3, hour, minute))])  # noqa: DTZ001
    found = told.figures("photo_hour")[1]
    assert (found.n, found.value) == (6, pytest.approx(share / 6))


def test_a_camera_always_wrong_by_hours_has_a_wrong_clock() -> None:
    told = Records()
    for day in MONTHS:
        told.meeting(day=day, photos=[_photo(datetime(day.year, day.month, day.day, 21, 30))])  # noqa: DTZ001
    assert told.figures("photo_hour")[1].value == 0


def _photo(taken_at: datetime) -> dict[str, object]:
    return {"looks": None, "taken_at": taken_at, "latitude": None, "longitude": None}


@pytest.mark.parametrize(("bits", "share"), [(LAW.photo_bits_max, 0.0), (12, 1.0), (LAW.crop_bits_max + 1, 0.0)])
def test_a_picture_cut_anew_lies_near_the_first(bits: int, share: float) -> None:
    told = Records()
    for day, looks in zip(MONTHS, (0, (1 << bits) - 1), strict=False):
        told.meeting(day=day, photos=[{**_photo(datetime(2025, 1, 1)), "taken_at": None, "looks": looks}])  # noqa: DTZ001
    assert told.figures("photo_near")[1].value == share


def test_a_school_is_looked_at_whoever_spoke_of_it() -> None:
    """Two facilitators bring forms of school 50: hers are copied month by month, and both are told."""
    told = Records()
    for month in range(202501, 202507):
        told.form(person=1, school=50, month=month, pupils=20, away={n: (n, 0, 0) for n in range(1, 7)})
        told.form(person=2, school=50, month=month, pupils=20, away={100 + n: (n, 0, 0) for n in range(1, 7)})
        told.form(
            person=2, school=51, month=month, pupils=20, away={month % 7 + n: (1, 0, n) for n in range(month % 3)}
        )
    found = {each.facility: each for each in told.measured("school_copied")}
    assert found[50].people == (1, 2)
    assert found[50].value == pytest.approx(60 / 70)  # all, of ten more that are supposed
    assert found[51].value < 0.2
    even = {each.facility: each for each in told.measured("school_even")}
    assert even[50].value == pytest.approx(0)  # twelve of forty in every month
    assert even[51].value < -0.5
