"""A run beside the stage before it: totals by place and component, families in and out by reason, largest changes.

The stage before is that of the same channel: what its runs found due, or what the ministry's list of it named. A
supplementary wave is compared for its own families alone. One temporary table, then a constant number of statements
over it; nobody is named, and the numbers of families are for the eyes of the nation (`RunCheck`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.backends.utils import CursorWrapper

from harapan.benefits import why_not
from harapan.benefits.inputs import paid_days
from harapan.benefits.models import Listing, Mode, Run, Stage
from harapan.benefits.waiting import stage_before
from harapan.benefits.waves import MAIN
from harapan.core.components import Component
from harapan.database.scope import active_alias, atomic

LARGEST = 100  # changes up, and as many down

# The row that decides on a family is that of the latest wave it is in: who is due is in no later one.
_OF_RUNS = """
    SELECT e.family_id, e.region_no, e.net_idr, e.cut_idr, e.decision, e.reasons FROM benefits_entitlement e
    WHERE e.run_id = ANY(%(before)s)"""
_AND_LATEST = """
      AND NOT EXISTS (SELECT 1 FROM benefits_entitlement l WHERE l.run_id = ANY(%(before)s) AND l.run_id > e.run_id
                      AND l.family_id = e.family_id)"""
_OF_LIST = """
    SELECT l.family_id, max(l.region_no) AS region_no, sum(l.nominal_idr)::bigint AS net_idr, 0::bigint AS cut_idr,
           0::smallint AS decision, 0::bigint AS reasons
    FROM benefits_listing l WHERE l.stage_id = %(before_stage)s GROUP BY l.family_id"""
_BESIDE = """
    CREATE TEMPORARY TABLE beside ON COMMIT DROP AS
    SELECT coalesce(n.family_id, b.family_id) AS family_id, coalesce(n.region_no, b.region_no) AS region_no,
           n.net_idr AS now_idr, b.net_idr AS before_idr, n.cut_idr AS now_cut_idr, b.cut_idr AS before_cut_idr,
           {now_why} AS now_why, {before_why} AS before_why
    FROM (SELECT family_id, region_no, net_idr, cut_idr, decision, reasons FROM benefits_entitlement
          WHERE run_id = %(run)s) n
    {join} JOIN ({before}) b ON b.family_id = n.family_id"""
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
    FROM benefits_line WHERE run_id = %(run)s AND counted GROUP BY 1, 2"""
