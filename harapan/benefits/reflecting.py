"""Which applied changes a list or a computed stage carries: looked up in sets each time one has come.

A list names a family's pengurus, village, bank and amount, no members. So a change of these is seen directly, and a
change of members by the amount it was foreseen to make. Where that amount, the village or the bank is the one from
before, the list can only not contradict: it counts once SIKS-NG had been told and the family then stands on a list with
just this.
Where the amount becomes nothing, the family is to be on no list any more: it counts as seen once a list names others of
its kecamatan and not it, provided that it stood on a list before or SIKS-NG had been told. Should a later wave of the
same stage name the family with money after all, that is taken back.
A counter-entry is seen where the list carries what the records hold again, once SIKS-NG had been told: before that
a list which never showed the change carries the same.
A stage computed here carries what was applied before its data were frozen, and says so of itself.
"""

from __future__ import annotations

from datetime import date

from django.db import connections
from django.db.models import Exists, OuterRef

from harapan.benefits.models import Listing, Mode, Run, Stage
from harapan.database.scope import active_alias
from harapan.registry.models import Change

_REFLECT = """
    UPDATE registry_change c SET reflected_on = %(on)s, reflected_in = %(name)s
    FROM (SELECT l.family_id, max(l.name) AS name, max(l.bank) AS bank, max(l.listed_region_no) AS region_no,
                 sum(l.nominal_idr) AS idr
          FROM benefits_listing l WHERE l.stage_id = %(stage)s GROUP BY l.family_id) l
    JOIN registry_family f ON f.id = l.family_id
    WHERE c.family_id = l.family_id AND c.state = 'applied' AND c.reflected_on IS NULL
      AND c.effective_on < %(after)s AND c.decided_on <= %(on)s
      AND (c.reverses_id IS NULL OR c.entered_on <= %(on)s)
      AND CASE
            WHEN c.kind = 'manager' OR (c.kind = 'identity' AND c.told ? 'name')
                THEN upper(l.name) = upper(f.name)
            WHEN c.kind = 'move' THEN
                l.region_no = CASE WHEN c.reverses_id IS NULL THEN (c.told ->> 'village')::bigint ELSE f.region_no END
                AND (c.entered_on <= %(on)s OR NOT EXISTS (
                    SELECT FROM benefits_listing b WHERE b.family_id = c.family_id AND b.stage_id <> %(stage)s
                        AND b.listed_region_no = l.region_no))
            WHEN c.kind = 'account' THEN
                upper(l.bank) = upper(CASE WHEN c.reverses_id IS NULL THEN c.told ->> 'bank' ELSE (
                    SELECT max(a.bank) FROM registry_paymentaccount a
                    WHERE a.family_id = c.family_id AND a.spell @> %(on)s::date) END)
                AND (c.entered_on <= %(on)s OR NOT EXISTS (
                    SELECT FROM benefits_listing b WHERE b.family_id = c.family_id AND b.stage_id <> %(stage)s
                        AND upper(b.bank) = upper(l.bank)))
            ELSE c.effect IS NOT NULL AND (c.effect ->> 'after_idr')::bigint = l.idr
                 AND ((c.effect ->> 'after_idr') <> (c.effect ->> 'before_idr') OR c.entered_on <= %(on)s)
          END"""
_ABSENT = """
    UPDATE registry_change c SET reflected_on = %(on)s, reflected_in = %(name)s
    WHERE c.state = 'applied' AND c.reflected_on IS NULL
      AND c.effective_on < %(after)s AND c.decided_on <= %(on)s
      AND (c.reverses_id IS NULL OR c.entered_on <= %(on)s)
      AND c.kind NOT IN ('manager', 'move', 'account') AND NOT (c.kind = 'identity' AND c.told ? 'name')
      AND (c.effect ->> 'after_idr')::bigint = 0
      AND (split_part(c.effect ->> 'stage', '-', 1)::int, split_part(c.effect ->> 'stage', '-', 2)::int)
          <= (%(year)s, %(number)s)
      AND (c.entered_on <= %(on)s OR (c.effect ->> 'before_idr') <> '0' AND EXISTS (
            SELECT FROM benefits_listing b WHERE b.family_id = c.family_id AND b.stage_id <> %(stage)s))
      AND NOT EXISTS (SELECT FROM benefits_listing l WHERE l.family_id = c.family_id AND l.stage_id = %(stage)s)
      AND EXISTS (SELECT FROM benefits_listing l WHERE l.stage_id = %(stage)s
            AND l.region_no >= c.region_no / 10000 * 10000 AND l.region_no < c.region_no / 10000 * 10000 + 10000)"""
_THERE_AFTER_ALL = """
    UPDATE registry_change c SET reflected_on = NULL, reflected_in = ''
    FROM benefits_listing l
    WHERE l.stage_id = %(stage)s AND l.family_id = c.family_id AND l.nominal_idr > 0
      AND c.state = 'applied' AND c.reflected_in = %(name)s
      AND c.kind NOT IN ('manager', 'move', 'account') AND NOT (c.kind = 'identity' AND c.told ? 'name')
      AND (c.effect ->> 'after_idr')::bigint = 0"""
_COMPUTED = """
    UPDATE registry_change c SET reflected_on = %(on)s, reflected_in = %(name)s
    FROM benefits_entitlement e
    WHERE e.run_id = %(run)s AND e.family_id = c.family_id
      AND c.state = 'applied' AND c.reflected_on IS NULL
      AND c.effective_on < %(after)s AND c.decided_on < %(frozen)s"""


def reflect(stage: Stage, *, on: date) -> int:
    """Note which open changes the list of this stage shows, in the scope that is on; how many. Three statements."""
    told: dict[str, str | int | date] = {
        "on": on, "name": stage.name, "stage": stage.pk, "year": stage.year, "number": stage.number,
        "after": _after(stage),
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_THERE_AFTER_ALL, told)
        cursor.execute(_REFLECT, told)
        shown = cursor.rowcount
        cursor.execute(_ABSENT, told)
        return shown + cursor.rowcount


def seen_by_absence(change: Change) -> bool:
    """Whether the list that a change is seen in is one that names its family no more."""
    stages = Stage.objects.filter(name=change.reflected_in, mode=Mode.RECEIVED)
    named = Listing.objects.filter(stage=OuterRef("pk"), family=change.family_id)
    return stages.exclude(Exists(named)).exists()


def reflect_computed(run: Run, *, frozen_on: date, on: date) -> int:
    """Note which open changes this binding run of a computed stage carries: decided before the day of its freeze.

    In the scope that is on; how many. One statement.
    """
    told: dict[str, str | int | date] = {
        "on": on, "name": run.stage.name, "run": run.pk, "after": _after(run.stage), "frozen": frozen_on,
    }  # fmt: skip
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_COMPUTED, told)
        return cursor.rowcount


def _after(stage: Stage) -> date:
    """What happened later than this is no matter of the stage."""
    return date.fromisoformat(f"{stage.pays_months[-1]}-28")
