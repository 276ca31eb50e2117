"""A reference is read back as it was written, and nothing else is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.references import Reference, parse_reference, reference_of

stages = st.sampled_from(["2024-4", "2025-12", "2023-3-pos"])


@given(stages, st.integers(1, 10**18 - 1), st.integers(1, 9999))
def test_a_reference_is_parsed_as_it_was_written(stage, family_id, attempt):
    text = reference_of(stage, family_id, attempt)
    assert parse_reference(text) == Reference(stage, family_id, attempt)
    assert parse_reference(f"  {text}\n") == Reference(stage, family_id, attempt)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "-", "630500131383004", "ORD-ABC", "2024-4/1234567", "2024-4/1234567/", "2024-4/1234567/0",
        "2024-4/0/1", "2024-04/1/1", "1924-4/1/1", "2024-4/1/1/1", "2024-4/1234567/1x", "2024-4/١٢/1", "2024-4/1 2/1",
    ],
)  # fmt: skip
def test_what_is_no_reference_is_none(text):
    assert parse_reference(text) is None
