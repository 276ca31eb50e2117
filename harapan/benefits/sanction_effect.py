"""What the ladder costs, before it costs: over a run for a whole stage, and for one family from its open notices."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pyarrow as pa
from django.db import connections

from harapan.benefits import inputs, ladder
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Run, Stage
from harapan.database.scope import active_alias
from harapan.engine import reference
from harapan.engine.reasons import CUT_SHIFT, MONTHS_MAX
from harapan.engine.reference import Family, Member
from harapan.engine.tables import Outcome
from harapan.policy.stage_rules import Effect

_EFFECT = """
    SELECT e.region_no / 1000000 * 1000000 AS regency_no,
           CASE WHEN r.family_id IS NULL THEN '{cut}' ELSE {effect} END AS effect, count(*),
           coalesce(sum(bit_count((e.reasons >> {shift} & {mask})::int::bit({wide}))), 0)::bigint,
           coalesce(sum(e.cut_idr - e.recovered_idr), 0)::bigint,
           coalesce(sum(e.net_idr)
                    FILTER (WHERE {effect} IN ('{defer}', '{end}') AND r.family_id IS NOT NULL), 0)::bigint
    FROM benefits_entitlement e LEFT JOIN ({in_a_row}) r ON r.family_id = e.family_id
    WHERE e.run_id = %(run)s AND (e.cut_idr > e.recovered_idr OR r.family_id IS NOT NULL)
    GROUP BY 1, 2 ORDER BY 1, 2"""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """A step of the ladder in one regency: families, months that cut, and what is cut and held."""

    regency_no: int
    effect: Effect
    families: int
    months: int
    cut_idr: int
    held_idr: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a family gets of a stage, and what it would get were all its open notices upheld."""

    net_idr: int
    net_if_upheld_idr: int
    effect: Effect

    @property
    def cost_idr(self) -> int:
        return self.net_idr - self.net_if_upheld_idr


def effect_of(run: Run) -> list[EffectRow]:
    """Exactly what the ladder does to the families of a run, by regency and step. One query."""
    rules = run.stage_rules
    sql = _EFFECT.format(
        effect=ladder.effect_sql(rules), in_a_row=ladder.in_a_row(run.stage), shift=CUT_SHIFT,
        mask=(1 << MONTHS_MAX) - 1, wide=MONTHS_MAX, cut=Effect.CUT.value, defer=Effect.DEFER.value,
        end=Effect.END.value,
    )  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, {"run": run.pk})
        return [EffectRow(row[0], Effect(row[1]), *map(int, row[2:])) for row in cursor.fetchall()]


def costs_of(stage: Stage, families: Iterable[int]) -> dict[int, Cost]:
    """For families in scope, by today's records and the stage's law. A constant number of statements."""
    wanted = list(families)
    rules = rules_of(stage)
    if not wanted:
        return {}
    spared = families_of(inputs.read_for(stage, rules, wanted))
    upheld = families_of(inputs.read_for(stage, rules, wanted, as_if_upheld=True))
    steps = ladder.ladder_step_of(stage, rules, families=wanted, as_if_upheld=True)
    return {
        number: Cost(
            reference.compute(family, rules).net_idr,
            reference.compute(upheld[number], rules).net_idr,
            steps[number].effect if number in steps else rules.sanction.effect(1),
        )
        for number, family in spared.items()
    }


def families_of(tables: dict[str, pa.Table]) -> dict[int, Family]:
    """Input tables as families of the reference."""
    confirmed = frozenset((row["facility_id"], row["month"]) for row in tables["facility_months"].to_pylist())
    found = {row["family_id"]: Family(**row, confirmed=confirmed) for row in tables["families"].to_pylist()}
    members: dict[int, list[Member]] = {}
    for row in tables["members"].to_pylist():
        members.setdefault(row.pop("family_id"), []).append(Member(**row))
    seen: dict[int, dict[tuple[int, int], list[Outcome]]] = {}
    for row in tables["observations"].to_pylist():
        of_family = seen.setdefault(row["family_id"], {})
        of_family.setdefault((row["member_id"], row["month"]), []).append(Outcome(row["outcome"]))
    owed = {row.pop("family_id"): row for row in tables["adjustments"].to_pylist()}
    return {
        number: replace(
            family,
            members=tuple(members.get(number, ())),
            exceptions=seen.get(number, {}),
            **owed.get(number, {}),
        )
        for number, family in found.items()
    }
