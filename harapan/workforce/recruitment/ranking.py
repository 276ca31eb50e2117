"""Everybody of a round ranked within their formation, at once: one statement on DuckDB, integers throughout.

`reference.py` says the same one applicant after the other; chance compares the two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import duckdb
import pyarrow as pa

from harapan.workforce.recruitment.rules import HUNDREDTHS, PARTS, STAGES, RoundRules

INPUT = pa.schema(
    [
        pa.field("participant_no", pa.int64()),
        pa.field("formation", pa.int64()),
        pa.field("quota", pa.int32()),
        *(pa.field(stage, pa.int32()) for stage in STAGES),  # hundredths of a point; null: none
        pa.field("lives_here", pa.bool_()),
        pa.field("born_on", pa.date32()),
    ]
)
RESULT = ("formation", "place", "participant_no", "total", "outcome", "failed", "tied_by")
SELECTED, RESERVE, BEYOND, FAILED = 1, 2, 3, 4  # as models.RankedApplication.Outcome

_TIES = {stage: (f"coalesce({stage}, -1)", "DESC") for stage in STAGES} | {
    "lives_here": ("CASE WHEN lives_here THEN 1 ELSE 0 END", "DESC"),
    "older": ("coalesce(born_on, DATE '9999-12-31')", "ASC"),
    "lot": ("lot", "ASC"),
}


def rank(applicants: pa.Table, rules: RoundRules, *, seed: str) -> pa.Table:
    """The columns of RESULT in order of formation and place.

    applicants: a table of INPUT, each participant once. seed: of the lot that decides what nothing else does.
    """
    with duckdb.connect() as connection:
        connection.register("applicants", applicants)
        return connection.sql(_statement(rules), params={"seed": seed}).to_arrow_table()


def _statement(rules: RoundRules) -> str:
    """`rules` holds codes that its reader has checked: nothing of it comes from a request."""
    ties = [_TIES[tie] for tie in rules.ties]
    order = ", ".join(f"{expression} {way}" for expression, way in ties)
    order = f"failed <> '', total DESC, {order}, participant_no"
    reserve = f"quota + (quota * {rules.reserve_percent} + 99) // 100"
    tied = " ".join(
        f"WHEN {expression} IS DISTINCT FROM lag({expression}) OVER w THEN '{tie}'"
        for tie, (expression, _way) in zip(rules.ties, ties, strict=True)
    )
    return f"""
        WITH scored AS (
            SELECT *, {_failed(rules)} AS failed, {_total(rules)} AS total,
                   sha256($seed || ':' || participant_no) AS lot
            FROM applicants),
        placed AS (
            SELECT *, row_number() OVER w AS place,
                   CASE WHEN failed = '' AND lag(failed) OVER w = '' AND lag(total) OVER w = total THEN
                        CASE {tied} ELSE 'number' END ELSE '' END AS tied_by
            FROM scored WINDOW w AS (PARTITION BY formation ORDER BY {order}))
        SELECT formation, place, participant_no, total::BIGINT AS total,
               CASE WHEN failed <> '' THEN {FAILED} WHEN place <= quota THEN {SELECTED}
                    WHEN place <= {reserve} THEN {RESERVE} ELSE {BEYOND} END AS outcome,
               failed, tied_by
        FROM placed ORDER BY formation, place"""  # noqa: S608


def _failed(rules: RoundRules) -> str:
    """The first stage whose pass mark was not reached; a stage without a score was not."""
    missed = " ".join(
        f"WHEN {each.stage} IS NULL OR {each.stage} < {each.pass_mark * HUNDREDTHS} THEN '{each.stage}'"
        for each in rules.stages
    )
    return f"CASE {missed} ELSE '' END"


def _total(rules: RoundRules) -> str:
    """Weighted, in ten-thousandths of a point of 100; each stage's part is rounded down by itself."""
    parts = (
        f"coalesce({each.stage}, 0)::BIGINT * {each.weight * PARTS} // {each.most * HUNDREDTHS}"
        for each in rules.stages
        if each.weight
    )
    return " + ".join(parts)


def digest_of(rows: Iterable[tuple[object, ...]]) -> str:
    """The fingerprint of a result: its rows in order, as tuples of RESULT."""
    made = hashlib.sha256()
    for row in rows:
        made.update("|".join(map(str, row)).encode() + b"\n")
    return made.hexdigest()


def rows_of(result: pa.Table) -> list[tuple[object, ...]]:
    """The rows of a result as tuples of RESULT."""
    return list(zip(*(result[name].to_pylist() for name in RESULT), strict=True))
