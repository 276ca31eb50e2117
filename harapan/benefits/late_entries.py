"""The log's rows that a freeze did not see, as SQL: what was changed of a family, and what of a facility or a place.

Only what the rules or the payment of the stage read is told: a corrected name moves no rupiah, and a month that the
stage does not observe is another stage's.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from harapan.benefits.hearing import warned_stages
from harapan.benefits.ladder import stages_before
from harapan.benefits.models import Snapshot, Stage
from harapan.database.scope import active_alias
from harapan.engine.law import month_number

# What a freeze reads of each kind of row (`inputs`), where a change of the row may also be of something else. Kept in
# step with the partial index `audit_entry_read_by_rules`, which finds these few among all looks and deeds.
OF_FAMILIES = {
    "family": ("region_no", "category"),
    "member": ("born_on", "died_on", "left_on", "family_id"),
    "enrolment": ("spell", "family_id"),
    "component": ("spell", "component", "ordinal", "facility_id", "member_id"),
    "account": ("spell", "channel", "bank", "number_ix", "holder"),
    "observation": ("outcome", "present_days", "absent_days", "leave_days", "sick_days"),
    "sanction_notice": ("verdict",),
    "adjustment": (),
}
OF_PLACES = {
    "facility_month": ("evidence", "effective_days"),
    "declaration": (),
    "exemption": ("withdrawn_on",),
}
_VERBS = ("added", "changed", "removed")

# `wave`: the first supplementary freeze that saw the change; null where none did.
_LATE = """
    SELECT e.xid, e.id, e.subject_kind AS kind, e.at, e.actor, r.told, (r.told ->> 'id')::bigint AS row_id,
           (SELECT min(w.wave) FROM unnest(%(waves)s::int[], %(moments)s::text[]) w (wave, moment)
            WHERE pg_visible_in_snapshot(e.xid, w.moment::pg_snapshot)) AS wave,
           e.verb = e.subject_kind || '.changed' AS changed
    FROM audit_entry e
    CROSS JOIN LATERAL jsonb_array_elements(e.body::jsonb) AS r (told)
    WHERE e.subject_kind IN ({kinds}) AND e.body LIKE '[%%' AND e.verb = ANY(%(verbs)s) AND e.era = %(era)s
      AND e.xid >= pg_snapshot_xmin(%(moment)s::pg_snapshot)
      AND NOT pg_visible_in_snapshot(e.xid, %(moment)s::pg_snapshot)"""
_READ = """(NOT changed
    OR coalesce(told -> 'was', '{{}}') || coalesce(told -> 'now', '{{}}') ?| (%(read)s::jsonb ->> kind)::text[])"""

# A notice only by its verdict, and of this stage or of one its ladder looks back to. What this stage itself owes or
# leaves over is its outcome, not what it read.
_FAMILIES = f"""
    SELECT family_id, kind, at, actor, wave FROM (
        SELECT l.*, (told ->> CASE kind WHEN 'family' THEN 'id' ELSE 'family_id' END)::bigint AS family_id
        FROM ({_LATE}) l
    ) late
    WHERE family_id IS NOT NULL AND {_READ} AND CASE kind
        WHEN 'observation' THEN coalesce((told ->> 'month')::int, (
            SELECT o.month FROM verification_observation o WHERE o.id = row_id)) = ANY (%(months)s)
        WHEN 'sanction_notice' THEN changed AND EXISTS (
            SELECT 1 FROM benefits_sanctionnotice n WHERE n.id = row_id AND n.stage_id = ANY (%(heard)s))
        WHEN 'adjustment' THEN NOT changed AND (told ->> 'of_stage_id')::bigint <> %(stage)s AND NOT EXISTS (
            SELECT 1 FROM benefits_adjustment a JOIN benefits_run r ON r.id = a.settled_run_id
            WHERE a.id = (told ->> 'carried_from_id')::bigint AND r.stage_id = %(stage)s)
        ELSE true END
    ORDER BY xid DESC, id DESC LIMIT %(most)s"""  # noqa: S608  (our own words)

# For whom a month was declared matters once it is proven: a declaration alone pays and cuts nothing.
_PLACES = f"""
    WITH late AS MATERIALIZED (SELECT * FROM ({_LATE}) l WHERE {_READ})
    SELECT kind, facility_id, month, NULL::bigint AS exemption_id, at, actor, wave FROM (
        SELECT l.*, m.facility_id, m.month FROM late l JOIN verification_facilitymonth m ON m.id = l.row_id
        WHERE kind = 'facility_month'
        UNION ALL
        SELECT l.*, m.facility_id, m.month FROM late l JOIN verification_declaration d ON d.id = l.row_id
        JOIN verification_facilitymonth m ON (m.facility_id, m.month) = (d.facility_id, d.month)
        WHERE kind = 'declaration' AND m.evidence <> 'none'
    ) said WHERE month = ANY (%(months)s)
    UNION ALL
    SELECT kind, NULL, NULL, x.id, at, actor, wave FROM late l JOIN verification_exemption x ON x.id = l.row_id
    WHERE kind = 'exemption'
      AND EXISTS (SELECT 1 FROM unnest(%(months)s::int[]) m (no) WHERE m.no BETWEEN x.month_from AND x.month_to)
    ORDER BY at DESC LIMIT %(most)s"""  # noqa: S608  (our own words)


class FamilyEntry(NamedTuple):
    """One change of a row about a family, latest first."""

    family_id: int
    kind: str
    at: datetime
    actor: int
    wave: int | None


class PlaceEntry(NamedTuple):
    """One change of a facility's month (both set) or of an exemption, latest first."""

    kind: str
    facility_id: int | None
    month: int | None  # yyyymm
    exemption_id: int | None
    at: datetime
    actor: int
    wave: int | None


class LateEntries:
    """Asks the log what the main freeze of a stage did not see; two statements. `months`: what the stage observes."""

    def __init__(self, stage: Stage, waves: list[Snapshot], *, most: int) -> None:
        main, *later = waves
        rules = main.rules
        before = stages_before(stage)[: warned_stages(rules) or 0]
        self.months = [month_number(month) for month in rules.observes_months]
        self._values: dict[str, Any] = {
            "moment": main.manifest["moment"], "era": main.manifest["era"], "most": most, "stage": stage.pk,
            "waves": [wave.wave for wave in later], "moments": [wave.manifest["moment"] for wave in later],
            "months": self.months, "heard": [stage.pk, *(each.pk for row in before for each in row)],
        }  # fmt: skip

    def of_families(self) -> list[FamilyEntry]:
        return [FamilyEntry(*row) for row in self._asked(_FAMILIES, OF_FAMILIES)]

    def of_places(self) -> list[PlaceEntry]:
        return [PlaceEntry(*row) for row in self._asked(_PLACES, OF_PLACES)]

    def _asked(self, sql: str, kinds: dict[str, tuple[str, ...]]) -> list[tuple[Any, ...]]:
        read = ", ".join(f'"{kind}": "{{{",".join(columns)}}}"' for kind, columns in kinds.items())
        values = self._values | {
            "verbs": [f"{kind}.{verb}" for kind in kinds for verb in _VERBS], "read": f"{{{read}}}",
        }  # fmt: skip
        with connections[active_alias()].cursor() as cursor:
            cursor.execute(sql.format(kinds=", ".join(f"'{kind}'" for kind in kinds)), values)
            return cursor.fetchall()
