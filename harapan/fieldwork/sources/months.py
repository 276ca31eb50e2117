"""Months of schools and health posts of which nobody has spoken for a group's families."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connections

from harapan.benefits.waiting import laws_at_hand
from harapan.core.periods import format_month, month_days, month_of
from harapan.core.phrases import joined
from harapan.database.scope import active_alias
from harapan.fieldwork.sources.asking import Area, Due, Subject, source
from harapan.policy.stage_rules import StageRules
from harapan.verification.queries import month_number


@source(Subject.FACILITY)
def facility_month_open(area: Area) -> list[Due]:
    """One row for each facility, group and stage, with the months that are over and open; marked with the stage.

    Asked are the months of the stage at hand and of those after it; a month still running is nobody's omission.
    """
    return [row for law in laws_at_hand(on=area.on) for row in _open_months(area, law)]


# Spells have no index by group. What counted in a month, once for each facility and group, then who spoke of it.
_OPEN = """
    SELECT u.facility_id, f.name, f.region_no, u.group_id, u.month FROM (
        SELECT DISTINCT s.facility_id, s.group_id, m.month
        FROM registry_componentspell s
        JOIN unnest(%(months)s::int[], %(firsts)s::date[], %(afters)s::date[]) AS m (month, first, after)
            ON s.spell && daterange(m.first, m.after)
        WHERE s.facility_id IS NOT NULL AND s.component = ANY (%(components)s)
          AND s.spell && daterange(%(first)s, %(after)s)
          AND s.family_id IN (SELECT id FROM registry_family WHERE group_id = ANY (%(groups)s))) u
    JOIN registry_facility f ON f.id = u.facility_id
    LEFT JOIN verification_declaration d
        ON d.facility_id = u.facility_id AND d.month = u.month AND d.group_no = u.group_id
    WHERE d.id IS NULL
    ORDER BY u.month, u.facility_id, u.group_id"""


def _open_months(area: Area, law: StageRules) -> list[Due]:
    """One query, however many months."""
    over = sorted(month for month in law.observes_months if month < month_of(area.on))
    if not over or not area.groups:
        return []
    days = [month_days(month) for month in over]
    numbers = [month_number(month) for month in over]
    told: dict[str, Any] = {
        "groups": list(area.groups), "components": [int(component) for component in law.obligated],
        "months": numbers, "firsts": [first for first, _ in days],
        "afters": [after for _, after in days], "first": days[0][0], "after": days[-1][1],
    }  # fmt: skip
    named = dict(zip(numbers, over, strict=True))
    missing: dict[tuple[int, int], list[str]] = {}
    known: dict[int, tuple[str, int]] = {}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_OPEN, told)
        for facility, name, region, group, month in cursor.fetchall():
            missing.setdefault((facility, group), []).append(named[month])
            known[facility] = (name, region)
    return [
        Due(
            facility, known[facility][0], group, known[facility][1], month_days(months[0])[1] - timedelta(days=1),
            law.stage, joined([format_month(month) for month in months], ", "),
        )
        for (facility, group), months in missing.items()
    ]  # fmt: skip
