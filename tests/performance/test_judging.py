"""Against colleagues: what is usual, what stands out, and how seldom honest people are troubled."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bench.fabricators.world import province
from bench.integrity import measured, tables_of
from harapan.performance.judging import TOGETHER, judge
from harapan.performance.measures import MEASURES, SCHOOL_MEASURES, Measured, measure
from harapan.performance.words import INDICATORS
from tests.performance.tables import LAW


def figure(person: int, value: float, *, n: int = 50, district: int = 1, se: float | None = None) -> Measured:
    return Measured("session_full", person, district, n, value, se, ())


def judged_of(figures: list[Measured], **law: int) -> dict[int, tuple[float, bool]]:
    rows = judge(figures, replace(LAW, **law))
    return {row.measured.person: (row.usual, row.found) for row in rows if row.measured.indicator == "session_full"}


def test_who_stands_far_from_all_others_is_found_and_nobody_else() -> None:
    figures = [figure(person, 0.1 + person % 5 / 100) for person in range(40)] + [figure(99, 0.9)]
    found = {person for person, (_usual, found) in judged_of(figures).items() if found}
    assert found == {99}


def test_few_records_say_nothing() -> None:
    figures = [figure(person, 0.1) for person in range(40)] + [figure(99, 0.9, n=LAW.records_min - 1)]
    assert 99 not in judged_of(figures)


def test_few_records_need_a_larger_distance() -> None:
    few, many = ([figure(person, 0.1) for person in range(40)] + [figure(99, 0.3, n=n)] for n in (8, 200))
    assert not judged_of(few)[99][1]
    assert judged_of(many)[99][1]


def test_a_kecamatan_of_few_is_drawn_towards_all() -> None:
    figures = [figure(person, 0.1) for person in range(40)] + [figure(50 + n, 0.5, district=2) for n in range(4)]
    usual = judged_of(figures, peers_weight=20)[50][0]
    assert usual == pytest.approx((4 * 0.5 + 20 * 0.1) / 24)


def test_a_place_that_is_different_for_all_troubles_nobody_there() -> None:
    figures = [figure(person, 0.1) for person in range(100)]
    figures += [figure(200 + n, 0.3, district=2) for n in range(60)]
    assert not any(found for _usual, found in judged_of(figures).values())


def test_looking_at_more_people_needs_a_rarer_figure() -> None:
    """0.25 is 2.6 deviations: rare enough among ten, not the only one among a thousand."""
    some, many = ([figure(person, 0.1, se=0.055) for person in range(n)] + [figure(99_999, 0.25, se=0.055)]
                  for n in (10, 1000))  # fmt: skip
    assert judged_of(some)[99_999][1]
    assert not judged_of(many)[99_999][1]


def test_every_measure_has_its_words() -> None:
    assert set(MEASURES) | set(SCHOOL_MEASURES) | {TOGETHER} == set(INDICATORS)


@pytest.mark.parametrize("seed", [11, 12])
def test_honest_people_are_seldom_troubled(seed: int) -> None:
    """No more than two in a hundred of those who invent nothing, in a province without anybody who does."""
    people = list(province(seed=seed, workers=200, per_kind=0))
    rows = judge(measure(tables_of(people, since=202501), LAW), LAW)
    assert len({person for row in rows if row.found for person in row.measured.people}) <= 5


def test_the_kinds_the_field_speaks_of_are_found() -> None:
    report = measured(seed=21, workers=300, per_kind=2, law=LAW)
    assert report["recall_seen"]["share"] >= 0.9
    assert report["false_alarms"]["share"] <= 0.02
