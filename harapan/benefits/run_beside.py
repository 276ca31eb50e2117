"""A run beside the stage before it: totals by place and component, families in and out by reason, largest changes.

The stage before is that of `run_base`: what its runs found due, or what the ministry's list of it named. A
supplementary wave is compared for its own families alone. One temporary table, then a constant number of statements
over it; nobody is named, and the numbers of families are for the eyes of the nation (`RunCheck`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.benefits import why_not
from harapan.benefits.inputs import paid_days
from harapan.benefits.models import Run
from harapan.benefits.run_base import Base, base_of, of_other_channel
from harapan.benefits.waves import MAIN
from harapan.core.components import Component
from harapan.database.scope import active_alias, atomic

LARGEST = 100  # changes up, and as many down

_BESIDE = """
    CREATE TEMPORARY TABLE beside ON COMMIT DROP AS
    SELECT coalesce(n.family_id, b.family_id) AS family_id, coalesce(n.region_no, b.region_no) AS region_no,
           n.net_idr AS now_idr, b.net_idr AS before_idr, n.cut_idr AS now_cut_idr, b.cut_idr AS before_cut_idr,
           {now_why} AS now_why, {before_why} AS before_why, b.run AS before_run, b.payer AS before_payer
    FROM (SELECT family_id, region_no, net_idr, cut_idr, decision, reasons FROM benefits_entitlement
          WHERE run_id = %(run)s) n
    {join} JOIN ({before}) b ON b.family_id = n.family_id"""
_NOBODY = """
    SELECT 0::bigint AS family_id, 0::bigint AS region_no, 0::bigint AS net_idr, 0::bigint AS cut_idr,
           0::smallint AS decision, 0::bigint AS reasons, 0::bigint AS run, '' AS payer WHERE false"""
# Of a common stage before, the money of the other channel is not this calendar's, but where a family has come over.
_FORGET = """
    UPDATE beside SET before_idr = NULL, before_cut_idr = NULL, before_why = NULL, before_run = NULL
    WHERE coalesce(now_idr, 0) = 0 AND {elsewhere}"""
_MOVED = """
    UPDATE beside SET before_idr = o.net_idr, before_cut_idr = o.cut_idr, before_why = NULL, before_run = o.run
    FROM ({moved}) o
    WHERE o.family_id = beside.family_id AND o.net_idr > 0 AND beside.now_idr > 0 AND coalesce(before_idr, 0) = 0"""
_BY_PLACE = """
    SELECT region_no / 1000000 * 1000000,
           count(*) FILTER (WHERE now_idr > 0), coalesce(sum(now_idr), 0)::bigint,
           count(*) FILTER (WHERE before_idr > 0), coalesce(sum(before_idr), 0)::bigint,
           count(*) FILTER (WHERE now_idr > 0 AND coalesce(before_idr, 0) = 0),
           count(*) FILTER (WHERE before_idr > 0 AND coalesce(now_idr, 0) = 0),
           count(*) FILTER (WHERE before_idr > 0 AND now_idr > before_idr),
           count(*) FILTER (WHERE now_idr > 0 AND now_idr < before_idr),
           count(*) FILTER (WHERE now_idr > 0 AND now_idr = before_idr)
    FROM beside GROUP BY 1 ORDER BY 1"""
PLACE = ("region_no", "families", "idr", "families_before", "idr_before", "new", "gone", "more", "less", "same")
_MEMBERS = """
    SELECT region_no / 1000000 * 1000000, component, count(*), sum(stage_idr)::bigint
    FROM benefits_line l WHERE run_id = %(run)s AND counted{only} GROUP BY 1, 2"""
_ONLY = " AND EXISTS (SELECT 1 FROM beside WHERE beside.family_id = l.family_id AND beside.before_run = %(run)s)"
# A bit for each component of a family: one pass in the order of the key, with nothing to sort and little to remember.
_FAMILIES = (
    "SELECT "  # noqa: S608  (our own numbers)
    + ", ".join(f"count(*) FILTER (WHERE components & {1 << each} <> 0)" for each in Component)
    + """ FROM (SELECT family_id, bit_or(1 << component) AS components FROM benefits_line l
               WHERE run_id = %(run)s AND counted{only} GROUP BY family_id) families"""
)
_IN_AND_OUT = f"""
    SELECT 'in', CASE WHEN before_idr IS NOT NULL THEN before_why
                      WHEN EXISTS (SELECT 1 FROM registry_enrolment e WHERE e.family_id = beside.family_id
                                   AND e.spell && daterange(%(first)s, %(after)s)) THEN '{why_not.NOT_LISTED}'
                      ELSE '{why_not.NEWLY_ENROLLED}' END, count(*), sum(now_idr)::bigint
    FROM beside WHERE now_idr > 0 AND coalesce(before_idr, 0) = 0 GROUP BY 1, 2
    UNION ALL
    SELECT 'out', coalesce(now_why, '{why_not.MEMBERSHIP_ENDED}'), count(*), sum(before_idr)::bigint
    FROM beside WHERE before_idr > 0 AND coalesce(now_idr, 0) = 0 GROUP BY 1, 2
    ORDER BY 1, 3 DESC, 2"""  # noqa: S608  (our own words)
_EXCLUDED = """
    SELECT why, sum(now_)::bigint, sum(before)::bigint FROM (
        SELECT now_why AS why, count(*) AS now_, 0 AS before FROM beside WHERE now_idr = 0 GROUP BY 1
        UNION ALL
        SELECT before_why, 0, count(*) FROM beside WHERE before_idr = 0 GROUP BY 1) sides
    GROUP BY 1 ORDER BY 2 DESC, 1"""
_LARGEST = """
    WITH changed AS (
        SELECT family_id, region_no, before_idr, now_idr, before_cut_idr, now_cut_idr, before_run,
               now_idr - before_idr AS more_idr
        FROM beside WHERE now_idr > 0 AND before_idr > 0 AND now_idr <> before_idr)
    (SELECT * FROM changed WHERE more_idr > 0 ORDER BY more_idr DESC, family_id LIMIT %(largest)s)
    UNION ALL
    (SELECT * FROM changed WHERE more_idr < 0 ORDER BY more_idr, family_id LIMIT %(largest)s)"""
_COUNTED = """
    SELECT family_id, run_id = %(run)s, component FROM benefits_line
    WHERE run_id = ANY(%(both)s) AND family_id = ANY(%(families)s) AND counted"""


def compared(run: Run) -> dict[str, Any]:
    """Everything about the run and the stage before, as plain values. `base` null: there is none to compare with."""
    base = base_of(run)
    values = _values(run, base)
    with atomic(), connections[active_alias()].cursor() as cursor:
        _set_beside(cursor, run, base)
        places = _places(cursor)
        found = {
            "base": base.told() if base else None,
            "by_place": places,
            "totals": {name: sum(row[name] for row in places) for name in PLACE[1:]},
            "by_component": _components(cursor, run, base, places),
            "excluded": _excluded(cursor),
            "in": [], "out": [], "up": [], "down": [],
        }  # fmt: skip
        if base is not None:
            found |= _in_and_out(cursor, values) | _largest(cursor, values, base)
        cursor.execute("DROP TABLE beside")
    return found


def _values(run: Run, base: Base | None) -> dict[str, Any]:
    first, after = paid_days(base.stages[0] if base else run.stage)
    both = [run.pk, *(base.runs if base else ())]
    return {"run": run.pk, "first": first, "after": after, "both": both, "largest": LARGEST}


def _set_beside(cursor: CursorWrapper, run: Run, base: Base | None) -> None:
    """One row a family of either side, with the last that was due to it before."""
    join = "FULL" if run.wave == MAIN else "LEFT"
    rows = base.rows if base else _NOBODY
    names = {"now_why": why_not.sql("n"), "before_why": why_not.sql("b"), "join": join, "before": rows}
    cursor.execute(_BESIDE.format(**names), {"run": run.pk})
    if base is None:
        return
    if elsewhere := of_other_channel(run.stage, base, "before_payer"):
        cursor.execute(_FORGET.format(elsewhere=elsewhere))
    if base.moved:
        cursor.execute(_MOVED.format(moved=base.rows_moved))


def _places(cursor: CursorWrapper) -> list[dict[str, int]]:
    cursor.execute(_BY_PLACE)
    return [dict(zip(PLACE, row, strict=True)) for row in cursor.fetchall()]


def _components(
    cursor: CursorWrapper, run: Run, base: Base | None, places: list[dict[str, int]]
) -> list[dict[str, int]]:
    """By component, now and before; the members counted of each place are written into its row."""
    found: dict[int, Counter[str]] = {}
    members: Counter[int] = Counter()
    for side, number, only in _sides(run, base):
        cursor.execute(_MEMBERS.format(only=only), {"run": number})
        for region, component, counted, idr in cursor.fetchall():
            row = found.setdefault(component, Counter())
            row[f"members{side}"] += counted
            row[f"idr{side}"] += idr
            if not side:
                members[region] += counted
        cursor.execute(_FAMILIES.format(only=only), {"run": number})
        for component, families in zip(Component, cursor.fetchone(), strict=True):
            found.setdefault(component, Counter())[f"families{side}"] += families
    for place in places:
        place["members"] = members[place["region_no"]]
    names = [f"{name}{side}" for name in ("families", "members", "idr") for side in ("", "_before")]
    rows = [{"component": int(code)} | {name: found[code][name] for name in names} for code in sorted(found)]
    return [row for row in rows if row["members"] or row["members_before"]]


def _sides(run: Run, base: Base | None) -> Iterator[tuple[str, int, str]]:
    """Now and before: the runs whose lines count, and for a run of which only some families count, which."""
    yield "", run.pk, ""
    if base is None:
        return
    whole = len(base.before) == 1 and not of_other_channel(run.stage, base, "before_payer")
    for part in (*base.before, *base.moved):
        for number in part.runs:
            yield "_before", number, "" if whole and part in base.before else _ONLY


def _excluded(cursor: CursorWrapper) -> list[dict[str, Any]]:
    cursor.execute(_EXCLUDED)
    return [{"why": why, "families": now, "families_before": before} for why, now, before in cursor.fetchall()]


def _in_and_out(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    cursor.execute(_IN_AND_OUT, values)
    found: dict[str, list[dict[str, Any]]] = {"in": [], "out": []}
    for way, why, families, idr in cursor.fetchall():
        found[way].append({"why": why, "families": families, "idr": idr})
    return found


def _largest(cursor: CursorWrapper, values: dict[str, Any], base: Base) -> dict[str, list[dict[str, Any]]]:
    """The largest changes of families that were paid and are paid again, each with what changed."""
    cursor.execute(_LARGEST, values)
    rows = cursor.fetchall()
    cursor.execute(_COUNTED, values | {"families": [row[0] for row in rows]})
    counted: dict[tuple[int, bool], Counter[int]] = {}
    for family, now, component in cursor.fetchall():
        counted.setdefault((family, now), Counter())[component] += 1
    found: dict[str, list[dict[str, Any]]] = {"up": [], "down": []}
    moved = {run for part in base.moved for run in part.runs}
    for family, region, before_idr, now_idr, before_cut_idr, now_cut_idr, before_run, more_idr in rows:
        changed = _changed(
            counted.get((family, False), Counter()), counted.get((family, True), Counter()),
            now_cut_idr - before_cut_idr, listed=not before_run, moved=before_run in moved,
        )  # fmt: skip
        found["up" if more_idr > 0 else "down"].append(
            {"family": family, "region_no": region, "before_idr": before_idr, "now_idr": now_idr} | changed
        )
    return found


def _changed(
    before: Counter[int], now: Counter[int], more_cut_idr: int, *, listed: bool, moved: bool
) -> dict[str, Any]:
    """What parts the two amounts: components gained or lost, a cut more or less, else the amounts themselves."""
    if listed:
        return {"why": "other_source"}  # a list says no more than its sum
    gained, lost = sorted((now - before).elements()), sorted((before - now).elements())
    if gained or lost:
        return {"why": "components", "gained": gained, "lost": lost, "more_cut_idr": more_cut_idr}
    if more_cut_idr:
        return {"why": "cut", "more_cut_idr": more_cut_idr}
    return {"why": "calendar" if moved else "amounts"}
