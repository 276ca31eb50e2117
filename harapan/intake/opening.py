"""Figures from before Harapan, as a workbook stated them: kept with day and source, once each time they change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harapan.database.staging import staged
from harapan.intake.errand import Errand


class Figure(NamedTuple):
    line: int
    family_id: int
    kind: str
    value: str


_LATEST = """
    CREATE TEMPORARY TABLE judged_figure ON COMMIT DROP AS
    SELECT n.*, (SELECT o.value FROM intake_openingfigure o WHERE o.family_id = n.family_id AND o.kind = n.kind
                 ORDER BY o.as_of DESC LIMIT 1) AS latest
    FROM new_figure n"""
_ADD = """
    INSERT INTO intake_openingfigure (id, family_id, region_no, group_id, run_id, kind, value, as_of, source)
    SELECT nextval(pg_get_serial_sequence('intake_openingfigure', 'id')), n.family_id, f.region_no, f.group_id,
           %(run)s, n.kind, n.value, %(as_of)s, 'opening'
    FROM judged_figure n JOIN registry_family f ON f.id = n.family_id
    WHERE n.latest IS DISTINCT FROM n.value
    ON CONFLICT ON CONSTRAINT opening_figure_once_a_day
        DO UPDATE SET value = excluded.value, run_id = excluded.run_id"""


def keep(errand: Errand, figures: Sequence[Figure]) -> tuple[set[int], set[int]]:
    """Write what was not stated last; (lines of families never stated before, lines with another value)."""
    if not figures:
        return set(), set()
    columns = {"line": "int", "family_id": "bigint", "kind": "text", "value": "text"}
    with staged("new_figure", columns, figures) as cursor:
        cursor.execute(_LATEST)
        cursor.execute(_ADD, {"run": errand.run.pk, "as_of": errand.since})
        cursor.execute("SELECT line, latest IS NULL FROM judged_figure WHERE latest IS DISTINCT FROM value")
        judged = cursor.fetchall()
        cursor.execute("SELECT DISTINCT line FROM judged_figure WHERE latest IS NOT NULL")
        stated = {line for (line,) in cursor.fetchall()}
        cursor.execute("DROP TABLE judged_figure")
    return {line for line, new in judged if new and line not in stated}, {line for line, _ in judged if line in stated}
