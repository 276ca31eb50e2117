"""Late, closed, overlapping, planned: rules of one meeting, drawn as tables and by chance."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.p2k2.rules import SessionLaw, entry, overlaps, proposed

LAW = SessionLaw(("core",), per_month_min=1, reason_after_days=7, closed_after_days=31)


@pytest.mark.parametrize(
    ("held", "today", "late", "closed"),
    [
        (date(2025, 5, 20), date(2025, 5, 20), False, False),
        (date(2025, 5, 13), date(2025, 5, 20), False, False),  # the seventh day
        (date(2025, 5, 12), date(2025, 5, 20), True, False),
        (date(2025, 4, 30), date(2025, 5, 31), True, False),  # April closes on 1 June
        (date(2025, 4, 1), date(2025, 6, 1), True, True),
        (date(2024, 12, 31), date(2025, 1, 31), True, False),
        (date(2024, 12, 31), date(2025, 2, 1), True, True),
    ],
)
def test_when_an_entry_is_late_and_when_its_month_is_closed(held: date, today: date, late: bool, closed: bool) -> None:
    found = entry(held, on=today, law=LAW)
    assert (found.late, found.closed) == (late, closed)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [((9, 11), (10, 12), True), ((9, 11), (11, 12), False), ((9, 12), (10, 11), True), ((13, 14), (9, 11), False)],
)
def test_hours_that_overlap(one: tuple[int, int], other: tuple[int, int], expected: bool) -> None:
    hours = [(time(begins), time(ends)) for begins, ends in (one, other)]
    assert overlaps(*hours) is overlaps(*reversed(hours)) is expected


LESSONS = [f"klasik-{number}" for number in range(1, 6)]


def test_a_plan_begins_with_what_the_group_has_not_heard() -> None:
    plan = proposed(LESSONS, {"klasik-1", "klasik-3"}, [202501, 202502, 202503, 202504], per_month=1)
    assert plan == [(202501, "klasik-2"), (202502, "klasik-4"), (202503, "klasik-5"), (202504, "klasik-1")]


@given(
    st.lists(st.sampled_from(LESSONS), unique=True),
    st.integers(0, 14),
    st.integers(1, 3),
)
def test_every_month_gets_what_policy_asks_and_new_lessons_come_first(heard: list[str], months: int, each: int) -> None:
    numbers = list(range(202501, 202501 + months))
    plan = proposed(LESSONS, heard, numbers, per_month=each)
    assert [month for month, _lesson in plan] == [month for month in numbers for _ in range(each)]
    fresh = [lesson for lesson in LESSONS if lesson not in heard]
    assert [lesson for _month, lesson in plan][: len(fresh)] == fresh[: len(plan)]
    assert proposed([], heard, numbers, per_month=each) == []
