"""What a recorded miss counts for in a computed stage, as SQL over the judged observations of `inputs`.

It cuts only where the law asks for no hearing, or the family was told and its notice stands; where no service exists it
never does. In a received stage the centre decides, so a miss is passed on as it was recorded.
"""

from __future__ import annotations

from collections.abc import Iterable

from harapan.benefits.ladder import stages_before
from harapan.benefits.models import COUNTING, Mode, Stage, Verdict
from harapan.engine.tables import Outcome
from harapan.policy.stage_rules import Effect, Payment, StageRules

# judged: a row per member and month with its outcome (`inputs._OBSERVATIONS`)
_EXEMPT = """EXISTS (
    SELECT 1 FROM verification_exemption x
    WHERE x.withdrawn_on IS NULL AND judged.month BETWEEN x.month_from AND x.month_to
      AND judged.region_no >= x.region_id AND judged.region_no < x.region_high
      AND (x.component IS NULL OR EXISTS (
          SELECT 1 FROM registry_componentspell c
          WHERE c.member_id = judged.member_id AND c.component = x.component
            AND judged.month BETWEEN coalesce(to_char(lower(c.spell), 'YYYYMM')::int, 0)
                                 AND coalesce(to_char(upper(c.spell) - 1, 'YYYYMM')::int, 999912))))"""
_NOTICE = """EXISTS (
    SELECT 1 FROM benefits_sanctionnotice n
    WHERE n.stage_id = {stage} AND n.family_id = judged.family_id AND n.month = judged.month
      AND n.verdict IN ({verdicts}) AND judged.member_id = ANY (n.members))"""
_MISSED_THEN = """EXISTS (
    SELECT 1 FROM benefits_sanctionnotice n
    WHERE n.stage_id IN ({stages}) AND n.family_id = judged.family_id AND n.verdict IN ({verdicts}))"""


def heard(stage: Stage, rules: StageRules, *, counting: Iterable[Verdict] = COUNTING) -> str:
    """SQL: the outcome a stage gives a judged observation. `counting`: verdicts under which a miss stands.

    A miss that does not stand is excused, and met where the law leaves excused months unpaid: nobody is cut unheard.
    """
    if stage.mode != Mode.COMPUTED:
        return "judged.outcome"
    spared = int(Outcome.EXCUSED if rules.excused_pays is Payment.PAID else Outcome.MET)
    stands = " AND ".join([f"NOT {_EXEMPT}", *_conditions(stage, rules, counting)])
    return f"CASE WHEN judged.outcome = {Outcome.MISSED:d} AND NOT ({stands}) THEN {spared} ELSE judged.outcome END"


def missed(stage: Stage) -> str:
    """SQL: the outcome where it is a miss that may be held against the family, met for all else."""
    return (
        f"CASE WHEN judged.outcome = {Outcome.MISSED:d} AND NOT {_EXEMPT} THEN judged.outcome ELSE {Outcome.MET:d} END"
    )


def standing(stage: Stage) -> str:
    """SQL: (family_id, member_id, month) of every miss of the stage that stands, exemptions left out."""
    return f"""
        SELECT judged.family_id, judged.member_id, judged.month
        FROM (
            SELECT n.family_id, n.region_no, unnest(n.members) AS member_id, n.month FROM benefits_sanctionnotice n
            WHERE n.stage_id = {int(stage.pk)} AND n.verdict IN ({quoted(COUNTING)})
              AND (%(families)s::bigint[] IS NULL OR n.family_id = ANY (%(families)s::bigint[]))
        ) judged
        WHERE NOT {_EXEMPT}"""  # noqa: S608 - our own text and a number


def quoted(verdicts: Iterable[Verdict]) -> str:
    """The verdicts as they stand in an SQL list."""
    return ", ".join(f"'{verdict.value}'" for verdict in verdicts)


def _conditions(stage: Stage, rules: StageRules, counting: Iterable[Verdict]) -> list[str]:
    if not rules.sanction.hearing_required:
        return []
    verdicts = quoted(counting)
    conditions = [_NOTICE.format(stage=int(stage.pk), verdicts=verdicts)]
    warned = warned_stages(rules)
    if warned is None:
        return ["false"]
    if warned:  # a warning comes first: it cuts only after so many stages in a row before this one
        before = stages_before(stage)[:warned]
        numbers = (", ".join(str(int(each.pk)) for each in row) for row in before)
        conditions += [_MISSED_THEN.format(stages=row, verdicts=quoted(COUNTING)) for row in numbers]
        conditions += ["false"] * (len(before) < warned)
    return conditions


def warned_stages(rules: StageRules) -> int | None:
    """How many stages in a row the ladder only warns; None where it never does more."""
    if rules.sanction.effect(1) is not Effect.WARN:
        return 0
    harder = [step.from_stage for step in rules.sanction.ladder if step.effect is not Effect.WARN]
    return harder[0] - 1 if harder else None