# A bit for each component of a family: one pass in the order of the key, with nothing to sort and little to remember.
_FAMILIES = (
    "SELECT "  # noqa: S608  (our own numbers)
    + ", ".join(f"count(*) FILTER (WHERE components & {1 << each} <> 0)" for each in Component)
    + """ FROM (SELECT family_id, bit_or(1 << component) AS components FROM benefits_line
               WHERE run_id = %(run)s AND counted GROUP BY family_id) families"""
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
        SELECT family_id, region_no, before_idr, now_idr, before_cut_idr, now_cut_idr, now_idr - before_idr AS more_idr
        FROM beside WHERE now_idr > 0 AND before_idr > 0 AND now_idr <> before_idr)
    (SELECT * FROM changed WHERE more_idr > 0 ORDER BY more_idr DESC, family_id LIMIT %(largest)s)
    UNION ALL
    (SELECT * FROM changed WHERE more_idr < 0 ORDER BY more_idr, family_id LIMIT %(largest)s)"""
_COUNTED = """
    SELECT family_id, run_id = %(run)s, component FROM benefits_line
    WHERE run_id = ANY(%(both)s) AND family_id = ANY(%(families)s) AND counted"""


@dataclass(frozen=True, slots=True)
class Base:
    """What a run is compared with. `runs` empty: the stage was received, its list is the base."""

    stage: Stage
    runs: tuple[int, ...]


def base_of(run: Run) -> Base | None:
    """The stage before, where anything of it is known."""
    before = stage_before(run.stage)
    if before is None:
        return None
    if before.mode == Mode.RECEIVED:
        return Base(before, ()) if Listing.objects.filter(stage=before).exists() else None
    runs = tuple(Run.objects.live().filter(stage=before).values_list("pk", flat=True))
    return Base(before, runs) if runs else None


def compared(run: Run) -> dict[str, Any]:
    """Everything about the run and the stage before, as plain values. `base` null: there is none to compare with."""
    base = base_of(run)
    values = _values(run, base)
    with atomic(), connections[active_alias()].cursor() as cursor:
        cursor.execute(_beside(run, base), values)
        places = _places(cursor)
        found = {
            "base": None if base is None else {"stage": base.stage.name, "mode": base.stage.mode},
            "by_place": places,
            "totals": {name: sum(row[name] for row in places) for name in PLACE[1:]},
            "by_component": _components(cursor, values, places),
            "excluded": _excluded(cursor),
            "in": [], "out": [], "up": [], "down": [],
        }  # fmt: skip
        if base is not None:
            found |= _in_and_out(cursor, values) | _largest(cursor, values)
        cursor.execute("DROP TABLE beside")
    return found


def _values(run: Run, base: Base | None) -> dict[str, Any]:
    first, after = paid_days(base.stage if base else run.stage)
    before = list(base.runs) if base else []
    return {
        "run": run.pk, "before": before, "before_stage": base.stage.pk if base else 0, "first": first, "after": after,
        "both": [run.pk, *before], "largest": LARGEST,
    }  # fmt: skip


def _beside(run: Run, base: Base | None) -> str:
    return _BESIDE.format(
        now_why=why_not.sql("n"), before_why=why_not.sql("b"), join="FULL" if run.wave == MAIN else "LEFT",
        before=_before(base),
    )  # fmt: skip


def _before(base: Base | None) -> str:
    if base is not None and not base.runs:
        return _OF_LIST
    return _OF_RUNS + _AND_LATEST if base is not None and len(base.runs) > 1 else _OF_RUNS


def _places(cursor: CursorWrapper) -> list[dict[str, int]]:
    cursor.execute(_BY_PLACE)
    return [dict(zip(PLACE, row, strict=True)) for row in cursor.fetchall()]


def _components(cursor: CursorWrapper, values: dict[str, Any], places: list[dict[str, int]]) -> list[dict[str, int]]:
    """By component, now and before; the members counted of each place are written into its row."""
    found: dict[int, Counter[str]] = {}
    members: Counter[int] = Counter()
    sides = [("", values["run"]), *(("_before", run) for run in values["before"])]
    for side, run in sides:
        cursor.execute(_MEMBERS, {"run": run})
        for region, component, counted, idr in cursor.fetchall():
            row = found.setdefault(component, Counter())
            row[f"members{side}"] += counted
            row[f"idr{side}"] += idr
            if not side:
                members[region] += counted
        cursor.execute(_FAMILIES, {"run": run})
        for component, families in zip(Component, cursor.fetchone(), strict=True):
            found.setdefault(component, Counter())[f"families{side}"] += families
    for place in places:
        place["members"] = members[place["region_no"]]
    names = [f"{name}{side}" for name in ("families", "members", "idr") for side in ("", "_before")]
    rows = [{"component": int(code)} | {name: found[code][name] for name in names} for code in sorted(found)]
    return [row for row in rows if row["members"] or row["members_before"]]


def _excluded(cursor: CursorWrapper) -> list[dict[str, Any]]:
    cursor.execute(_EXCLUDED)
    return [{"why": why, "families": now, "families_before": before} for why, now, before in cursor.fetchall()]


def _in_and_out(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    cursor.execute(_IN_AND_OUT, values)
    found: dict[str, list[dict[str, Any]]] = {"in": [], "out": []}
    for way, why, families, idr in cursor.fetchall():
        found[way].append({"why": why, "families": families, "idr": idr})
    return found


def _largest(cursor: CursorWrapper, values: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The largest changes of families that were paid and are paid again, each with what changed."""
    cursor.execute(_LARGEST, values)
    rows = cursor.fetchall()
    cursor.execute(_COUNTED, values | {"families": [row[0] for row in rows]})
    counted: dict[tuple[int, bool], Counter[int]] = {}
    for family, now, component in cursor.fetchall():
        counted.setdefault((family, now), Counter())[component] += 1
    found: dict[str, list[dict[str, Any]]] = {"up": [], "down": []}
    for family, region, before_idr, now_idr, before_cut_idr, now_cut_idr, more_idr in rows:
        changed = _changed(
            counted.get((family, False), Counter()), counted.get((family, True), Counter()),
            now_cut_idr - before_cut_idr, listed=not values["before"],
        )  # fmt: skip
        found["up" if more_idr > 0 else "down"].append(
            {"family": family, "region_no": region, "before_idr": before_idr, "now_idr": now_idr} | changed
        )
    return found


def _changed(before: Counter[int], now: Counter[int], more_cut_idr: int, *, listed: bool) -> dict[str, Any]:
    """What parts the two amounts: components gained or lost, a cut more or less, else the amounts themselves."""
    if listed:
        return {"why": "other_source"}  # a list says no more than its sum
    gained, lost = sorted((now - before).elements()), sorted((before - now).elements())
    if gained or lost:
        return {"why": "components", "gained": gained, "lost": lost, "more_cut_idr": more_cut_idr}
    if more_cut_idr:
        return {"why": "cut", "more_cut_idr": more_cut_idr}
    return {"why": "amounts"}
