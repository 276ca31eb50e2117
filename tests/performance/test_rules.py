"""Draws that anybody can draw again, and the arithmetic of their calibration."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.performance.rules import draw, interval, precision, probabilities

RISKS = st.dictionaries(st.integers(1, 500), st.floats(0, 50), min_size=1, max_size=40)


@given(risk=RISKS, size=st.integers(1, 30), percent=st.integers(1, 100), seed=st.integers(0, 2**31))
def test_everybody_may_be_drawn_and_just_so_many_are(
    risk: dict[int, float], size: int, percent: int, seed: int
) -> None:
    chances = probabilities(risk, size=size, random_percent=percent)
    assert set(chances) == set(risk)
    assert all(0 < each <= 1 for each in chances.values())
    assert sum(chances.values()) == pytest.approx(min(size, len(risk)))
    drawn = draw(chances, seed=seed)
    assert len(drawn) == min(size, len(risk))
    assert drawn == sorted(set(drawn))
    assert drawn == draw(dict(reversed(chances.items())), seed=seed)


def test_a_random_share_looks_at_nothing_and_the_rest_at_what_was_found() -> None:
    alike = probabilities({1: 0.0, 2: 9.0, 3: 1.0, 4: 0.0}, size=2, random_percent=100)
    assert alike == {1: 0.5, 2: 0.5, 3: 0.5, 4: 0.5}
    half = probabilities({1: 0.0, 2: 3.0, 3: 1.0, 4: 0.0}, size=1, random_percent=50)
    assert half == {1: 0.125, 2: 0.5, 3: 0.25, 4: 0.125}
    assert set(probabilities({1: 0.0, 2: 0.0}, size=1, random_percent=50).values()) == {0.5}


def test_people_are_drawn_as_often_as_their_chance_says() -> None:
    chances = probabilities({1: 0.0, 2: 6.0, 3: 2.0, 4: 0.0, 5: 0.0}, size=2, random_percent=50)
    drawn = Counter(unit for seed in range(4000) for unit in draw(chances, seed=seed))
    assert {unit: drawn[unit] / 4000 for unit in chances} == pytest.approx(chances, abs=0.03)


def test_each_visit_speaks_for_as_many_as_it_was_drawn_for() -> None:
    found = precision([(0.5, True), (0.1, False), (1.0, True)])
    assert found.checked == 3
    assert found.share == pytest.approx((2 + 1) / (2 + 10 + 1))
    assert found.effective == pytest.approx(13**2 / (4 + 100 + 1))
    assert found.low < found.share < found.high


def test_of_nothing_nothing_is_known() -> None:
    nothing = precision([])
    assert (nothing.checked, nothing.low, nothing.high) == (0, 0.0, 1.0)
    assert interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (81, 263, 0.2553, 0.3662)],
)
def test_wilson_s_interval(hits: int, of: int, low: float, high: float) -> None:
    assert interval(hits, of) == (pytest.approx(low, abs=1e-4), pytest.approx(high, abs=1e-4))


def test_the_mean_of_weighted_visits_is_that_of_everybody() -> None:
    """Over many draws, what visits say of all months comes to the truth, however the draw leaned."""
    wrong, risk = {1, 2, 7}, {unit: 8.0 if unit in {1, 3} else 0.5 for unit in range(1, 13)}
    chances = probabilities(risk, size=4, random_percent=50)
    total = 0.0
    for seed in range(4000):
        total += sum(1 / chances[unit] for unit in draw(chances, seed=seed) if unit in wrong)
    assert total / 4000 / len(risk) == pytest.approx(len(wrong) / len(risk), abs=0.02)
