"""How many families a facility's month or an exemption concerns in a stage, and how many of them wait for a susulan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from django.db import connections

from harapan.benefits import inputs
from harapan.benefits.models import Stage
from harapan.database.scope import active_alias
from harapan.verification.models import Observation

# Whom the facility serves in the months that the stage pays.
_SERVED = """
    SELECT c.facility_id AS key, c.family_id FROM registry_componentspell c
    WHERE c.facility_id = ANY (%(keys)s::bigint[]) AND c.spell && daterange(%(first)s, %(after)s)"""

# Only who has missed something can be spared by an exemption.
_SPARED = f"""
    SELECT x.id AS key, o.family_id FROM verification_exemption x
    JOIN verification_observation o ON o.region_no >= x.region_id AND o.region_no < x.region_high
        AND o.month BETWEEN x.month_from AND x.month_to
    WHERE x.id = ANY (%(keys)s::bigint[]) AND o.month = ANY (%(months)s::int[])
      AND o.outcome <> {Observation.Outcome.UNKNOWN:d}
      AND (x.component IS NULL OR EXISTS (
          SELECT 1 FROM registry_componentspell c WHERE c.member_id = o.member_id AND c.component = x.component
            AND c.spell && daterange(to_date(o.month::text, 'YYYYMM'),
                                     (to_date(o.month::text, 'YYYYMM') + interval '1 month')::date)))"""  # noqa: S608  (our own words)
_COUNTED = """
    WITH reached AS MATERIALIZED (SELECT DISTINCT key, family_id FROM ({reached}) r)
    SELECT r.key, count(*), count(n.family_id) FROM reached r
    LEFT JOIN (SELECT DISTINCT family_id FROM ({waiting}) w) n USING (family_id) GROUP BY r.key"""


class Reach(NamedTuple):
    families: int
    waiting: int  # of them, those whom the next supplementary freeze would take up


def of_facilities(stage: Stage, facilities: Collection[int], *, wave: int | None) -> dict[int, Reach]:
    """By facility; one query. `wave`: the next supplementary wave, None where the stage takes none any more."""
    return _counted(stage, _SERVED, facilities, (), wave=wave)


def of_exemptions(
    stage: Stage, exemptions: Collection[int], months: Sequence[int], *, wave: int | None
) -> dict[int, Reach]:
    """By exemption, for misses in these months (yyyymm); one query."""
    return _counted(stage, _SPARED, exemptions, months, wave=wave)


def _counted(
    stage: Stage, reached: str, keys: Collection[int], months: Sequence[int], *, wave: int | None
) -> dict[int, Reach]:
    if not keys:
        return {}
    first, after = inputs.paid_days(stage)
    waiting = "SELECT NULL::bigint AS family_id WHERE false"
    if wave is not None:
        waiting = inputs.members_among(stage, wave=wave, families="SELECT family_id FROM reached")
    with connections[active_alias()].cursor() as cursor:
        values: dict[str, Any] = {"keys": sorted(keys), "months": list(months), "first": first, "after": after}
        cursor.execute(_COUNTED.format(reached=reached, waiting=waiting), values)
        return {key: Reach(families, waits) for key, families, waits in cursor.fetchall()}
