"""The four amounts of many families at once: due, credited, withdrawn, said to be received; by group, with totals."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connections

from harapan.benefits.models import Stage
from harapan.database.scope import active_alias
from harapan.payments.enums import SUM_OF, Standing, Sum
from harapan.payments.models import Handover, Programme

CREDITED = [int(standing) for standing in Standing if SUM_OF[standing] is Sum.CREDITED]
# As `receipts.amounts_of` for one family (a test holds both equal); every table under the reader's own scope.
_SQL = """
    WITH claims AS (
        SELECT group_id, family_id, sum(nominal_idr) AS due,
            sum(amount_idr) FILTER (WHERE standing = ANY(%(credited)s)) AS credited,
            sum(amount_idr) FILTER (WHERE standing = %(withdrawn)s) AS withdrawn
        FROM payments_claim WHERE stage_id = %(stage)s AND {narrowed} GROUP BY 1, 2
    ), handed AS (
        SELECT family_id, sum(amount_idr) AS idr FROM payments_handover
        WHERE stage_id = %(stage)s AND programme = %(pkh)s AND outcome = %(received)s AND {narrowed} GROUP BY 1
    ), told AS (
        SELECT DISTINCT ON (family_id) family_id, amount_idr AS idr FROM payments_saidreceipt
        WHERE stage_id = %(stage)s AND {narrowed} ORDER BY family_id, id DESC
    ), each_family AS (
        SELECT c.group_id, c.due, coalesce(c.credited, 0) AS credited,
            greatest(coalesce(c.withdrawn, 0), coalesce(h.idr, 0)) AS withdrawn, t.idr AS said
        FROM claims c LEFT JOIN handed h USING (family_id) LEFT JOIN told t USING (family_id)
    )
    SELECT group_id, count(*), sum(due)::bigint, sum(credited)::bigint, sum(withdrawn)::bigint,
        coalesce(sum(said), 0)::bigint, count(said),
        count(*) FILTER (WHERE said NOT IN (withdrawn, greatest(withdrawn, credited))),
        coalesce(sum(withdrawn) FILTER (WHERE said IS NOT NULL), 0)::bigint
    FROM each_family GROUP BY 1"""


@dataclass(slots=True)
class Sums:
    """Whole rupiah of so many families. said_idr is of `asked` families only; `of_asked_idr` is what these withdrew."""

    families: int = 0
    due_idr: int = 0
    credited_idr: int = 0
    withdrawn_idr: int = 0
    said_idr: int = 0
    asked: int = 0
    differing: int = 0
    of_asked_idr: int = 0


def sums_by_group(stage: Stage, groups: Collection[int]) -> dict[int, Sums]:
    """PKH of each of these groups; one that is due nothing has zeros. One query."""
    return {group: Sums() for group in groups} | _asked(stage, "group_id = ANY(%(groups)s)", groups=list(groups))


def sums_of_place(stage: Stage, ranges: Iterable[tuple[int, int]]) -> Sums:
    """All of these ranges of regions together, within the reader's scope. One query."""
    bounds = list(ranges)
    narrowed = " OR ".join(f"region_no >= {int(low)} AND region_no < {int(high)}" for low, high in bounds) or "true"
    return total(_asked(stage, f"({narrowed})").values())


def total(rows: Iterable[Sums]) -> Sums:
    found = Sums()
    for row in rows:
        for name in Sums.__slots__:
            setattr(found, name, getattr(found, name) + getattr(row, name))
    return found


def _asked(stage: Stage, narrowed: str, **values: Any) -> dict[int, Sums]:
    told: dict[str, Any] = {
        "stage": stage.pk, "credited": CREDITED, "withdrawn": int(Standing.WITHDRAWN), "pkh": str(Programme.PKH),
        "received": int(Handover.Outcome.RECEIVED),
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_SQL.format(narrowed=narrowed), told | values)
        return {row[0]: Sums(*row[1:]) for row in cursor.fetchall()}
