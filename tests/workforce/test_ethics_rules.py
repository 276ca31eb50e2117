"""Who stands aside, how long a sanction counts, what is too few to show."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.workforce.ethics.reporting import draw_number, draw_word, word_index
from harapan.workforce.ethics.rules import Lead, Recusal, deserving, hidden, months_later, recused

ACCUSED, DISTRICT, REGENCY, PROVINCE, PEER = 1, 2, 3, 4, 5
LEADS = [Lead(DISTRICT, 1), Lead(REGENCY, 2), Lead(PROVINCE, 3), Lead(PEER, 0)]


@pytest.mark.parametrize(
    ("rule", "breadth", "aside"),
    [
        (Recusal.SELF, 0, {ACCUSED}),
        (Recusal.DIRECT, 0, {ACCUSED, DISTRICT}),
        (Recusal.CHAIN, 0, {ACCUSED, DISTRICT, REGENCY, PROVINCE}),
        (Recusal.DIRECT, 2, {ACCUSED, PROVINCE}),
        (Recusal.CHAIN, 3, {ACCUSED}),
    ],
)
def test_who_stands_aside(rule: Recusal, breadth: int, aside: set[int]) -> None:
    assert recused(ACCUSED, LEADS, own_breadth=breadth, rule=rule) == aside


def test_an_unknown_accused_has_leads_all_the_same() -> None:
    assert recused(None, LEADS, own_breadth=0, rule=Recusal.DIRECT) == {DISTRICT}


@given(
    leads=st.lists(st.builds(Lead, st.integers(1, 9), st.integers(0, 4))),
    accused=st.integers(1, 9),
    own=st.integers(0, 4),
)
def test_the_stricter_rule_keeps_more_people_away(leads: list[Lead], accused: int, own: int) -> None:
    asides = [recused(accused, leads, own_breadth=own, rule=rule) for rule in Recusal]
    assert asides[0] <= asides[1] <= asides[2]
    assert all(accused in aside for aside in asides)


@pytest.mark.parametrize(
    ("day", "months", "until"),
    [
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2025, 1, 15), 12, date(2026, 1, 15)),
        (date(2023, 12, 31), 2, date(2024, 2, 29)),
    ],
)
def test_until_when_a_sanction_counts(day: date, months: int, until: date) -> None:
    assert months_later(day, months) == until


def test_what_deserves_a_report() -> None:
    assert deserving(["card", "gift"], [2, 2], {"card": 2, "gift": 1}) == ["card"]
    assert deserving([], [], {"card": 2}) == []


@pytest.mark.parametrize(
    ("part", "whole", "is_hidden"),
    [(0, 2, True), (0, 3, False), (1, 9, True), (8, 9, True), (3, 9, False), (9, 9, False)],
)
def test_figures_that_point_at_a_few_people_are_hidden(part: int, whole: int, is_hidden: bool) -> None:
    assert hidden(part, whole, 3) is is_hidden


def test_numbers_and_words_are_easy_to_copy() -> None:
    number, word = draw_number(), draw_word()
    assert len(number) == 12
    assert number.startswith("LE-")
    assert word_index(number, word) == word_index(number, f"  {word.upper().replace('-', ' ')}")
    assert word_index(number, word) != word_index(draw_number(), word)
