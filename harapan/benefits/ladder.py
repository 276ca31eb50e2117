"""The ladder: how many computed stages in a row a family has an upheld miss, and what the law does then.

A stage without one ends the row: full aid returns when the following period is clean (domain facts 2.2).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connections
from django.db.models import Q, QuerySet

from harapan.benefits.models import COUNTING, Deferral, Mode, Stage, Verdict
from harapan.database.scope import active_alias
from harapan.policy.stage_rules import Effect, StageRules

# Stages numbered in order; a family's stages with an upheld miss, less their place in the row, are equal in a row.
_IN_A_ROW = """
    SELECT row_.family_id, count(*)::int AS stages
    FROM (
        SELECT u.family_id, u.nth, u.nth - row_number() OVER (PARTITION BY u.family_id ORDER BY u.nth) AS island
        FROM (
            SELECT DISTINCT n.family_id, s.nth
            FROM (VALUES {stages}) AS s (stage_id, nth)
            JOIN benefits_sanctionnotice n ON n.stage_id = s.stage_id AND (n.verdict IN ({verdicts}){also})
            {only}
        ) u
    ) row_
    GROUP BY row_.family_id, row_.island HAVING max(row_.nth) = {latest}"""


COMMON = "all"  # the calendar of every channel


class Step(NamedTuple):
    """Where a family stands: stages in a row with an upheld miss, and what the law of this stage does at that."""

    stages: int
    effect: Effect


def stages_before(stage: Stage) -> list[list[Stage]]:
    """The computed stages before this one, latest first; those of bank and post stand side by side.

    A family is in one of both: one of the bank goes from 2024-6 to 2025-1 in one row, though the calendars became one.
    """
    earlier = Stage.objects.filter(mode=Mode.COMPUTED)
    earlier = earlier.filter(Q(year__lt=stage.year) | Q(year=stage.year, number__lt=stage.number))
    if stage.channel != COMMON:
        earlier = earlier.filter(channel__in=[COMMON, stage.channel])
    rows: list[list[Stage]] = []
    depths: dict[str, int] = {}  # how far back each calendar has been walked
    for each in earlier.order_by("-year", "-number", "channel"):
        common = each.channel == COMMON
        depth = len(rows) if common else max(depths.get(each.channel, 0), depths.get(COMMON, 0))
        if depth == len(rows):
            rows.append([])
        rows[depth].append(each)
        depths[each.channel] = depth + 1
    return rows


def in_a_row(stage: Stage, *, families: Iterable[int] | None = None, as_if_upheld: bool = False) -> str:
    """SQL: (family_id, stages) of every family with an upheld miss in this stage, or of these families.

    as_if_upheld: open notices of this stage stand too.
    """
    known = [*reversed(stages_before(stage)), [stage]]
    listed = ", ".join(f"({int(each.pk)}::bigint, {nth})" for nth, row in enumerate(known, start=1) for each in row)
    only = ""
    if families is not None:
        numbers = ", ".join(str(int(number)) for number in families)
        only = f"WHERE n.family_id = ANY (ARRAY[{numbers}]::bigint[])"
    verdicts = ", ".join(f"'{verdict.value}'" for verdict in COUNTING)
    also = f" OR n.verdict = '{Verdict.OPEN.value}' AND n.stage_id = {int(stage.pk)}" if as_if_upheld else ""
    return _IN_A_ROW.format(stages=listed, verdicts=verdicts, also=also, only=only, latest=len(known))


def effect_sql(rules: StageRules, stages: str = "r.stages") -> str:
    """SQL: the effect's word for a number of stages in a row."""
    cases = [
        f"WHEN {stages} >= {int(step.from_stage)} THEN '{step.effect.value}'"
        for step in reversed(rules.sanction.ladder)
    ]
    return f"CASE {' '.join(cases)} ELSE '{Effect.CUT.value}' END" if cases else f"'{Effect.CUT.value}'"


def ladder_step_of(
    stage: Stage, rules: StageRules, *, families: Iterable[int] | None = None, as_if_upheld: bool = False
) -> dict[int, Step]:
    """The step of each family with an upheld miss in this stage. One statement; for a nation use `in_a_row`."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(in_a_row(stage, families=families, as_if_upheld=as_if_upheld))
        return {family: Step(stages, rules.sanction.effect(stages)) for family, stages in cursor.fetchall()}


def deferred(stage: Stage) -> QuerySet[Deferral]:
    """Families whose money of this approved stage the ladder holds, not lifted yet: due, and without an order."""
    return Deferral.objects.filter(stage=stage, step=Effect.DEFER.value, lifted_on__isnull=True)


def ended(stage: Stage) -> QuerySet[Deferral]:
    """Families at the ladder's end: held likewise. Whether their membership ends is a person's decision."""
    return Deferral.objects.filter(stage=stage, step=Effect.END.value, lifted_on__isnull=True)
