"""Who owes what in which month, and what is known of it: made from dated policy and the registry, never stored.

A monthly obligation stands or falls with its month. One with a span (a check-up in the second trimester, a visit a
year) is owed in every month its span touches until it was done often enough; it is missed only where somebody says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connections

from harapan.core.components import Component
from harapan.core.periods import month_days
from harapan.database.scope import active_alias
from harapan.policy.reader import default_policy
from harapan.verification.protocol import Item, items_on

OPEN, MET, MISSED, EXCUSED, EXEMPT = "open", "met", "missed", "excused", "exempt"

# Beginning of a pregnancy: back from the birth of a child of the family during it, else the day it was recorded.
_OWED = """
    WITH item (key, component, times, per, day_low, day_high, age_low, age_high, in_months) AS (VALUES {items}),
         month (no, first, after) AS (VALUES {months}),
    served AS (
        SELECT c.member_id, c.family_id, c.region_no, c.group_id, c.facility_id, c.component, c.spell, m.born_on,
               least(m.died_on, m.left_on) AS gone_on, b.born_on AS birth
        FROM registry_componentspell c
        JOIN registry_member m ON m.id = c.member_id
        LEFT JOIN LATERAL (
            SELECT min(k.born_on) AS born_on FROM registry_member k
            WHERE c.component = {pregnant} AND k.family_id = c.family_id AND k.id <> c.member_id
              AND k.born_on >= lower(c.spell) AND k.born_on < lower(c.spell) + {pregnancy}
        ) b ON true
        WHERE c.spell && daterange({first}, {after}) AND {where}
    ),
    due AS (
        SELECT s.*, n.no AS month, i.key, i.per, i.times, w.first AS since, w.after AS until,
               w.after <= n.after AS closes
        FROM served s
        JOIN item i ON i.component = s.component
        JOIN month n ON s.spell && daterange(n.first, n.after)
        CROSS JOIN LATERAL (
            SELECT CASE i.per WHEN 'pregnancy' THEN coalesce(s.birth - {pregnancy}, lower(s.spell))
                   WHEN 'after_birth' THEN s.birth ELSE s.born_on END AS day
        ) began
        CROSS JOIN LATERAL (SELECT
            CASE i.per WHEN 'month' THEN n.first WHEN 'year' THEN date_trunc('year', n.first)::date
                ELSE began.day + i.day_low END AS first,
            CASE i.per WHEN 'month' THEN n.after
                WHEN 'year' THEN (date_trunc('year', n.first) + interval '1 year')::date
                ELSE began.day + i.day_high + 1 END AS after
        ) w
        WHERE w.first < n.after AND w.after > n.first
          AND (s.gone_on IS NULL OR s.gone_on > n.first)
          AND (i.in_months IS NULL OR extract(month FROM n.first)::int = ANY (i.in_months))
          AND (i.age_low IS NULL OR s.born_on IS NULL
               OR (extract(year FROM age(n.after - 1, s.born_on)) * 12
                   + extract(month FROM age(n.after - 1, s.born_on))) BETWEEN i.age_low AND i.age_high)
    )
    SELECT d.member_id, d.family_id, d.facility_id, d.group_id, d.region_no, d.component, d.month, d.key, d.per,
           d.times, d.closes, coalesce(done.times, 0)::int AS done, k.outcome AS marked, o.outcome AS observed,
           (o.id IS NOT NULL) AS has_days, said.facility_id IS NOT NULL AS spoken,
           said.facility_id IS NOT NULL AND coalesce(fm.evidence, 'none') <> 'none' AS proven,
           x.id IS NOT NULL AS exempt, k.done_on, coalesce(k.times, 0)::int AS marked_times,
           CASE WHEN fm.effective_days > 0 AND o.id IS NOT NULL THEN
               100 * coalesce(o.present_days, fm.effective_days - o.absent_days - o.leave_days - o.sick_days)
               / fm.effective_days END AS percent,
           CASE WHEN fm.effective_days > 0 AND o.id IS NOT NULL THEN
               100 * (coalesce(o.present_days, fm.effective_days - o.absent_days - o.leave_days - o.sick_days)
                      + o.leave_days + o.sick_days) / fm.effective_days END AS unexcused_percent
    FROM due d
    LEFT JOIN verification_facilitymonth fm ON fm.facility_id = d.facility_id AND fm.month = d.month
    LEFT JOIN verification_declaration said ON said.facility_id = d.facility_id AND said.month = d.month
        AND said.group_no = d.group_id AND said.district_no = d.region_no / 10000 * 10000
    LEFT JOIN verification_caremark k ON k.member_id = d.member_id AND k.item = d.key AND k.month = d.month
    LEFT JOIN verification_observation o ON o.member_id = d.member_id AND o.month = d.month
    LEFT JOIN LATERAL (
        SELECT sum(a.times) AS times FROM verification_caremark a
        WHERE d.per <> 'month' AND a.member_id = d.member_id AND a.item = d.key AND a.outcome = 0
          AND a.month BETWEEN extract(year FROM d.since)::int * 100 + extract(month FROM d.since)::int
                          AND extract(year FROM d.until - 1)::int * 100 + extract(month FROM d.until - 1)::int
    ) done ON true
    LEFT JOIN LATERAL (
        SELECT e.id FROM verification_exemption e
        WHERE e.withdrawn_on IS NULL AND d.region_no >= e.region_id AND d.region_no < e.region_high
          AND (e.component IS NULL OR e.component = d.component) AND d.month BETWEEN e.month_from AND e.month_to
        LIMIT 1
    ) x ON true
    ORDER BY d.facility_id, d.member_id, d.month, d.key"""


class _Row(NamedTuple):
    member_id: int
    family_id: int
    facility_id: int | None
    group_no: int
    region_no: int
    component: int
    month: int
    key: str
    per: str
    times: int
    closes: bool
    done: int
    marked: int | None
    observed: int | None
    has_days: bool
    spoken: bool
    proven: bool
    exempt: bool
    done_on: date | None
    marked_times: int
    percent: int | None
    unexcused_percent: int | None


@dataclass(frozen=True, slots=True)
class Owed:
    """One obligation of a member in a month. `state`: open, met, missed, excused or exempt; `proven` where it rests on
    evidence, else it was only declared. `closes`: the last month in which it can be met."""

    member_id: int
    family_id: int
    facility_id: int | None  # None: nobody knows where it is met
    month: int
    item: Item
    state: str
    proven: bool
    done: int
    closes: bool
    marked: int | None = None
    done_on: date | None = None
    marked_times: int = 0

    @property
    def done_elsewhere(self) -> int:
        """How often it was done in the other months of its span."""
        return self.done - (self.marked_times if self.marked == 0 else 0)

    @property
    def verified(self) -> bool:
        return self.state != OPEN

    @property
    def running(self) -> bool:
        """Not done yet, and a later month will still do: it leaves nothing open in this one."""
        return self.state == OPEN and not self.item.monthly and not self.closes


def owed(
    months: Sequence[str], *, facilities: Collection[int] | None = None, families: Collection[int] | None = None,
    components: Collection[Component] | None = None, percent_min: int = 0, without_place: bool = False,
) -> list[Owed]:  # fmt: skip
    """Every obligation of these months, of whoever the facilities serve (or of these families), in the scope on.

    percent_min: days present of the effective days from which a school month is met (`StageRules`). One query.
    """
    items = items_on(month_days(months[-1])[0], components)
    where, values = _narrowed(facilities, families, without_place)
    if not items or values == [[]]:
        return []
    sql = _OWED.format(where=where, **_facts(months, items))
    by_key = {item.key: item for item in items}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values)
        rows = [_Row(*row) for row in cursor.fetchall()]
    return [_owed(row, by_key[row.key], percent_min) for row in rows]


def _narrowed(
    facilities: Collection[int] | None, families: Collection[int] | None, without_place: bool
) -> tuple[str, list[list[int]]]:
    if facilities is not None:
        return "c.facility_id = ANY (%s)", [sorted(facilities)]
    if families is not None:
        return "c.family_id = ANY (%s)", [sorted(families)]
    return ("c.facility_id IS NULL" if without_place else "true"), []


def _facts(months: Sequence[str], items: Sequence[Item]) -> dict[str, Any]:
    days = [month_days(month) for month in months]
    lines = [
        f"({int(month.replace('-', ''))}, DATE '{first}', DATE '{after}')"
        for month, (first, after) in zip(months, days, strict=True)
    ]
    return {
        "items": ", ".join(map(_line, items)),
        "months": ", ".join(lines),
        "first": f"DATE '{days[0][0]}'",
        "after": f"DATE '{days[-1][1]}'",
        "pregnant": int(Component.PREGNANT),
        "pregnancy": int(default_policy().value("verification.pregnancy_days", on=days[-1][0]).value),
    }


def _line(item: Item) -> str:
    """An item as a row of VALUES; its key is one that `policy.keys` let pass: letters, dots and underscores."""
    spans = [str(edge) for span in (item.days, item.ages) for edge in (span or ("NULL::int", "NULL::int"))]
    months = f"ARRAY[{', '.join(map(str, item.in_months))}]" if item.in_months else "NULL::int[]"
    return f"('{item.key}', {int(item.component)}, {item.times}, '{item.per}', {', '.join(spans)}, {months})"


def _owed(row: _Row, item: Item, percent_min: int) -> Owed:
    state = EXEMPT if row.exempt else _month_state(row, item, percent_min) if item.monthly else _span_state(row)
    return Owed(
        row.member_id, row.family_id, row.facility_id, row.month, item, state, row.proven, row.done, row.closes,
        row.marked, row.done_on, row.marked_times,
    )  # fmt: skip


def _month_state(row: _Row, item: Item, percent_min: int) -> str:
    """By the item's own mark; at school by the days; full presence where declared and nothing is noted."""
    if row.marked is not None:
        return _MARKED[row.marked]
    if row.observed in (1, 2, 3):
        return _MARKED[row.observed]
    if not row.spoken and not row.has_days:
        return OPEN
    return _school_state(row, percent_min) if item.school and row.has_days else MET


