"""Where two tables differ is found whatever the difference is: against the same question asked row by row."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.engine.comparing import MISSING, SURPLUS, altered_files, differing
from harapan.engine.snapshot import file_sha256
from harapan.engine.tables import KEYS, LINES

Rows = dict[tuple[int, int], tuple[int, bool]]
ROWS = st.dictionaries(
    st.tuples(st.integers(1, 4), st.integers(1, 3)), st.tuples(st.integers(0, 2), st.booleans()), max_size=9
)


def _reader(rows: Rows) -> pa.RecordBatchReader:
    listed = [
        {"family_id": family, "member_id": member, "component": 3, "annual_idr": 0, "stage_idr": idr,
         "counted": counted, "reason": 0}
        for (family, member), (idr, counted) in sorted(rows.items())
    ]  # fmt: skip
    return pa.RecordBatchReader.from_batches(LINES, pa.Table.from_pylist(listed, LINES).to_batches(max_chunksize=2))


def _by_hand(expected: Rows, found: Rows) -> tuple[int, list[tuple[tuple[int, int], str]]]:
    told: list[tuple[tuple[int, int], str]] = []
    for key in sorted(expected.keys() | found.keys()):
        if key not in found:
            told.append((key, MISSING))
        elif key not in expected:
            told.append((key, SURPLUS))
        else:
            pairs = zip(("stage_idr", "counted"), expected[key], found[key], strict=True)
            told += [(key, column) for column, one, other in pairs if one != other]
    return len({key for key, _ in told}), told


@settings(deadline=None, max_examples=40)
@given(expected=ROWS, found=ROWS, shown=st.integers(1, 5))
def test_as_by_hand(expected: Rows, found: Rows, shown: int) -> None:
    with TemporaryDirectory() as scratch:
        count, first = differing(
            "lines", KEYS["lines"], _reader(expected), _reader(found), scratch=Path(scratch), shown=shown
        )
    rows, told = _by_hand(expected, found)
    assert count == rows
    assert [((each.key["family_id"], each.key["member_id"]), each.column) for each in first] == told[:shown]


def test_files_that_are_not_those_listed(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / f"{name}.parquet").write_bytes(name.encode())
    files = {f"{name}.parquet": {"sha256": file_sha256(tmp_path / f"{name}.parquet")} for name in ("a", "b", "c")}
    assert altered_files(tmp_path, files) == ["d.parquet"]
    (tmp_path / "a.parquet").write_bytes(b"A")
    (tmp_path / "b.parquet").unlink()
    assert altered_files(tmp_path, files) == ["a.parquet", "b.parquet", "d.parquet"]
