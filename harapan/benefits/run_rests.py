"""What the money of a run rests on: months nobody has proven, absences excused, cuts, and values of the law that are
not certain.

Only proven months are in a snapshot. Whether an unproven one was at least declared is read from verification as it is
when the check is made: the figures say so, and never change afterwards.
"""

from __future__ import annotations

from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.benefits import why_not
from harapan.benefits.inputs import paid_days
from harapan.benefits.models import Run
from harapan.core.components import CODES, Component
from harapan.database.scope import active_alias, atomic
from harapan.engine.reasons import CUT_SHIFT, EXCUSED_SHIFT, MISSED_SHIFT, UNKNOWN_SHIFT, FamilyReason
from harapan.policy.stage_rules import StageRules

MONTHS = 0b111111  # a block of months in a bit set

_UNPROVEN = f"""
    WITH unknown AS (
        SELECT family_id, member_id, stage_idr, reason >> {UNKNOWN_SHIFT} & {MONTHS} AS months FROM benefits_line
        WHERE run_id = %(run)s AND counted AND reason >> {UNKNOWN_SHIFT} & {MONTHS} <> 0
    ), declared AS (
        SELECT facility_id, bit_or(1 << (array_position(%(months)s::int[], month) - 1)) AS months
        FROM verification_facilitymonth WHERE month = ANY(%(months)s) AND evidence = 'none' GROUP BY 1
    ), said AS (
        SELECT c.member_id, bit_or(d.months) AS months
        FROM registry_componentspell c JOIN declared d ON d.facility_id = c.facility_id
        WHERE c.spell && daterange(%(first)s, %(after)s) GROUP BY 1
    ), judged AS (
        SELECT u.family_id, count(*) AS members, sum(u.stage_idr) AS idr,
               count(*) FILTER (WHERE u.months & ~coalesce(s.months, 0) = 0) AS declared,
               coalesce(sum(u.stage_idr) FILTER (WHERE u.months & ~coalesce(s.months, 0) = 0), 0) AS declared_idr
        FROM unknown u LEFT JOIN said s ON s.member_id = u.member_id GROUP BY 1
    )
    SELECT count(*) FILTER (WHERE declared = members), coalesce(sum(declared), 0)::bigint,
           coalesce(sum(declared_idr), 0)::bigint,
           count(*) FILTER (WHERE declared < members), coalesce(sum(members - declared), 0)::bigint,
           coalesce(sum(idr - declared_idr), 0)::bigint
    FROM judged"""  # noqa: S608  (our own numbers)
_LINES = f"""
    SELECT count(*) FILTER (WHERE reason >> {EXCUSED_SHIFT} & {MONTHS} <> 0),
           coalesce(sum(bit_count((reason >> {EXCUSED_SHIFT} & {MONTHS})::bit(6))), 0)::bigint,
           count(*) FILTER (WHERE reason >> {MISSED_SHIFT} & {MONTHS} <> 0),
           coalesce(sum(bit_count((reason >> {MISSED_SHIFT} & {MONTHS})::bit(6))), 0)::bigint,
           count(*) FILTER (WHERE reason & {int(why_not.OVER)} <> 0),
           coalesce(sum(stage_idr) FILTER (WHERE reason & {int(why_not.OVER)} <> 0), 0)::bigint
    FROM benefits_line WHERE run_id = %(run)s"""  # noqa: S608
_FAMILIES = f"""
    SELECT count(*) FILTER (WHERE net_idr > 0 AND reasons >> {EXCUSED_SHIFT} & {MONTHS} <> 0),
           coalesce(sum(net_idr) FILTER (WHERE reasons >> {EXCUSED_SHIFT} & {MONTHS} <> 0), 0)::bigint,
           count(*) FILTER (WHERE reasons & {int(FamilyReason.NOT_SANCTIONED)} <> 0)
    FROM benefits_entitlement WHERE run_id = %(run)s"""  # noqa: S608
_CUTS = f"""
    SELECT bit_count((reasons >> {CUT_SHIFT} & {MONTHS})::int::bit(6)), reasons & {int(FamilyReason.ALL_MISSED)} <> 0,
           count(*), sum(cut_idr)::bigint
    FROM benefits_entitlement WHERE run_id = %(run)s AND cut_idr > 0 GROUP BY 1, 2 ORDER BY 1, 2"""  # noqa: S608


def rests(run: Run, *, by_component: list[dict[str, int]]) -> dict[str, Any]:
    """Plain values. `by_component`: rows of `run_beside.compared`, for the money that rests on a component's rule."""
    first, after = paid_days(run.stage)
    rules = run.stage_rules
    values: dict[str, Any] = {
        "run": run.pk, "first": first, "after": after,
        "months": [int(month.replace("-", "")) for month in rules.observes_months],
    }  # fmt: skip
    with atomic(), connections[active_alias()].cursor() as cursor:
        unproven = _unproven(cursor, values)
        cursor.execute(_LINES, values)
        excused, excused_months, missed, missed_months, over, over_idr = cursor.fetchone()
        cursor.execute(_FAMILIES, values)
        excused_families, excused_idr, not_sanctioned = cursor.fetchone()
        cursor.execute(_CUTS, values)
        cuts = [
            {"months": months, "all_missed": all_missed, "families": families, "idr": idr}
            for months, all_missed, families, idr in cursor.fetchall()
        ]
    found = {
        "unproven": unproven,
        "excused": {
            "families": excused_families, "members": excused, "months": excused_months, "idr": excused_idr
        },
        "sanctions": {
            "by_months": cuts, "families": sum(row["families"] for row in cuts), "idr": sum(row["idr"] for row in cuts),
            "members": missed, "months": missed_months, "not_sanctioned": not_sanctioned,
        },
        "over_limit": {"members": over, "idr": over_idr},
    }  # fmt: skip
    return found | {"assumptions": _assumptions(run, rules, found, by_component)}


def _unproven(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, dict[str, int]]:
    """Counted members with a month that nobody proved: declared in all of them, or in some not even that.

    A family stands where its least certain member does; members and rupiah each where they are.
    """
    cursor.execute(_UNPROVEN, values)
    row = cursor.fetchone()
    names = ("families", "members", "idr")
    return {"declared": dict(zip(names, row[:3], strict=True)), "nothing": dict(zip(names, row[3:], strict=True))}


def _assumptions(
    run: Run, rules: StageRules, found: dict[str, Any], by_component: list[dict[str, int]]
) -> list[dict[str, Any]]:
    """Values of the law without a certain source, with the rupiah that rest on each; null where that cannot be told."""
    components = {CODES[Component(row["component"])]: row["idr"] for row in by_component}
    return [
        {"key": each.key, "confidence": each.confidence, "source": each.source, "note": each.note,
         "idr": _resting(each.key, run, found, components)}
        for each in rules.assumptions
    ]  # fmt: skip


def _resting(key: str, run: Run, found: dict[str, Any], components: dict[str, int]) -> int | None:
    first, _, rest = key.partition(".")
    named = next((code for code in rest.split(".") if code in components), None)
    if first in ("components", "rounding") and named:
        return components[named]
    if first in ("sanctions", "attendance"):
        return int(found["sanctions"]["idr"])
    by_key = {
        "months.unknown_pays": sum(row["idr"] for row in found["unproven"].values()),
        "months.excused_pays": found["excused"]["idr"],
        "family.persons_max": found["over_limit"]["idr"],
        "family.which_persons": found["over_limit"]["idr"],
    }
    if key in by_key:
        return int(by_key[key])
    return run.net_idr if first == "calendar" else None
