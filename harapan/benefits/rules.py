"""Why the ministry's amount and ours may part: one family at a time, plain Python, the obvious reading of two figures.

Nobody tells us the centre's reasons, so a reason is looked for that gives the very amount: a fact outside the amounts
first, then one change that explains all of the gap, then two. docs/differences.md is the same for people.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

from harapan.benefits.enums import Certainty, Reason
from harapan.core.components import Component
from harapan.engine.law import CLAIMED_BY_AGE
from harapan.engine.reasons import LineReason
from harapan.engine.tables import Decision
from harapan.policy.stage_rules import StageRules

AGE = LineReason.AGE_BELOW | LineReason.AGE_ABOVE | LineReason.BIRTH_UNKNOWN
OVER = LineReason.OVER_PERSONS_MAX | LineReason.OVER_MEMBERS_MAX | LineReason.OVER_BIRTHS_MAX
# a child goes up a school: the commonest fact that one side knows before the other
SCHOOL_STEPS = frozenset(
    {
        (Component.TODDLER, Component.PRIMARY),
        (Component.PRIMARY, Component.JUNIOR),
        (Component.JUNIOR, Component.SENIOR),
    }
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A member as the run saw it (`engine.tables.LINES`)."""

    member_id: int
    component: int
    stage_idr: int
    counted: bool
    reason: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One family of a stage: what the list pays, what the run found, and what the registry knows beside it."""

    received_idr: int
    listed: bool = True
    net_idr: int = 0
    gross_idr: int = 0
    cut_idr: int = 0
    decision: int | None = None  # None: the run does not know the family
    lines: tuple[CaseLine, ...] = ()
    members: int = 0  # living members on record, the pengurus among them
    enrolled: bool = True
    has_account: bool = True
    missed_months: int = 0  # observed months with a recorded absence, proven or only declared
    listed_components: tuple[int, ...] = ()  # where the list itself names them
    exclude: str = ""  # the centre's latest exclude code
    unmatched_nik: bool = False
    desil: int = 0  # 0: not known


@dataclass(frozen=True, slots=True)
class Explanation:
    reason: Reason
    certainty: Certainty
    detail: dict[str, Any] = field(default_factory=dict)


def explain(case: Case, rules: StageRules, *, desil_max: int | None = None) -> Explanation | None:
    """The likeliest reason for the gap; None where there is none."""
    if case.received_idr == case.net_idr:
        return None
    if not case.listed:
        return _absent(case, desil_max)
    return (
        _not_comparable(case)
        or _by_attendance(case, rules)
        or _by_the_lists_own_components(case)
        or _by_one_change(case, rules)
        or _by_possible_cut(case, rules)
        or _by_two_changes(case, rules)
        or Explanation(Reason.NOT_EXPLAINED, Certainty.POSSIBLE)
    )


def _absent(case: Case, desil_max: int | None) -> Explanation:
    """Due by our reckoning and not on the list."""
    if case.exclude:
        return Explanation(Reason.EXCLUDED, Certainty.CERTAIN, {"code": case.exclude})
    if case.unmatched_nik:
        return Explanation(Reason.NIK, Certainty.LIKELY)
    if desil_max is not None and case.desil > desil_max:
        return Explanation(Reason.DESIL, Certainty.LIKELY, {"desil": case.desil, "desil_max": desil_max})
    if not case.has_account:
        return Explanation(Reason.ACCOUNT, Certainty.POSSIBLE)
    return Explanation(Reason.NOT_LISTED, Certainty.POSSIBLE)


def _not_comparable(case: Case) -> Explanation | None:
    """Facts that make the two figures no comparison of amounts at all."""
    if case.exclude and not case.received_idr:
        return Explanation(Reason.EXCLUDED, Certainty.CERTAIN, {"code": case.exclude})
    if not case.enrolled:
        return Explanation(Reason.NOT_ENROLLED, Certainty.CERTAIN)
    if case.decision in (Decision.OTHER_CHANNEL, Decision.CHANNEL_UNKNOWN):
        return Explanation(Reason.ACCOUNT, Certainty.LIKELY)
    if case.members == 0 or case.decision in (None, Decision.NO_MEMBERS):
        return Explanation(Reason.NO_MEMBERS, Certainty.CERTAIN)
    if case.members == 1 and not case.lines:  # only the pengurus, as a list brings it
        return Explanation(Reason.NO_MEMBERS, Certainty.CERTAIN, {"pengurus_only": True})
    if not case.received_idr and not case.has_account:
        return Explanation(Reason.ACCOUNT, Certainty.LIKELY)
    return None


def _by_attendance(case: Case, rules: StageRules) -> Explanation | None:
    """We cut and the list does not, or the list pays what the ladder would leave for absences on record."""
    if case.cut_idr and case.received_idr == case.gross_idr:
        return Explanation(Reason.ATTENDANCE, Certainty.CERTAIN, {"cut_by": "us", "amount_idr": case.cut_idr})
    if case.missed_months and _months_cut(case, rules):
        return Explanation(Reason.ATTENDANCE, Certainty.LIKELY, _cut_detail(case, rules))
    return None


def _by_possible_cut(case: Case, rules: StageRules) -> Explanation | None:
    """The list pays exactly what the ladder would leave, though no absence is on record here."""
    if _months_cut(case, rules):
        return Explanation(Reason.ATTENDANCE, Certainty.POSSIBLE, _cut_detail(case, rules))
    return None


def _months_cut(case: Case, rules: StageRules) -> int:
    """For how many missed months the ladder would turn the gross amount into the received one; 0 for none."""
    sanction = rules.sanction
    for months in range(1, len(rules.observes_months) + 1):
        if sanction.cut_idr_per_month is not None:
            cut_idr = min(months * sanction.cut_idr_per_month, case.gross_idr)
        else:
            percent = min(months * sanction.percent_per_month, sanction.percent_max)
            cut_idr = case.gross_idr * percent // 100
        if cut_idr and case.gross_idr - cut_idr == case.received_idr:
            return months
    return 0


def _cut_detail(case: Case, rules: StageRules) -> dict[str, Any]:
    months = _months_cut(case, rules)
    return {"cut_by": "centre", "months": months, "amount_idr": case.gross_idr - case.received_idr}


def _by_the_lists_own_components(case: Case) -> Explanation | None:
    if not case.listed_components:
        return None
    theirs = Counter(case.listed_components)
    ours = Counter(line.component for line in case.lines if line.counted)
    if theirs == ours:
        return None
    return Explanation(
        Reason.COMPONENT,
        Certainty.CERTAIN,
        {"only_listed": sorted((theirs - ours).elements()), "only_ours": sorted((ours - theirs).elements())},
    )


def _by_one_change(case: Case, rules: StageRules) -> Explanation | None:
    """One member more, less or of another component gives the whole gap, before or after a cut."""
    for base_idr in dict.fromkeys((case.gross_idr, case.net_idr)):
        gap_idr = case.received_idr - base_idr
        found = _more(case, rules, gap_idr) if gap_idr > 0 else _less(case, -gap_idr)
        found = found or _other_component(case, rules, gap_idr)
        if found:
            return found
    return None


def _more(case: Case, rules: StageRules, gap_idr: int) -> Explanation | None:
    """The list pays more: for somebody we know and do not count, else for somebody we do not know."""
    uncounted = [line for line in case.lines if not line.counted and line.stage_idr]
    for line in uncounted:
        if line.reason & AGE and line.stage_idr == gap_idr:
            return Explanation(Reason.AGE, Certainty.LIKELY, _of(line))
    over = [line for line in uncounted if line.reason & OVER]
    for count in range(1, len(over) + 1):
        for chosen in combinations(over, count):
            if sum(line.stage_idr for line in chosen) == gap_idr:
                return Explanation(Reason.CAP, Certainty.LIKELY, {"members": [line.member_id for line in chosen]})
    adds = sorted(int(rule.component) for rule in rules.components if rule.stage_idr and rule.stage_idr == gap_idr)
    if adds:
        return Explanation(Reason.UNKNOWN_MEMBER, Certainty.LIKELY, {"components": adds, "amount_idr": gap_idr})
    return None


def _less(case: Case, gap_idr: int) -> Explanation | None:
    """The list pays less: it does not count somebody whom we count."""
    fitting = [line for line in case.lines if line.counted and line.stage_idr == gap_idr]
    if not fitting:
        return None
    doubtful = [line for line in fitting if line.reason & LineReason.BIRTH_UNKNOWN]
    if doubtful:
        return Explanation(Reason.AGE, Certainty.LIKELY, _of(doubtful[0]))
    line = fitting[0]
    if Component(line.component) in CLAIMED_BY_AGE:
        return Explanation(Reason.AGE, Certainty.POSSIBLE, _of(line))
    return Explanation(Reason.COMPONENT, Certainty.LIKELY, {**_of(line), "missing_on": "list"})


def _other_component(case: Case, rules: StageRules, gap_idr: int) -> Explanation | None:
    """The list counts the same member for another component; a school further up or down is the likely one."""
    swaps = list(_swaps(case, rules, gap_idr))
    steps = [swap for swap in swaps if swap[1:] in SCHOOL_STEPS or swap[:0:-1] in SCHOOL_STEPS]
    for chosen, certainty in ((steps, Certainty.LIKELY), (swaps, Certainty.POSSIBLE)):
        if chosen:
            line, ours, theirs = chosen[0]
            return Explanation(
                Reason.COMPONENT,
                certainty,
                {"member": line.member_id, "component": int(ours), "listed_as": int(theirs)},
            )
    return None


def _swaps(case: Case, rules: StageRules, gap_idr: int) -> Iterator[tuple[CaseLine, Component, Component]]:
    for line in case.lines:
        if not line.counted:
            continue
        for rule in rules.components:
            if rule.component != line.component and rule.stage_idr - line.stage_idr == gap_idr:
                yield line, Component(line.component), rule.component


def _by_two_changes(case: Case, rules: StageRules) -> Explanation | None:
    gap_idr = case.received_idr - case.gross_idr
    if gap_idr > 0:
        amounts = sorted({rule.stage_idr for rule in rules.components if rule.stage_idr})
        if any(one + other == gap_idr for place, one in enumerate(amounts) for other in amounts[place:]):
            return Explanation(Reason.UNKNOWN_MEMBER, Certainty.POSSIBLE, {"amount_idr": gap_idr, "persons": 2})
        return None
    counted = [line for line in case.lines if line.counted]
    for one, other in combinations(counted, 2):
        if one.stage_idr + other.stage_idr == -gap_idr:
            detail = {"members": [one.member_id, other.member_id], "missing_on": "list"}
            return Explanation(Reason.COMPONENT, Certainty.POSSIBLE, detail)
    return None


def _of(line: CaseLine) -> dict[str, Any]:
    return {"member": line.member_id, "component": line.component, "amount_idr": line.stage_idr}
