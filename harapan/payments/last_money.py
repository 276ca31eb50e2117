"""Families due again whose money of the stage before never reached them: held, or failed and come back."""

from __future__ import annotations

from typing import Any

from django.db import connections

from harapan.benefits.models import Run
from harapan.benefits.run_base import base_of
from harapan.database.scope import active_alias
from harapan.payments.enums import Standing

_MISSED = (Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED, Standing.TREASURY)
_NOT_ARRIVED = """
    WITH missed AS (
        SELECT s.family_id FROM payments_settlementline s
        WHERE s.stage_id = ANY(%(base)s) AND s.outcome = ANY(%(missed)s)
          AND NOT EXISTS (SELECT 1 FROM payments_settlementline l WHERE l.stage_id = s.stage_id
                          AND l.family_id = s.family_id AND l.wave = s.wave AND l.id > s.id)
    ), held AS (
        SELECT h.family_id FROM payments_hold h WHERE h.stage_id = ANY(%(base)s) AND h.lifted_on IS NULL
          AND NOT EXISTS (SELECT 1 FROM payments_settlementline l WHERE l.stage_id = h.stage_id
                          AND l.family_id = h.family_id)
    )
    SELECT o.why, count(*), sum(e.net_idr)::bigint
    FROM (SELECT family_id, min(why) AS why
          FROM (SELECT family_id, 'failed' AS why FROM missed UNION ALL SELECT family_id, 'held' FROM held) both_
          GROUP BY family_id) o
    JOIN benefits_entitlement e ON e.run_id = %(run)s AND e.family_id = o.family_id AND e.net_idr > 0
    GROUP BY 1 ORDER BY 2 DESC, 1"""


def not_arrived_before(run: Run) -> list[dict[str, Any]]:
    """Families and the rupiah due to them now, for what became of the money before. One statement."""
    base = base_of(run)
    if base is None:
        return []
    values: dict[str, Any] = {
        "base": [stage.pk for stage in base.stages],
        "run": run.pk,
        "missed": [int(standing) for standing in _MISSED],
    }
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_NOT_ARRIVED, values)
        return [{"why": why, "families": families, "idr": idr} for why, families, idr in cursor.fetchall()]
