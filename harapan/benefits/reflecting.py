"""Which applied changes the ministry's list shows: looked up in sets each time a list has come.

A list names a family's pengurus, village, bank and amount, no members. So a change of these is seen directly, and a
change of members by the amount it was foreseen to make.
"""

from __future__ import annotations

from datetime import date

from django.db import connections

from harapan.benefits.models import Stage
from harapan.database.scope import active_alias

_REFLECT = """
    UPDATE registry_change c SET reflected_on = %(on)s, reflected_in = %(name)s
    FROM (SELECT l.family_id, max(l.name) AS name, max(l.bank) AS bank, max(l.listed_region_no) AS region_no,
                 sum(l.nominal_idr) AS idr
          FROM benefits_listing l WHERE l.stage_id = %(stage)s GROUP BY l.family_id) l
    JOIN registry_family f ON f.id = l.family_id
    WHERE c.family_id = l.family_id AND c.state = 'applied' AND c.reverses_id IS NULL AND c.reflected_on IS NULL
      AND c.effective_on < %(after)s AND c.decided_on <= %(on)s
      AND CASE
            WHEN c.kind = 'manager' OR (c.kind = 'identity' AND c.told ? 'name')
                THEN upper(l.name) = upper(f.name)
            WHEN c.kind = 'move' THEN l.region_no = (c.told ->> 'village')::bigint
            WHEN c.kind = 'account' THEN upper(l.bank) = upper(c.told ->> 'bank')
            ELSE c.effect IS NOT NULL AND (c.effect ->> 'after_idr')::bigint = l.idr
                 AND (c.effect ->> 'after_idr') <> (c.effect ->> 'before_idr')
          END"""


def reflect(stage: Stage, *, on: date) -> int:
    """Note which open changes the list of this stage shows, in the scope that is on; how many. One statement."""
    after = date.fromisoformat(f"{stage.pays_months[-1]}-28")
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_REFLECT, {"on": on, "name": stage.name, "stage": stage.pk, "after": after})
        return cursor.rowcount
