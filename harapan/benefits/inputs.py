"""The registry as the engine's input tables, as of the months a stage pays: read in sets, straight into Arrow.

No name and no number of a person is in them. Where the registry says less than the rules ask (a day without proof, a
component without a school), the engine's own words for "not known" stand.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from contextlib import nullcontext
from datetime import date

import pyarrow as pa
import pyarrow.csv as pc
from django.db import connections

from harapan.benefits import hearing
from harapan.benefits.models import COUNTING, Mode, Stage, Verdict
from harapan.core.components import Component
from harapan.core.periods import month_days
from harapan.database.planning import many_rows
from harapan.database.scope import active_alias
from harapan.engine.tables import ADJUSTMENTS, FACILITY_MONTHS, FAMILIES, MEMBERS, OBSERVATIONS, Outcome
from harapan.policy.stage_rules import StageRules
from harapan.registry.models import Channel

EVERYBODY = 2**62  # above every number of a family
SCHOOL = f"({Component.PRIMARY:d}, {Component.JUNIOR:d}, {Component.SENIOR:d})"
BY_AGE = f"({Component.TODDLER:d}, {Component.ELDERLY:d})"

# Families who were members in a paid month, or who stand on the stage's list. Once lists are there, only of the
# regencies that have one: beside a list that has not come nothing can be compared.
_CHOSEN = """
    SELECT e.family_id FROM registry_enrolment e
    WHERE e.spell && {paid}
      AND (NOT EXISTS (SELECT 1 FROM benefits_stageregency r WHERE r.stage_id = {stage})
           OR e.region_no / 1000000 * 1000000
              IN (SELECT r.regency_no FROM benefits_stageregency r WHERE r.stage_id = {stage}))
    UNION SELECT l.family_id FROM benefits_listing l WHERE l.stage_id = {stage}"""

# A computed stage has no list: whoever was a member in a paid month. A supplementary wave leaves out who is due
# already.
_MEMBERSHIP = """
    SELECT e.family_id FROM registry_enrolment e
    WHERE e.spell && {paid} AND e.family_id {within}"""
# Taken away as a set: of an anti-join the planner thinks, where runs of other stages know nearly every family, that
# nobody is left, and joins the members row by row.
_NOT_DUE_BEFORE = """
    EXCEPT SELECT d.family_id FROM benefits_run r JOIN benefits_entitlement d ON d.run_id = r.id
    WHERE r.stage_id = {stage} AND r.state = 'done' AND r.wave < {wave}
      AND d.family_id {within} AND d.net_idr > 0"""

# The latest way of payment known by the end of the stage, and with it where the money would go.
_FAMILIES = """
    SELECT f.id AS family_id, f.region_no, f.group_id, f.category, coalesce(a.channel, 0) AS channel,
           coalesce(a.id, 0) AS account_id, CASE a.channel WHEN {post} THEN 'POS' ELSE coalesce(a.bank, '') END AS payer
    FROM registry_family f
    LEFT JOIN (
        SELECT DISTINCT ON (p.family_id) p.family_id, p.id, p.channel, p.bank FROM registry_paymentaccount p
        WHERE p.family_id BETWEEN {low} AND {high} AND p.family_id IN ({chosen})
        ORDER BY p.family_id, (lower(p.spell) < {after}) DESC, lower(p.spell) DESC
    ) a ON a.family_id = f.id
    WHERE f.id BETWEEN {low} AND {high} AND f.id IN ({chosen})
    ORDER BY f.id"""

# The facility that confirms a member: the school, else what served them last.
# The facility that answers for a member: a school before the rest, of two the later. Compared as arrays, which are
# gathered by hashing; sorting each member's spells took most of a freeze.
_FACILITY = """(max(ARRAY[(c.component IN {school})::int, lower(c.spell) - DATE '1900-01-01', c.id, c.facility_id])
                   FILTER (WHERE c.facility_id IS NOT NULL))[4]"""

# What each member counts for in the paid months. A school outweighs the rest; of two schools the later one stands.
_MEMBERS = """
    SELECT m.family_id, m.id AS member_id,
           coalesce(to_char(m.born_on, 'YYYYMMDD')::int, 0) AS born_ymd,
           coalesce(s.school_level, 0) AS school_level, false AS finished_school,
           coalesce(s.pregnant, false) AS pregnant, coalesce(s.pregnancy_no, 0) AS pregnancy_no,
           coalesce(s.severe_disability, false) AS severe_disability, coalesce(s.human_rights, false) AS human_rights,
           coalesce(s.listed_component, 0) AS listed_component, coalesce(s.facility_id, 0) AS facility_id
    FROM registry_member m
    LEFT JOIN (
        SELECT c.member_id,
               (max(ARRAY[lower(c.spell) - DATE '1900-01-01', c.id, c.component])
                   FILTER (WHERE c.component IN {school}))[3] AS school_level,
               bool_or(c.component = {pregnant}) AS pregnant,
               max(c.ordinal) FILTER (WHERE c.component = {pregnant}) AS pregnancy_no,
               bool_or(c.component = {disability}) AS severe_disability,
               bool_or(c.component = {human_rights}) AS human_rights,
               (max(ARRAY[lower(c.spell) - DATE '1900-01-01', c.id, c.component])
                   FILTER (WHERE c.component IN {by_age}))[3] AS listed_component,
               {facility} AS facility_id
        FROM registry_componentspell c
        WHERE c.spell && {paid} AND c.family_id BETWEEN {low} AND {high} AND c.family_id IN ({chosen})
        GROUP BY c.member_id
    ) s ON s.member_id = m.id
    WHERE coalesce(m.died_on > {first}, true) AND coalesce(m.left_on > {first}, true)
      AND m.family_id BETWEEN {low} AND {high} AND m.family_id IN ({chosen})
    ORDER BY m.family_id, m.id"""

# Days against the law's percentage. Below it only because of illness or leave counts as excused; without effective days
# nothing can be held against anybody. Whom nobody spoke of stays unknown, even where the facility's month is proven:
# left blank among others, or of a group for which the month was not declared. What a computed stage makes of a miss
# (`hearing.heard`) is told in `heard`.
_OBSERVATIONS = """
    WITH unspoken AS MATERIALIZED (
        SELECT DISTINCT c.family_id, c.member_id, c.facility_id, fm.month
        FROM registry_componentspell c
        JOIN verification_facilitymonth fm
            ON fm.facility_id = c.facility_id AND fm.month IN ({months}) AND fm.evidence <> 'none'
        WHERE c.spell && {paid} AND c.family_id BETWEEN {low} AND {high} AND c.family_id IN ({chosen})
          AND NOT EXISTS (SELECT 1 FROM verification_declaration d
                          WHERE d.facility_id = fm.facility_id AND d.month = fm.month AND d.group_no = c.group_id
                            AND d.district_no = c.region_no / 10000 * 10000)
          AND NOT EXISTS (SELECT 1 FROM verification_observation o
                          WHERE o.member_id = c.member_id AND o.month = fm.month)
    )
    SELECT family_id, member_id, month, outcome FROM (
        SELECT judged.family_id, judged.member_id, judged.month, {heard} AS outcome FROM (
        SELECT o.family_id, o.region_no, o.member_id, o.month,
               CASE WHEN o.outcome = 1 THEN {missed} WHEN o.outcome = 2 THEN {excused}
                    WHEN o.outcome = 3 THEN {unknown}
                    WHEN d.present * 100 >= {percent} * fm.effective_days THEN {met}
                    WHEN (d.present + o.leave_days + o.sick_days) * 100 >= {percent} * fm.effective_days THEN {excused}
                    WHEN fm.effective_days > 0 THEN {missed} ELSE {met} END AS outcome
        FROM verification_observation o
        LEFT JOIN verification_facilitymonth fm ON fm.facility_id = o.facility_id AND fm.month = o.month
        CROSS JOIN LATERAL (
            SELECT coalesce(o.present_days, fm.effective_days - o.absent_days - o.leave_days - o.sick_days) AS present
        ) d
        WHERE o.month IN ({months})
          AND o.family_id BETWEEN {low} AND {high} AND o.family_id IN ({chosen})
        ) judged
    ) heard WHERE outcome <> {met}
    UNION ALL
    SELECT u.family_id, u.member_id, u.month, {unknown} FROM unspoken u
    WHERE u.facility_id = (SELECT {facility} FROM registry_componentspell c
                           WHERE c.member_id = u.member_id AND c.spell && {paid})
    ORDER BY family_id, member_id, month"""

# Only what is proven confirms a month: a declaration without evidence stays "not known", which pays and cuts nothing.
_FACILITY_MONTHS = """
    SELECT facility_id, month FROM verification_facilitymonth
    WHERE month IN ({months}) AND evidence <> 'none' ORDER BY facility_id, month"""

# What earlier stages left open. A received stage has none: there the centre settles.
_ADJUSTMENTS = """
    SELECT a.family_id,
           coalesce(sum(a.idr) FILTER (WHERE a.kind = 'back_pay'), 0)::bigint AS back_pay_idr,
           coalesce(sum(a.idr) FILTER (WHERE a.kind = 'recovery'), 0)::bigint AS recovery_idr
    FROM benefits_adjustment a
    WHERE a.settled_run_id IS NULL AND {computed} AND a.family_id IN ({chosen})
    GROUP BY a.family_id ORDER BY a.family_id"""

_QUERIES = {
    "families": (_FAMILIES, FAMILIES),
    "members": (_MEMBERS, MEMBERS),
    "observations": (_OBSERVATIONS, OBSERVATIONS),
    "facility_months": (_FACILITY_MONTHS, FACILITY_MONTHS),
    "adjustments": (_ADJUSTMENTS, ADJUSTMENTS),
}


def read(stage: Stage, rules: StageRules, *, among: Iterable[int] | None = None) -> dict[str, pa.Table]:
    """The tables of `engine.tables.INPUTS` for this stage, or for those of it among some, under the scope that is on.

    Five statements; read them in one REPEATABLE READ transaction (`computing.one_moment`) to see one moment.
    """
    facts = _facts(stage, rules)
    chosen = _CHOSEN.format(**facts)
    if among is not None:
        chosen = f"SELECT c.family_id FROM ({chosen}) c WHERE c.family_id = ANY ({_array(among)})"  # noqa: S608
    # a list that came in a moment ago has no statistics yet: guessing few families, the planner compares each with each
    with many_rows() if among is None else nullcontext():
        return {name: _arrow(sql, _QUERIES[name][1]) for name, sql in _filled(facts, chosen).items()}


def read_for(
    stage: Stage, rules: StageRules, families: Iterable[int], *, as_if_upheld: bool = False
) -> dict[str, pa.Table]:
    """The same for these families; with `as_if_upheld` as if every notice still open stood: what a miss would cost."""
    facts = _facts(stage, rules)
    if as_if_upheld:
        facts["heard"] = hearing.heard(stage, rules, counting=(*COUNTING, Verdict.OPEN))
    chosen = f"SELECT unnest({_array(families)})"
    return {name: _arrow(sql, _QUERIES[name][1]) for name, sql in _filled(facts, chosen).items()}


def _array(families: Iterable[int]) -> str:
    return f"ARRAY[{', '.join(str(int(number)) for number in families)}]::bigint[]"


def missed(stage: Stage, rules: StageRules) -> str:
    """SQL: (family_id, member_id, month, outcome) of what was missed in the observed months and is not exempt."""
    facts = _facts(stage, rules) | {"heard": hearing.missed(stage)}
    told = _filled(facts, _CHOSEN.format(**facts))["observations"]
    return f"SELECT * FROM ({told}) told WHERE outcome = {Outcome.MISSED:d}"  # noqa: S608 - our own text


def members_between(stage: Stage, *, wave: int, low: int, high: int) -> str:
    """SQL: the numbers of the families to freeze for a wave of a computed stage, from `low` to `high`; some twice."""
    return _members(stage, wave, f"BETWEEN {int(low)} AND {int(high)}")


def members_among(stage: Stage, *, wave: int, families: str) -> str:
    """SQL: those of the families (a query of their numbers) that the freeze of a wave would take up; some twice."""
    return _members(stage, wave, f"IN ({families})")


def _members(stage: Stage, wave: int, within: str) -> str:
    wanted = _MEMBERSHIP + (_NOT_DUE_BEFORE if wave else "")
    return wanted.format(**_days(stage), wave=int(wave), within=within)


def texts(stage: Stage, rules: StageRules, chosen: str, *, low: int, high: int) -> dict[str, str]:
    """SQL of each input table, for the families from `low` to `high` that the query `chosen` names; in order of keys.

    `families` also gives `account_id` and `payer`: where the money of the family would go.
    """
    return _filled(_facts(stage, rules), chosen, low=low, high=high)


def _filled(facts: dict[str, str], chosen: str, *, low: int = 0, high: int = EVERYBODY) -> dict[str, str]:
    facts = facts | {
        "chosen": chosen,
        "facility": _FACILITY.format(**facts),
        "low": str(int(low)),
        "high": str(int(high)),
    }
    return {name: sql.format(**facts) for name, (sql, _) in _QUERIES.items()}


def _days(stage: Stage) -> dict[str, str]:
    first, after = paid_days(stage)
    return {
        "stage": str(int(stage.pk)),
        "first": f"DATE '{first.isoformat()}'",
        "after": f"DATE '{after.isoformat()}'",
        "paid": f"daterange('{first.isoformat()}', '{after.isoformat()}')",
    }


def _facts(stage: Stage, rules: StageRules) -> dict[str, str]:
    return _days(stage) | {
        "heard": hearing.heard(stage, rules),
        "computed": str(stage.mode == Mode.COMPUTED).lower(),
        "school": SCHOOL,
        "by_age": BY_AGE,
        "post": str(int(Channel.POST)),
        "pregnant": str(int(Component.PREGNANT)),
        "disability": str(int(Component.DISABILITY)),
        "human_rights": str(int(Component.HUMAN_RIGHTS)),
        **{outcome.name.lower(): str(int(outcome)) for outcome in Outcome},
        "percent": str(int(rules.attendance_percent_min)),
        "months": ", ".join(str(int(month.replace("-", ""))) for month in rules.observes_months) or "0",
    }


def paid_days(stage: Stage) -> tuple[date, date]:
    """The first day the stage pays for and the first day after."""
    return month_days(stage.pays_months[0])[0], month_days(stage.pays_months[-1])[1]


def _arrow(sql: str, schema: pa.Schema) -> pa.Table:
    """A query's rows by COPY, which a psycopg connection gives at a million rows a second without a row in Python."""
    buffer = io.BytesIO()
    with (
        connections[active_alias()].cursor() as cursor,
        cursor.copy(f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER true)") as copy,
    ):
        for block in copy:
            buffer.write(block)
    buffer.seek(0)
    types = dict(zip(schema.names, schema.types, strict=True))
    options = pc.ConvertOptions(column_types=types, true_values=["t"], false_values=["f"], strings_can_be_null=False)
    return pc.read_csv(buffer, convert_options=options).select(schema.names).cast(schema)
