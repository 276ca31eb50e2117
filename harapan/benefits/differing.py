"""Finding the families whose received and computed amounts differ, and keeping one row for each.

The database picks them and gathers what the rules look at; the rules judge each (`rules.explain`); the rows go back in
sets. An answer a person gave stays as long as amounts and reason stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db import connections

from harapan.benefits.inputs import paid_days
from harapan.benefits.models import Run, Stage
from harapan.benefits.rules import Case, CaseLine, explain
from harapan.core.errors import HarapanError
from harapan.database.scope import active_alias, atomic
from harapan.database.staging import staged
from harapan.exchange.labels import component_of
from harapan.policy.errors import MissingValue
from harapan.policy.reader import default_policy

AT_ONCE = 20_000
UNMATCHED = frozenset({"unmatched", "tidak padan", "belum padan"})  # how a Dukcapil fact says no

_CASES = """
    WITH received AS (
        SELECT family_id, sum(nominal_idr)::bigint AS idr,
               string_agg(nullif(component, ''), ', ' ORDER BY wave) AS words
        FROM benefits_listing WHERE stage_id = %(stage)s GROUP BY family_id
    ), computed AS (SELECT * FROM benefits_entitlement WHERE run_id = %(run)s),
    apart AS (
        SELECT coalesce(r.family_id, c.family_id) AS family_id, coalesce(r.idr, 0) AS received_idr,
               r.family_id IS NOT NULL AS listed, coalesce(r.words, '') AS words, c.decision,
               coalesce(c.gross_idr, 0) AS gross_idr, coalesce(c.cut_idr, 0) AS cut_idr,
               coalesce(c.net_idr, 0) AS net_idr
        FROM received r FULL JOIN computed c ON c.family_id = r.family_id
        WHERE coalesce(r.idr, 0) <> coalesce(c.net_idr, 0)
    )
    SELECT a.family_id, a.received_idr, a.listed, a.words, a.decision, a.gross_idr, a.cut_idr, a.net_idr,
           (SELECT json_agg(json_build_array(l.member_id, l.component, l.stage_idr, l.counted, l.reason)
                            ORDER BY l.member_id)
            FROM benefits_line l WHERE l.run_id = %(run)s AND l.family_id = a.family_id),
           (SELECT count(*) FROM registry_member m
            WHERE m.family_id = a.family_id AND m.died_on IS NULL AND m.left_on IS NULL),
           EXISTS (SELECT 1 FROM registry_enrolment e
                   WHERE e.family_id = a.family_id AND e.spell && daterange(%(first)s, %(after)s)),
           EXISTS (SELECT 1 FROM registry_paymentaccount p WHERE p.family_id = a.family_id),
           (SELECT count(DISTINCT o.month) FROM verification_observation o
            WHERE o.family_id = a.family_id AND o.month = ANY(%(months)s) AND (o.outcome = 1 OR o.absent_days > 0)),
           (SELECT t.value FROM registry_outsidefact t WHERE t.family_id = a.family_id AND t.kind = 'exclude'
            ORDER BY t.as_of DESC, t.id DESC LIMIT 1),
           (SELECT t.value FROM registry_outsidefact t WHERE t.family_id = a.family_id AND t.kind = 'dukcapil'
            ORDER BY t.as_of DESC, t.id DESC LIMIT 1),
           (SELECT t.value FROM registry_outsidefact t WHERE t.family_id = a.family_id AND t.kind = 'desil'
            ORDER BY t.as_of DESC, t.id DESC LIMIT 1)
    FROM apart a"""

FOUND = {
    "family_id": "bigint", "received_idr": "bigint", "computed_idr": "bigint", "listed": "boolean", "reason": "text",
    "certainty": "smallint", "detail": "jsonb",
}  # fmt: skip
_GONE = """
    DELETE FROM benefits_difference d
    WHERE d.stage_id = %(stage)s AND NOT EXISTS (SELECT 1 FROM found_difference f WHERE f.family_id = d.family_id)"""
_KEEP = """
    INSERT INTO benefits_difference AS d (stage_id, run_id, family_id, region_no, group_id, received_idr, computed_idr,
                                          listed, reason, certainty, detail, answer)
    SELECT %(stage)s, %(run)s, f.family_id, y.region_no, y.group_id, f.received_idr, f.computed_idr, f.listed, f.reason,
           f.certainty, f.detail, ''
    FROM found_difference f JOIN registry_family y ON y.id = f.family_id
    ORDER BY y.region_no, f.family_id
    ON CONFLICT (stage_id, family_id) DO UPDATE SET
        run_id = excluded.run_id, received_idr = excluded.received_idr, computed_idr = excluded.computed_idr,
        listed = excluded.listed, reason = excluded.reason, certainty = excluded.certainty, detail = excluded.detail,
        answered_at = NULL, answered_by_id = NULL, answer = ''
    WHERE (d.received_idr, d.computed_idr, d.listed, d.reason)
          <> (excluded.received_idr, excluded.computed_idr, excluded.listed, excluded.reason)"""


def renew(stage: Stage, run: Run) -> int:
    """Compare the stage's list with the run for every family of the scope that is on; give how many differ."""
    first, after = paid_days(stage)
    values: dict[str, Any] = {
        "stage": stage.pk, "run": run.pk, "first": first, "after": after,
        "months": [int(month.replace("-", "")) for month in stage.observes_months],
    }  # fmt: skip
    with atomic():
        found = list(_found(run, values))
        with staged("found_difference", FOUND, found) as cursor:
            cursor.execute(_GONE, values)
            cursor.execute(_KEEP, values)
    return len(found)


def _found(run: Run, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    rules = run.stage_rules
    desil_max = _desil_max(run)
    with connections[active_alias()].chunked_cursor() as cursor:
        cursor.execute(_CASES, values)
        while rows := cursor.fetchmany(AT_ONCE):
            for row in rows:
                case = _case(row)
                why = explain(case, rules, desil_max=desil_max)
                if why is not None:
                    yield (
                        row[0], case.received_idr, case.net_idr, case.listed, str(why.reason), int(why.certainty),
                        json.dumps(why.detail),
                    )  # fmt: skip


def _case(row: tuple[Any, ...]) -> Case:
    received, listed, words, decision, gross, cut, net, lines, members, *known = row[1:]
    enrolled, account, missed, exclude, dukcapil, desil = known
    return Case(
        received_idr=received,
        listed=listed,
        net_idr=net,
        gross_idr=gross,
        cut_idr=cut,
        decision=decision,
        lines=tuple(CaseLine(*line) for line in _loaded(lines)),
        members=members,
        enrolled=enrolled,
        has_account=account,
        missed_months=missed,
        listed_components=components_in(words),
        exclude=exclude or "",
        unmatched_nik=(dukcapil or "").lower().replace("_", " ") in UNMATCHED,
        desil=int(desil) if desil and desil.isdecimal() else 0,
    )


def _loaded(lines: Any) -> list[Any]:
    """psycopg reads json itself, Django's connection leaves it as text."""
    return json.loads(lines) if isinstance(lines, str) else lines or []


def components_in(words: str) -> tuple[int, ...]:
    """The components a list names for a family, "SD, SD, Lansia"; none where a word is not understood."""
    try:
        found = [component_of(word) for word in words.replace(";", ",").split(",")]
    except HarapanError:
        return ()
    return tuple(sorted(int(component) for component in found if component))


def _desil_max(run: Run) -> int | None:
    try:
        return int(default_policy().value("eligibility.desil_max", on=run.stage.first_day).value)
    except MissingValue:
        return None
