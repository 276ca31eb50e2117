"""The meaning of the rules: one family, plain Python, nothing clever.

The steps are the same at speed, and chance compares them. The page "Mengapa jumlah ini?" runs `compute` for its family,
so there is no third version. The source of each rule is named beside the step of the same subject.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.engine.law import (
    ANY_FAMILY,
    CLAIMED_BY_AGE,
    SCHOOL_LEVELS,
    dearest_first,
    month_number,
    refuse_unusable,
    school_ages,
    ymd,
)
from harapan.engine.reasons import (
    CUT_SHIFT,
    EXCUSED_SHIFT,
    MISSED_SHIFT,
    UNKNOWN_SHIFT,
    FamilyReason,
    LineReason,
)
from harapan.engine.tables import Channel, Decision, Outcome
from harapan.policy.stage_rules import ComponentRule, FixedRule, FlatRule, Payment, Scheme, StageRules

COUNTED = LineReason.COUNTED
WITHIN = COUNTED | LineReason.OVER_MEMBERS_MAX | LineReason.OVER_PERSONS_MAX  # an eligible line has one of these
STANDS = (Outcome.EXCUSED, Outcome.MISSED, Outcome.UNKNOWN)  # of several seen in one month the first of these


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One row of `tables.MEMBERS`."""

    member_id: int
    born_ymd: int = 0
    school_level: int = 0
    finished_school: bool = False
    pregnant: bool = False
    pregnancy_no: int = 0
    severe_disability: bool = False
    human_rights: bool = False
    listed_component: int = 0
    facility_id: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """One row of `tables.FAMILIES`, with its members and what was seen of them."""

    family_id: int
    region_no: int = 0
    group_id: int = 0
    category: int = 0
    channel: int = int(Channel.UNKNOWN)
    members: tuple[Member, ...] = ()
    exceptions: Mapping[tuple[int, int], Collection[int]] = field(default_factory=dict)  # (member, yyyymm) -> outcomes
    confirmed: Collection[tuple[int, int]] = frozenset()  # (facility_id, yyyymm)
    back_pay_idr: int = 0  # its row of `tables.ADJUSTMENTS`
    recovery_idr: int = 0


