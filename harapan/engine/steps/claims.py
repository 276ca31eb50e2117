"""Who is, or is taken to be, of a component: one row per such member, with the reason where it cannot be counted.

One person counts for one component, the dearest that fits (domain facts 1.4). A member whom no component fits has a row
with component 0 only where somebody may mend it: a child of school age at no school, a birth date nobody knows.

Ages are compared, never computed: being at least n years old on a day is `born_ymd <= ymd(day) - n * 10000`, which says
the same as `(ymd(day) - born_ymd) // 10000 >= n` and does so on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add, or_

import ibis
import ibis.expr.types as ir

from harapan.core.components import Component
from harapan.engine.law import CLAIMED_BY_AGE, SCHOOL_LEVELS, dearest_first, school_ages, ymd
from harapan.engine.reasons import LineReason
from harapan.policy.stage_rules import ComponentRule, StageRules

NO_COMPONENT = 0


def claims(members: ir.Table, rules: StageRules) -> ir.Table:
    """`tables.MEMBERS` to `tables.CLAIMS`."""
    order = dearest_first(rules)
    absent = [code for code in Component if code not in {rule.component for rule in order}]
    candidates = _candidates(members, order, absent, rules)
    judged = candidates.mutate(**{_fit(rule): _fits(candidates, rule, rules) for rule in order})
    fits = {int(rule.component): judged[_fit(rule)] for rule in order}
    claimed = {code: judged[f"claims_{code}"] for code in [*fits, *map(int, absent)]}
    chosen = judged.mutate(
        eligible=reduce(or_, fits.values()),
        fits_n=reduce(add, (fit.cast("int8") for fit in fits.values())),
        component=ibis.cases(
            *((fit, code) for code, fit in fits.items()),
            *((claim, code) for code, claim in claimed.items()),
            else_=NO_COMPONENT,
        ),
    )
    told = chosen.mutate(reason=_reason(chosen, order, absent, rules))
    return told.select("family_id", "member_id", "facility_id", "component", "eligible", "reason")


def _candidates(members: ir.Table, order: list[ComponentRule], absent: list[Component], rules: StageRules) -> ir.Table:
    """Members with a claim, or with something missing that could make one; a column for each component's claim."""
    claimed = {rule.component: _claim(members, rule.component, rule, rules) for rule in order}
    claimed |= {code: _claim(members, code, None, rules) for code in absent}
    marked = members.mutate(**{f"claims_{int(code)}": claim for code, claim in claimed.items()})
    anything = reduce(or_, (marked[f"claims_{int(code)}"] for code in claimed))
    return marked.filter(anything | (marked.born_ymd == 0) | _at_no_school(marked, rules))


def _claim(members: ir.Table, component: Component, rule: ComponentRule | None, rules: StageRules) -> ir.BooleanValue:
    """What makes a member a candidate. Source: domain facts 1.2."""
    if component in SCHOOL_LEVELS:
        return members.school_level == int(component)
    if component in CLAIMED_BY_AGE:
        return _claim_by_age(members, component, rule, rules)
    facts = {
        Component.PREGNANT: members.pregnant,
        Component.DISABILITY: members.severe_disability,
        Component.HUMAN_RIGHTS: members.human_rights,
    }
    return facts[component]


def _claim_by_age(
    members: ir.Table, component: Component, rule: ComponentRule | None, rules: StageRules
) -> ir.BooleanValue:
    """A young child or an elderly person: by age, or because the centre's list says so."""
    candidate = members.listed_component == int(component)
    if rule is not None:
        candidate |= _aged_between(members, rule.age_min_years or 0, rule.age_max_years, rules)
    if component is Component.TODDLER:  # "not in school": domain facts 1.2
        candidate &= members.school_level == 0
    return candidate


def _fits(members: ir.Table, rule: ComponentRule, rules: StageRules) -> ir.BooleanValue:
    claim = members[f"claims_{int(rule.component)}"]
    hindrances = _hindrances(members, rule, rules)
    return claim & ~reduce(or_, hindrances.values()) if hindrances else claim


