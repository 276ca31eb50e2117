"""A reason about money or somebody's standing says something."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.policy.reasons import demand_reason

TODAY = date(2025, 7, 15)
WAY_OUT = Phrase("Tulis alasan penahanan; auditor akan membacanya.")


@pytest.mark.parametrize("why", ["sakit", "meninggal", "  SK 12/2025 terlambat  "])
def test_a_few_words_are_enough(why: str) -> None:
    demand_reason(why, WAY_OUT, on=TODAY)


@pytest.mark.parametrize(
    ("why", "letters"), [("x", 1), ("uji", 3), ("-- ........ --", 0), ("12/05/2025 080", 0), ("s. a. h.", 3)]
)
def test_what_says_nothing_is_refused_with_the_value_and_the_rule(why: str, letters: int) -> None:
    with pytest.raises(Refused) as refusal:
        demand_reason(why, WAY_OUT, on=TODAY)
    said = f"Alasan “{why.strip()}” hanya {letters} huruf; paling sedikit 5. {WAY_OUT}"
    assert str(refusal.value) == said


def test_an_empty_reason_is_asked_for_in_the_words_of_the_deed() -> None:
    with pytest.raises(Refused) as refusal:
        demand_reason("  ", WAY_OUT, on=TODAY)
    assert str(refusal.value) == WAY_OUT