@dataclass(slots=True)
class Line:
    """One row of `tables.LINES`; `months` are the outcomes of an obligation, in the order of the observed months."""

    member_id: int
    component: int
    annual_idr: int
    stage_idr: int
    reason: int
    eligible: bool
    counted: bool = False
    months: tuple[Outcome, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of `tables.ENTITLEMENTS` with its lines, in order of member_id."""

    decision: Decision
    gross_idr: int
    cut_idr: int
    net_idr: int
    reasons: int
    lines: tuple[Line, ...]
    back_pay_idr: int = 0
    recovered_idr: int = 0


def compute(family: Family, rules: StageRules) -> Answer:
    """What the family is due in the stage, and why."""
    refuse_unusable(rules)
    not_computed = _not_computed(family, rules)
    if not_computed in (Decision.OTHER_CHANNEL, Decision.CHANNEL_UNKNOWN, Decision.NO_MEMBERS):
        return Answer(not_computed, 0, 0, 0, 0, ())
    found = (_line(member, rules) for member in sorted(family.members, key=lambda member: member.member_id))
    lines = [line for line in found if line is not None]
    _limit_members(lines, rules)
    _limit_persons(lines, rules)
    _look_at_months(lines, family, rules)
    stage_idr, bits = _gross(family, lines, rules)
    sanction_idr, cut_bits = _cut(stage_idr, lines, rules)
    for line in lines:
        bits |= line.reason
    gross_idr = stage_idr + family.back_pay_idr
    recovered_idr = min(family.recovery_idr, gross_idr - sanction_idr)
    net_idr = gross_idr - sanction_idr - recovered_idr
    if not gross_idr and not any(line.counted for line in lines):
        decision = Decision.NO_COMPONENT
    else:
        decision = Decision.DUE if net_idr else Decision.ALL_CUT
    bits |= cut_bits | _adjusted(family, recovered_idr)
    cut_idr = sanction_idr + recovered_idr
    return Answer(decision, gross_idr, cut_idr, net_idr, bits, tuple(lines), family.back_pay_idr, recovered_idr)


def _adjusted(family: Family, recovered_idr: int) -> FamilyReason:
    bits = FamilyReason.BACK_PAY if family.back_pay_idr else FamilyReason(0)
    if recovered_idr:
        bits |= FamilyReason.RECOVERY
    return bits | FamilyReason.RECOVERY_LEFT if recovered_idr < family.recovery_idr else bits


def cut_if_missed(
    stage_idr: int, lines: Iterable[tuple[int, int, int]], missed: Collection[tuple[int, int]], rules: StageRules
) -> int:
    """The sanction on an amount where of the months missed or spared these stand: what a verdict after the run changes.

    stage_idr: gross without back-pay. lines: (member_id, component, reason) of the run. missed: (member_id, yyyymm).
    """
    found = []
    for member_id, component, reason in lines:
        line = Line(member_id, component, 0, 0, reason, eligible=bool(reason & WITHIN), counted=bool(reason & COUNTED))
        if line.eligible and component in rules.obligated and rules.observes_months:
            line.months = tuple(
                _heard(reason, place, (member_id, month_number(name)) in missed)
                for place, name in enumerate(rules.observes_months)
            )
        found.append(line)
    return _cut(stage_idr, found, rules)[0]


def _heard(reason: int, place: int, missed: bool) -> Outcome:
    """A month of a line, given whether its miss stands: only what the run saw as missed or spared can be missed."""
    was_missed, was_excused, was_unknown = (
        reason >> shift + place & 1 for shift in (MISSED_SHIFT, EXCUSED_SHIFT, UNKNOWN_SHIFT)
    )
    if was_unknown:
        return Outcome.UNKNOWN
    if missed and (was_missed or was_excused):
        return Outcome.MISSED
    return Outcome.EXCUSED if was_excused else Outcome.MET


def _not_computed(family: Family, rules: StageRules) -> Decision | None:
    if rules.channel != "all":
        if family.channel == Channel.UNKNOWN:
            return Decision.CHANNEL_UNKNOWN
        if family.channel != Channel[rules.channel.upper()]:
            return Decision.OTHER_CHANNEL
    return None if family.members else Decision.NO_MEMBERS


def _line(member: Member, rules: StageRules) -> Line | None:
    """The member's line: the dearest component that fits, else the first one claimed, else what is missing."""
    known = {rule.component: rule for rule in dearest_first(rules)}
    candidates = [*known, *(code for code in Component if code not in known)]
    claimed = [code for code in candidates if _claims(member, code, known.get(code), rules)]
    fitting = [code for code in claimed if code in known and not _hindrances(member, known[code], rules)]
    if fitting:
        rule = known[fitting[0]]
        reason = LineReason.ALSO_ELSEWHERE if len(fitting) > 1 else LineReason(0)
        return _priced(member, rule, rules, reason | _unproven(member, rule), eligible=True)
    if not claimed:
        missing = _missing(member, rules)
        return Line(member.member_id, 0, 0, 0, int(missing), eligible=False) if missing else None
    if claimed[0] not in known:
        return Line(member.member_id, int(claimed[0]), 0, 0, int(LineReason.COMPONENT_ABSENT), eligible=False)
    rule = known[claimed[0]]
    return _priced(member, rule, rules, _hindrances(member, rule, rules) | _unproven(member, rule), eligible=False)


def _priced(member: Member, rule: ComponentRule, rules: StageRules, reason: LineReason, *, eligible: bool) -> Line:
    paid = rules.scheme is Scheme.COMPONENTS
    amounts = (rule.annual_idr, rule.stage_idr) if paid else (0, 0)
    return Line(member.member_id, int(rule.component), *amounts, int(reason), eligible)


def _claims(member: Member, code: Component, rule: ComponentRule | None, rules: StageRules) -> bool:
    if code in SCHOOL_LEVELS:
        return member.school_level == code
    if code in CLAIMED_BY_AGE:
        if code is Component.TODDLER and member.school_level:
            return False
        return member.listed_component == code or (rule is not None and _of_age(member, rule, rules))
    return {
        Component.PREGNANT: member.pregnant,
        Component.DISABILITY: member.severe_disability,
        Component.HUMAN_RIGHTS: member.human_rights,
    }[code]


def _of_age(member: Member, rule: ComponentRule, rules: StageRules) -> bool:
    age = _age(member, rules)
    if not member.born_ymd or age < (rule.age_min_years or 0):
        return False
    return rule.age_max_years is None or age <= rule.age_max_years


def _age(member: Member, rules: StageRules) -> int:
    """Whole years on the day of the stage; -1 when not known or not yet born."""
    on = ymd(rules.ages_on)
    return (on - member.born_ymd) // 10000 if 0 < member.born_ymd <= on else -1


def _hindrances(member: Member, rule: ComponentRule, rules: StageRules) -> LineReason:
    age, bits = _age(member, rules), LineReason(0)
    if member.born_ymd and rule.age_min_years is not None and age < rule.age_min_years:
        bits |= LineReason.AGE_BELOW
    if member.born_ymd and rule.age_max_years is not None and age > rule.age_max_years:
        bits |= LineReason.AGE_ABOVE
    if rule.component in SCHOOL_LEVELS and member.finished_school:
        bits |= LineReason.FINISHED_SCHOOL
    if rule.component is Component.PREGNANT and rule.births_max is not None and member.pregnancy_no > rule.births_max:
        bits |= LineReason.OVER_BIRTHS_MAX
    return bits


def _unproven(member: Member, rule: ComponentRule) -> LineReason:
    limited = rule.age_min_years is not None or rule.age_max_years is not None
    return LineReason.BIRTH_UNKNOWN if limited and not member.born_ymd else LineReason(0)


def _missing(member: Member, rules: StageRules) -> LineReason:
    if not member.born_ymd:
        return LineReason.BIRTH_UNKNOWN
    ages = school_ages(rules)
    at_no_school = not member.school_level and not member.finished_school
    if ages is not None and at_no_school and ages[0] <= _age(member, rules) <= ages[1]:
        return LineReason.NOT_AT_SCHOOL
    return LineReason(0)


def _limit_members(lines: list[Line], rules: StageRules) -> None:
    for rule in rules.components:
        if rule.members_max is None:
            continue
        of_component = [line for line in lines if line.eligible and line.component == rule.component]
        for line in of_component[rule.members_max :]:
            line.reason |= LineReason.OVER_MEMBERS_MAX


def _limit_persons(lines: list[Line], rules: StageRules) -> None:
    order = [int(rule.component) for rule in dearest_first(rules)]
    standing = [line for line in lines if line.eligible and not line.reason & LineReason.OVER_MEMBERS_MAX]
    standing.sort(key=lambda line: (order.index(line.component), line.member_id))
    limit = len(standing) if rules.persons_max is None else rules.persons_max
    for line in standing[:limit]:
        line.counted = True
        line.reason |= LineReason.COUNTED
    for line in standing[limit:]:
        line.reason |= LineReason.OVER_PERSONS_MAX


def _look_at_months(lines: list[Line], family: Family, rules: StageRules) -> None:
    members = {member.member_id: member for member in family.members}
    shifts = {Outcome.MISSED: MISSED_SHIFT, Outcome.EXCUSED: EXCUSED_SHIFT, Outcome.UNKNOWN: UNKNOWN_SHIFT}
    for line in lines:
        if not rules.observes_months or not line.eligible or line.component not in rules.obligated:
            continue
        member = members[line.member_id]
        line.months = tuple(_outcome(member, month_number(name), family) for name in rules.observes_months)
        for place, outcome in enumerate(line.months):
            if outcome in shifts:
                line.reason |= 1 << shifts[outcome] + place
        if not member.facility_id:
            line.reason |= LineReason.FACILITY_UNKNOWN


def _outcome(member: Member, month: int, family: Family) -> Outcome:
    if (member.facility_id, month) not in family.confirmed:
        return Outcome.UNKNOWN
    seen = family.exceptions.get((member.member_id, month), ())
    return next((outcome for outcome in STANDS if outcome in seen), Outcome.MET)


def _gross(family: Family, lines: list[Line], rules: StageRules) -> tuple[int, int]:
    if not any(line.counted for line in lines):
        return 0, 0
    bits = 0
    if rules.scheme is Scheme.FLAT:
        gross_idr = _stage_amount(family.category, rules.flat, rules)
        bits |= FamilyReason.FLAT
    else:
        gross_idr = sum(line.stage_idr for line in lines if line.counted)
    if rules.fixed:
        gross_idr += _stage_amount(family.category, rules.fixed, rules)
        bits |= FamilyReason.FIXED
    if rules.family_min_idr is not None and gross_idr < rules.family_min_idr:
        gross_idr, bits = rules.family_min_idr, bits | FamilyReason.RAISED_TO_MIN
    if rules.family_max_idr is not None and gross_idr > rules.family_max_idr:
        gross_idr, bits = rules.family_max_idr, bits | FamilyReason.LOWERED_TO_MAX
    return gross_idr, bits


def _stage_amount(category: int, amounts: tuple[FlatRule, ...] | tuple[FixedRule, ...], rules: StageRules) -> int:
    rates = {amount.category: amount.stage_idr for amount in amounts}
    if category not in rates and ANY_FAMILY not in rates:
        raise Refused(
            "Tahap {stage} belum memuat jumlah untuk keluarga kategori {category}. Tambahkan beserta sumbernya.",
            stage=rules.stage,
            category=category,
        )
    return rates[category] if category in rates else rates[ANY_FAMILY]


def _cut(gross_idr: int, lines: list[Line], rules: StageRules) -> tuple[int, int]:
    watched = [line for line in lines if line.months and (line.counted or rules.whose_attendance != "counted")]
    failing = {Outcome.MISSED}
    if rules.unknown_pays is Payment.UNPAID:
        failing.add(Outcome.UNKNOWN)
    if rules.excused_pays is Payment.UNPAID:
        failing.add(Outcome.EXCUSED)
    failed = [any(line.months[place] in failing for line in watched) for place in range(len(rules.observes_months))]
    if not gross_idr or not any(failed):
        return 0, 0

    sanction = rules.sanction
    if sanction.cut_idr_per_month is not None:
        wanted_idr, most_idr = sum(failed) * sanction.cut_idr_per_month, gross_idr
    else:
        wanted_idr = gross_idr * sum(failed) * sanction.percent_per_month // 100
        most_idr = gross_idr * sanction.percent_max // 100
    cut_idr = min(wanted_idr, most_idr)
    bits = 0
    if sanction.nothing_if_all_missed and all(month in failing for line in watched for month in line.months):
        cut_idr, bits = gross_idr, int(FamilyReason.ALL_MISSED)
    elif cut_idr and wanted_idr > most_idr:
        bits = int(FamilyReason.CUT_AT_MAX)
    if not cut_idr:
        return 0, int(FamilyReason.NOT_SANCTIONED)
    months = sum(1 << place for place, missed in enumerate(failed) if missed)
    return cut_idr, bits | FamilyReason.CUT | months << CUT_SHIFT
