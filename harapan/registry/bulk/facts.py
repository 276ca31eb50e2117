"""What other systems say of families: added beside what they said before, never instead of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from harapan.database.staging import staged


@dataclass(slots=True)
class NewFact:
    """One statement about a family, or about one member of it, on a date."""

    line: int
    family_id: int
    kind: str
    value: str
    as_of: date
    member_id: int | None = None


COLUMNS = {
    "line": "int", "family_id": "bigint", "member_id": "bigint", "kind": "text", "value": "text", "as_of": "date",
}  # fmt: skip
_ADD = """
    INSERT INTO registry_outsidefact (family_id, region_no, group_id, member_id, kind, value, as_of, source,
                                      received_at)
    SELECT DISTINCT ON (n.family_id, n.member_id, n.kind, n.as_of)
           n.family_id, f.region_no, f.group_id, n.member_id, n.kind, n.value, n.as_of, %s, now()
    FROM new_fact n JOIN registry_family f ON f.id = n.family_id
    WHERE NOT EXISTS (
        SELECT FROM registry_outsidefact o
        WHERE o.family_id = n.family_id AND o.kind = n.kind AND o.as_of = n.as_of AND o.value = n.value
          AND o.member_id IS NOT DISTINCT FROM n.member_id)
    ORDER BY n.family_id, n.member_id, n.kind, n.as_of, n.line DESC"""
_KNOWN = """
    SELECT n.line FROM new_fact n WHERE EXISTS (
        SELECT FROM registry_outsidefact o
        WHERE o.family_id = n.family_id AND o.kind = n.kind AND o.as_of = n.as_of AND o.value = n.value
          AND o.member_id IS NOT DISTINCT FROM n.member_id)"""


def add_facts(facts: Sequence[NewFact], *, source: str) -> set[int]:
    """Write what was not said before; the lines that were already known. Two statements."""
    if not facts:
        return set()
    rows = ((f.line, f.family_id, f.member_id, f.kind, f.value, f.as_of) for f in facts)
    with staged("new_fact", COLUMNS, rows) as cursor:
        cursor.execute(_KNOWN)
        known = {line for (line,) in cursor.fetchall()}
        cursor.execute(_ADD, [source])
    return known
