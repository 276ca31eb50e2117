"""Where a verdict after the freeze says otherwise than the run counted: what the cut should have been, to the rupiah.

The run's own lines and law are computed again by the engine's reference; nothing of today's registry takes part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connections
from django.db.models import Sum

from harapan.benefits import hearing, ladder
from harapan.benefits.models import Adjustment, Entitlement, Line, Run, Stage
from harapan.database.scope import active_alias
from harapan.engine import reference
from harapan.engine.reasons import EXCUSED_SHIFT, MISSED_SHIFT
from harapan.policy.stage_rules import Effect, StageRules
from harapan.registry.models import Family

FAMILIES_AT_ONCE = 5000

# A miss that stands now and that the run spared, or one that the run counted and that stands no longer. What was
# repaired before the freeze is neither; a month nobody confirmed stays out. Whoever was adjusted is looked at again.
_CANDIDATES = """
    SELECT DISTINCT k.family_id
    FROM (
        SELECT n.family_id, unnest(n.members) AS member_id, n.month,
               array_position(%(months)s::int[], n.month) - 1 AS place
        FROM benefits_sanctionnotice n
        WHERE n.stage_id = %(stage)s AND (%(families)s::bigint[] IS NULL OR n.family_id = ANY (%(families)s::bigint[]))
    ) k
    JOIN benefits_line l ON l.run_id = %(run)s AND l.family_id = k.family_id AND l.member_id = k.member_id
    LEFT JOIN ({standing}) s ON s.family_id = k.family_id AND s.member_id = k.member_id AND s.month = k.month
    WHERE k.place IS NOT NULL
      AND (l.reason >> (CASE WHEN s.member_id IS NULL THEN {missed} ELSE {excused} END + k.place)) & 1 = 1
    UNION
    SELECT a.family_id FROM benefits_adjustment a JOIN benefits_entitlement e
        ON e.run_id = %(run)s AND e.family_id = a.family_id
    WHERE a.of_run_id = %(run)s
      AND (%(families)s::bigint[] IS NULL OR a.family_id = ANY (%(families)s::bigint[]))
    ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Owing:
    """A family of a run: above nought it was cut too little, below too much, adjustments already made included."""

    family_id: int
    region_no: int
    group_no: int
    idr: int


def owing(run: Run, *, families: list[int] | None = None) -> Iterator[list[Owing]]:
    """Lists of families whose cut should be another. A constant number of statements per 5,000 families looked at."""
    rules = run.stage_rules
    if not rules.sanction.hearing_required or not rules.observes_months:
        return
    candidates = _candidates(run, rules, families)
    for start in range(0, len(candidates), FAMILIES_AT_ONCE):
        found = [each for each in _owing(run, rules, candidates[start : start + FAMILIES_AT_ONCE]) if each.idr]
        if found:
            yield found


def sentence(stage: Stage, *, more: bool) -> str:
    """Why, for the family."""
    if more:
        return (
            f"Ketidakhadiran yang mengurangi bantuan {stage.label} baru diputuskan setelah bantuannya dihitung; "
            "kelebihannya diperhitungkan sekarang."
        )
    return f"Potongan {stage.label} karena ketidakhadiran dibatalkan; yang dipotong dibayarkan sekarang."


def _candidates(run: Run, rules: StageRules, families: list[int] | None) -> list[int]:
    sql = _CANDIDATES.format(standing=hearing.standing(run.stage), missed=MISSED_SHIFT, excused=EXCUSED_SHIFT)
    months = [int(month.replace("-", "")) for month in rules.observes_months]
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, {"run": run.pk, "stage": run.stage_id, "months": months, "families": families})
        return [family for (family,) in cursor.fetchall()]


def _owing(run: Run, rules: StageRules, families: list[int]) -> Iterator[Owing]:
    upheld = _upheld(run.stage, families)
    steps = ladder.ladder_step_of(run.stage, rules, families=families)
    adjusted = _adjusted(run, families)
    lines: dict[int, list[Line]] = {}
    for line in Line.objects.filter(run_id=run.pk, family_id__in=families).order_by("family_id", "member_id"):
        lines.setdefault(line.family_id, []).append(line)
    places = dict(_places(families))
    for found in Entitlement.objects.filter(run_id=run.pk, family_id__in=families):
        step = steps.get(found.family_id)
        missed = upheld.get(found.family_id, set()) if step and step.effect is not Effect.WARN else set()
        should = reference.cut_if_missed(
            found.gross_idr - found.back_pay_idr,
            [(line.member_id, line.component, line.reason) for line in lines.get(found.family_id, [])],
            missed,
            rules,
        )
        was = found.cut_idr - found.recovered_idr + adjusted.get(found.family_id, 0)
        yield Owing(found.family_id, *places[found.family_id], should - was)


def _upheld(stage: Stage, families: list[int]) -> dict[int, set[tuple[int, int]]]:
    """family -> (member, yyyymm) whose miss stands."""
    found: dict[int, set[tuple[int, int]]] = {}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(hearing.standing(stage), {"families": families})
        for family, member, month in cursor.fetchall():
            found.setdefault(family, set()).add((member, month))
    return found


def _adjusted(run: Run, families: list[int]) -> dict[int, int]:
    """family -> what verdicts have added to its cut in this run since (below nought: taken off)."""
    rows = Adjustment.objects.filter(of_run=run, family__in=families, carried_from__isnull=True)
    found: dict[int, int] = {}
    for family, kind, idr in rows.values_list("family", "kind").annotate(total=Sum("idr")):
        found[family] = found.get(family, 0) + (idr if kind == Adjustment.Kind.RECOVERY else -idr)
    return found


def _places(families: list[int]) -> Iterator[tuple[int, tuple[int, int]]]:
    for number, region, group in Family.objects.filter(pk__in=families).values_list("pk", "region", "group"):
        yield number, (region, group)
