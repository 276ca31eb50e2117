from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.asked import whole, wholes


@pytest.mark.parametrize("text", ["", " 1", "-1", "+1", "1.0", "1e3", "²", "٣", "abc", "9" * 19, "1" * 5000])
def test_what_is_no_key_is_none(text: str) -> None:
    assert whole(text) is None


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_every_key_is_read(number: int) -> None:
    assert whole(str(number)) == number


@given(st.text())
def test_any_text_has_an_answer(text: str) -> None:
    found = whole(text)
    assert found is None or str(found) == text.lstrip("0") or found == 0


def test_of_many_those_that_are_none_are_left_out() -> None:
    assert wholes(["3", "x", "", "1", "3"]) == [3, 1, 3]