def _school_state(row: _Row, percent_min: int) -> str:
    if row.percent is None or row.percent >= percent_min:
        return MET
    return EXCUSED if (row.unexcused_percent or 0) >= percent_min else MISSED


def _span_state(row: _Row) -> str:
    if row.done >= row.times:
        return MET
    return _MARKED[row.marked] if row.marked in (1, 2) else OPEN


_MARKED: Mapping[int, str] = {0: MET, 1: MISSED, 2: EXCUSED, 3: OPEN}


@dataclass(frozen=True, slots=True)
class Tally:
    """Obligations of one facility and month by what is known of them. `running`: those that may still be met later."""

    owed: int = 0
    open: int = 0
    missed: int = 0
    proven: int = 0
    running: int = 0

    @property
    def known(self) -> int:
        return self.owed - self.open - self.running


def tally(found: Sequence[Owed]) -> dict[tuple[int | None, int], Tally]:
    """(facility, month) -> how many are owed, not verified, missed, proven, and may still be met later."""
    counted: dict[tuple[int | None, int], list[int]] = {}
    for each in found:
        sums = counted.setdefault((each.facility_id, each.month), [0, 0, 0, 0, 0])
        sums[0] += 1
        sums[1] += each.state == OPEN and not each.running
        sums[2] += each.state == MISSED
        sums[3] += each.proven and each.verified
        sums[4] += each.running
    return {key: Tally(*sums) for key, sums in counted.items()}
