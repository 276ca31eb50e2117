from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.errors import Refused
from harapan.engine.digest import Digest, digest_of, output_sha256

SCHEMA = pa.schema([("key", pa.int64()), ("yes", pa.bool_()), ("small", pa.int8())])
ROWS = [{"key": number * 3, "yes": number % 3 == 0, "small": number % 100 - 50} for number in range(40)]


def digest(rows: list[dict[str, object]], cuts: list[int] | None = None) -> str:
    found = Digest(SCHEMA, ("key",))
    bounds = [0, *sorted(cuts or []), len(rows)]
    for start, end in pairwise(bounds):
        # sliced from one table, so that offsets inside shared buffers are met as well
        found.update(pa.Table.from_pylist(rows, schema=SCHEMA).slice(start, end - start))
    return found.hexdigest()


@given(st.lists(st.integers(0, 40), max_size=6))
def test_where_chunks_end_leaves_no_trace(cuts: list[int]) -> None:
    assert digest(ROWS, cuts) == digest(ROWS)


@pytest.mark.parametrize("change", [{"yes": False}, {"small": 1}, {"key": 1}])
def test_any_other_value_is_another_hash(change: dict[str, object]) -> None:
    assert digest([ROWS[0] | change, *ROWS[1:]]) != digest(ROWS)


def test_a_missing_row_is_another_hash() -> None:
    assert digest(ROWS[:-1]) != digest(ROWS)


@pytest.mark.parametrize("rows", [ROWS[::-1], [ROWS[0], ROWS[0]]])
def test_disorder_and_double_keys_are_refused(rows: list[dict[str, object]]) -> None:
    with pytest.raises(Refused, match="tidak urut atau memuat kunci ganda"):
        digest(rows)
    with pytest.raises(Refused, match="tidak urut atau memuat kunci ganda"):
        digest(rows, [1])


def test_empty_values_are_refused() -> None:
    with pytest.raises(Refused, match="memuat nilai kosong"):
        digest([ROWS[0] | {"small": None}])


def test_the_hash_of_nothing_never_changes() -> None:
    """A stored run is compared with this for years: a change here needs another engine version."""
    assert (
        output_sha256(digest_of("entitlements"), digest_of("lines"))
        == "acc75a7738ebf34412993addaaf087ce20b68243ba3eeeb743e9bf4e34c5e7f2"
    )
