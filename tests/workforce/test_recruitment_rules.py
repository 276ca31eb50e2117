"""Ranking by published rules: the fast one means what the obvious one says, ties are stable, marks are settled."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.core.errors import Refused
from harapan.workforce.recruitment import reference
from harapan.workforce.recruitment.freezing import ranked_as, read_back, written
from harapan.workforce.recruitment.law import rules_on
from harapan.workforce.recruitment.ranking import FAILED, INPUT, RESERVE, SELECTED, digest_of, rank, rows_of
from harapan.workforce.recruitment.rules import (
    STAGES,
    Applicant,
    RoundRules,
    StageRule,
    misfits,
    settled_mark,
)

RULES = rules_on(date(2019, 12, 1))
CLOSES = date(2019, 11, 30)


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=INPUT)


def applicant(number: int, **about: Any) -> dict[str, Any]:
    passed = {"administration": 10_000, "psychological": 7000, "competence": 7000, "interview": 7000}
    return {
        "participant_no": number, "formation": 1, "quota": 2, "lives_here": True, "born_on": date(1990, 1, 1),
    } | passed | about  # fmt: skip


def ranked(rows: list[dict[str, Any]], rules: RoundRules = RULES, seed: str = "undi") -> list[tuple[Any, ...]]:
    return rows_of(rank(table(rows), rules, seed=seed))


scores = st.one_of(st.none(), st.integers(min_value=40, max_value=60).map(lambda points: points * 100))
people = st.builds(
    lambda **about: about,
    formation=st.integers(1, 3), administration=st.sampled_from([0, 10_000]), psychological=scores, competence=scores,
    interview=scores, lives_here=st.booleans(),
    born_on=st.one_of(st.none(), st.dates(date(1990, 1, 1), date(1990, 1, 3))),
)  # fmt: skip


@settings(max_examples=60)
@given(
    drawn=st.lists(people, max_size=30), seed=st.text("0123456789abcdef", min_size=4, max_size=4), chance=st.randoms()
)
def test_the_statement_means_what_the_reference_says(drawn: list[dict[str, Any]], seed: str, chance: Random) -> None:
    rows = [row | {"participant_no": number, "quota": row["formation"]} for number, row in enumerate(drawn, start=1)]
    expected = reference.rank(rows, RULES, seed=seed)
    chance.shuffle(rows)  # the order of the file decides nothing
    assert ranked(rows, seed=seed) == expected


def test_whoever_fails_one_stage_stands_behind_all_who_pass() -> None:
    rows = [applicant(1, psychological=4900, competence=10_000, interview=10_000), applicant(2), applicant(3)]
    found = ranked(rows)
    assert [row[2] for row in found][-1] == 1
    assert found[-1][4:6] == (FAILED, "psychological")


def test_a_stage_without_a_score_is_not_passed() -> None:
    assert ranked([applicant(1, interview=None)])[0][4:6] == (FAILED, "interview")


def test_places_then_reserve_then_nobody() -> None:
    rows = [applicant(number, competence=10_000 - 100 * number) for number in range(1, 6)]
    assert [row[4] for row in ranked(rows)] == [SELECTED, SELECTED, RESERVE, 3, 3]  # a reserve of half the quota


def test_weights_are_exact() -> None:
    (row,) = ranked([applicant(1, psychological=8125, competence=7777, interview=9001)])
    assert row[3] == 30 * 8125 + 50 * 7777 + 20 * 9001  # ten-thousandths of a point


@pytest.mark.parametrize(
    ("mine", "theirs", "decided"),
    [
        ({"competence": 7600, "interview": 6000}, {"competence": 7200, "interview": 7000}, "competence"),
        ({"lives_here": True}, {"lives_here": False}, "lives_here"),
        ({"born_on": date(1989, 12, 31)}, {"born_on": date(1990, 1, 1)}, "older"),
    ],
)
def test_equal_totals_are_told_apart_by_the_first_rule_that_can(
    mine: dict[str, Any], theirs: dict[str, Any], decided: str
) -> None:
    first, second = ranked([applicant(1, **theirs), applicant(2, **mine)])
    assert first[3] == second[3]
    assert (first[2], second[2], second[6]) == (2, 1, decided)


def test_what_nothing_decides_the_lot_does_and_the_seed_alone_changes_it() -> None:
    rows = [applicant(number) for number in range(1, 40)]
    once, again, other = ranked(rows), ranked(rows[::-1]), ranked(rows, seed="lain")
    assert once == again
    assert [row[2] for row in once] != [row[2] for row in other]
    assert {row[6] for row in once[1:]} == {"lot"}


def test_a_shortlist_is_the_best_by_what_was_scored_before_the_interview() -> None:
    """As the reference says with three times the places, no reserve, and interviews that were not held yet."""
    chance = Random(5)
    rows = [
        applicant(n, formation=n % 3, quota=1, competence=chance.choice([4000, 6000, 7000]), interview=chance.choice(
            [None, 9900]))
        for n in range(1, 60)
    ]  # fmt: skip
    found = ranked_as("shortlist", table(rows), RULES, seed="undi")
    assert found == reference.rank([row | {"quota": 3} for row in rows], RULES.before_interview(), seed="undi")
    assert Counter(row[4] for row in found)[SELECTED] == 9
    assert RESERVE not in {row[4] for row in found}
    with pytest.raises(Refused, match="tanpa daftar panggilan"):
        ranked_as("shortlist", table(rows), replace(RULES, interview_per_place=None), seed="undi")


def test_the_frozen_file_ranks_the_same() -> None:
    chance = Random(3)
    rows = [
        applicant(
            n, formation=n % 7, competence=chance.choice([None, 5000, 6125, 7000]), born_on=None if n % 5 else CLOSES
        )
        for n in range(1, 200)
    ]
    once = ranked(rows)
    again = rows_of(rank(read_back(written(table(rows))), RULES, seed="undi"))
    assert digest_of(again) == digest_of(once)


def test_959_of_63000_are_chosen_within_every_quota() -> None:
    """At true size: 959 places in 480 kecamatan (479 of two places and one of one), drawn as the tests drew."""
    chance, rows = Random(2019), []
    for number in range(1, 63_001):
        formation = chance.randrange(480)
        passed = chance.random() < 0.45
        points = [round(min(100, max(0, chance.gauss(62, 14)))) * 100 if passed else None for _ in range(3)]
        rows.append(
            applicant(
                number, formation=formation, quota=1 if formation == 0 else 2,
                administration=10_000 if passed else 0, **dict(zip(STAGES[1:], points, strict=True)),
            )
        )  # fmt: skip
    found = ranked(rows)
    outcomes = Counter(row[4] for row in found)
    assert sum(outcomes.values()) == 63_000
    assert outcomes[SELECTED] == 959
    lowest: dict[int, int] = {}
    for formation, _place, _no, total, outcome, failed, _tied in found:
        if outcome == SELECTED:
            lowest[formation] = total
        elif not failed:
            assert total <= lowest[formation]


@pytest.mark.parametrize(
    ("marks", "settled"),
    [
        ([7000], None),
        ([7000, 8000], 7500),
        ([7000, 8500], 7750),  # the spread allowed, exactly
        ([6000, 8000], None),  # too far apart: a third is asked
        ([6000, 8000, 7900], 7900),  # the middle one holds
        ([7001, 7002], 7001),  # rounded down
    ],
)
def test_marks_settle_within_the_spread_and_else_by_the_middle_of_three(marks: list[int], settled: int | None) -> None:
    assert settled_mark(marks, marks_min=2, spread_max=15) == settled


@pytest.mark.parametrize(
    ("about", "wrong"),
    [
        ({}, []),
        ({"education": "senior"}, ["education"]),
        ({"born_on": date(1983, 11, 30)}, ["age"]),  # 36 on the last day
        ({"born_on": date(1983, 12, 1)}, []),  # still 35
        ({"born_on": None}, ["age"]),
        ({"lives_in": 6305020000}, ["residence"]),
        ({"position": "supervisor", "lives_in": 6305020000, "region": 6305000000}, []),
        ({"documents": frozenset({"identity"})}, ["documents"]),
    ],
)
def test_requirements_of_a_position(about: dict[str, Any], wrong: list[str]) -> None:
    facts: dict[str, Any] = {
        "position": "facilitator", "region": 6305030000, "education": "bachelor", "born_on": date(1990, 1, 1),
        "lives_in": 6305030000, "documents": frozenset({"identity", "diploma"}),
    } | about  # fmt: skip
    assert misfits(Applicant(**facts), RULES, on=CLOSES) == wrong


def test_weights_must_make_a_hundred() -> None:
    first = replace(RULES.stages[1], weight=31)
    with pytest.raises(Refused, match="101 persen"):
        RULES.with_stages((RULES.stages[0], first, *RULES.stages[2:]), interview_per_place=3)
    with pytest.raises(Refused, match="Batas lulus 101"):
        RULES.with_stages((StageRule("administration", 0, 100, 101), *RULES.stages[1:]), interview_per_place=3)


def test_rules_are_read_back_as_they_were_stored() -> None:
    again = RoundRules.of(RULES.stored())
    assert again == RULES
    assert again.digest == RULES.digest
    assert replace(RULES, offer_days=6).digest != RULES.digest


def test_rounds_before_2019_had_neither_psychological_test_nor_interview() -> None:
    assert [each.stage for each in rules_on(date(2017, 10, 9)).stages] == ["administration", "competence"]