def _hindrances(members: ir.Table, rule: ComponentRule, rules: StageRules) -> dict[LineReason, ir.BooleanValue]:
    """Every reason why a candidate may not fit. Where no birth date is known, age hinders nobody."""
    hindrances: dict[LineReason, ir.BooleanValue] = {}
    if rule.age_min_years is not None:
        hindrances[LineReason.AGE_BELOW] = members.born_ymd > _born_at(rule.age_min_years, rules)
    if rule.age_max_years is not None:
        too_old = members.born_ymd <= _born_at(rule.age_max_years + 1, rules)
        hindrances[LineReason.AGE_ABOVE] = (members.born_ymd > 0) & too_old
    if rule.component in SCHOOL_LEVELS:  # twelve years completed: domain facts 1.2
        hindrances[LineReason.FINISHED_SCHOOL] = members.finished_school
    if rule.component is Component.PREGNANT and rule.births_max is not None:  # about 2020 on: domain facts 1.2
        hindrances[LineReason.OVER_BIRTHS_MAX] = members.pregnancy_no > rule.births_max
    return hindrances


def _reason(
    chosen: ir.Table, order: list[ComponentRule], absent: list[Component], rules: StageRules
) -> ir.IntegerValue:
    """Why the chosen component does not fit, whether its age is proven, and whether another would fit as well."""
    missing = _bit(chosen.born_ymd == 0, LineReason.BIRTH_UNKNOWN)
    missing += _bit(_at_no_school(chosen, rules), LineReason.NOT_AT_SCHOOL)
    hindered = {rule.component: _bits(_hindrances(chosen, rule, rules)) for rule in order}
    by_component = ibis.cases(
        (chosen.component == NO_COMPONENT, missing),
        (chosen.eligible, 0),
        *((chosen.component == int(code), bits) for code, bits in hindered.items() if bits is not None),
        *((chosen.component == int(code), int(LineReason.COMPONENT_ABSENT)) for code in absent),
        else_=0,
    )
    limited = (rule for rule in order if {rule.age_min_years, rule.age_max_years} != {None})
    rests_on_age = (chosen.component == int(rule.component) for rule in limited)
    unproven = (chosen.born_ymd == 0) & reduce(or_, rests_on_age, ibis.literal(False))
    several = _bit(chosen.fits_n > 1, LineReason.ALSO_ELSEWHERE)
    return by_component + _bit(unproven, LineReason.BIRTH_UNKNOWN) + several


def _at_no_school(members: ir.Table, rules: StageRules) -> ir.BooleanValue:
    """Of school age, at no school and not through with it: not counted at validation (domain facts 1.2, M [S12])."""
    ages = school_ages(rules)
    if ages is None:
        return ibis.literal(False)
    return _aged_between(members, *ages, rules) & (members.school_level == 0) & ~members.finished_school


def _aged_between(members: ir.Table, low: int, high: int | None, rules: StageRules) -> ir.BooleanValue:
    """Known to be so many whole years old on the day of the stage, both ends included."""
    of_age = (members.born_ymd > 0) & (members.born_ymd <= _born_at(low, rules))
    return of_age if high is None else of_age & (members.born_ymd > _born_at(high + 1, rules))


def _born_at(years: int, rules: StageRules) -> int:
    """The latest birth day of somebody that old on the day of the stage."""
    return ymd(rules.ages_on) - years * 10000


def _fit(rule: ComponentRule) -> str:
    return f"fits_{int(rule.component)}"


def _bits(conditions: dict[LineReason, ir.BooleanValue]) -> ir.IntegerValue | None:
    bits: Iterable[ir.IntegerValue] = (_bit(condition, flag) for flag, condition in conditions.items())
    return reduce(add, bits) if conditions else None


def _bit(condition: ir.BooleanValue, flag: LineReason) -> ir.IntegerValue:
    return condition.ifelse(ibis.literal(int(flag), "int32"), ibis.literal(0, "int32"))
