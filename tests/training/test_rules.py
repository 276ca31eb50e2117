"""Rules about one batch or participant: classes, rooms, who has passed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.training.catalogue import default_courses, rubric_on
from harapan.training.law import PassLaw
from harapan.training.needs.law import needs_on
from harapan.training.rules import Division, Guest, Standing, divided, missing, plain, rooms
from tests.training.conftest import BEGINS

LAW = PassLaw(attendance_percent_min=80, post_test_min=60, practice_percent_min=60)


@given(st.integers(0, 500), st.integers(1, 60), st.sampled_from(Division))
def test_everybody_sits_in_one_class_and_classes_differ_by_one(people: int, size: int, how: Division) -> None:
    row = list(range(people))
    classes = divided(row, size_max=size, how=how)
    assert sorted(member for each in classes for member in each) == row
    sizes = [len(each) for each in classes]
    assert all(each <= size for each in sizes)
    assert not sizes or max(sizes) - min(sizes) <= 1
    assert divided(row, size_max=size, how=how) == classes


def test_mixed_parts_neighbours_and_by_region_keeps_them() -> None:
    row = ["a1", "a2", "a3", "b1", "b2", "b3"]
    assert divided(row, size_max=3, how=Division.REGION) == [["a1", "a2", "a3"], ["b1", "b2", "b3"]]
    assert divided(row, size_max=3, how=Division.MIXED) == [["a1", "a3", "b2"], ["a2", "b1", "b3"]]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9))), st.integers(1, 4))
def test_a_room_holds_one_sex_and_no_more_than_its_beds(guests: list[tuple[int, int]], beds: int) -> None:
    told = [Guest(number, sex, near) for number, (sex, near) in enumerate(guests)]
    found = rooms(told, beds=beds)
    assert sorted(each.key for room in found for each in room) == [each.key for each in told]  # type: ignore[type-var]
    for room in found:
        assert len({each.sex for each in room}) == 1
        assert len(room) <= (1 if room[0].sex == 0 else beds)


@pytest.mark.parametrize(
    ("standing", "lacking"),
    [
        (Standing(24, 24, Decimal(60), 60.0), []),
        (Standing(20, 24, Decimal("59.5"), 90.0), ["post-test 59,5, paling sedikit 60"]),
        (Standing(19, 24, Decimal(80), 90.0), ["hadir 19 dari 24 JP, paling sedikit 80%"]),
        (Standing(24, 24, None, 59.9), ["post-test belum dinilai", "praktik mengajar 59%, paling sedikit 60%"]),
        (Standing(24, 24, Decimal(70), None), ["praktik mengajar belum dinilai"]),
    ],
)
def test_what_is_missing_is_told(standing: Standing, lacking: list[str]) -> None:
    assert missing(standing, LAW, tested=True, practised=True) == lacking


def test_without_test_and_practice_hours_alone_count() -> None:
    assert missing(Standing(20, 24, None, None), LAW, tested=False, practised=False) == []


def test_points_are_read_as_people_write_them() -> None:
    assert [plain(Decimal(each)) for each in ("87.50", "100.00", "0.00", "60.25")] == ["87,5", "100", "0", "60,25"]


def test_the_courses_that_come_with_harapan_fit_their_days() -> None:
    courses = {each.code: each for each in default_courses()}
    assert (courses["bimtap"].days, courses["diklat-p2k2"].days, courses["bimtek"].days) == (3, 10, 3)
    assert {need.course for need in needs_on(BEGINS)} <= set(courses)  # policy demands nothing that is not taught
    assert {each.kind for each in courses.values()} >= {"bimtap", "bimtek", "diklat", "workshop", "coaching"}
    for each in courses.values():
        assert each.hours <= each.days * 10
        assert each.source


def test_a_rubric_weighs_its_criteria() -> None:
    rubric = rubric_on(BEGINS)
    full = {each.code: each.points for each in rubric.criteria}
    assert rubric.percent(full) == 100
    assert rubric.percent(full | {"method": 0}) == 70  # weighs three of ten
    assert rubric.percent({"method": 4}) is None


def test_practice_is_said_rounded_down_so_nobody_fails_on_what_is_required() -> None:
    standing = Standing(24, 24, Decimal(80), 59.9)
    assert standing.practice_said == 59
    assert missing(standing, LAW, tested=True, practised=True) == ["praktik mengajar 59%, paling sedikit 60%"]
