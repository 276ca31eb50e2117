"""Which lines count, at most so many of a component and so many persons, and what each is worth."""

from __future__ import annotations

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from harapan.engine.law import dearest_first
from harapan.engine.reasons import LineReason
from harapan.policy.stage_rules import Scheme, StageRules

NO_LIMIT = 127  # more members than any family has


def crowded(claims: ir.Table, rules: StageRules) -> ir.Table:
    """(family_id) of the families with more eligible lines than some limit allows."""
    eligible = claims.filter(claims.eligible)
    limits = {f"of_{code}": limit for code, limit in _limits(rules).items()}
    counts = {f"of_{code}": eligible.count(where=eligible.component == code) for code in _limits(rules)}
    if rules.persons_max is not None:
        limits["of_all"] = rules.persons_max
        counts["of_all"] = eligible.count()
    if not limits:
        return claims.filter(ibis.literal(False)).select("family_id")
    sizes = eligible.group_by("family_id").aggregate(**counts)
    return sizes.filter(reduce(or_, (sizes[name] > limit for name, limit in limits.items()))).select("family_id")


def counting(claims: ir.Table, crowded: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `counted`: eligible, within the limit of the component and within the limit of persons.

    Only the few `crowded` families are put in order; in all others every eligible line counts.
    """
    plain = claims.anti_join(crowded, "family_id")
    ranked = persons_max(members_max(claims.semi_join(crowded, "family_id"), rules), rules)
    return _counted(plain, plain.eligible).union(ranked.select(*plain.columns, "counted"))


def members_max(claims: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `standing`: at most `ComponentRule.members_max` eligible lines of a component, the lowest member_id first.

    Source: domain facts 1.2 (from about 2020; M).
    """
    limits = _limits(rules)
    if not limits:
        return claims.mutate(standing=claims.eligible)
    nth = ibis.row_number().over(
        group_by=["family_id", "component"], order_by=[claims.eligible.desc(), claims.member_id.asc()]
    )
    ranked = claims.mutate(nth=nth)
    within = ranked.nth < _by_component(ranked.component, limits, "int8", otherwise=NO_LIMIT)
    over = (ranked.eligible & ~within).ifelse(int(LineReason.OVER_MEMBERS_MAX), 0)
    return ranked.mutate(standing=ranked.eligible & within, reason=ranked.reason + over).drop("nth")


def persons_max(standing: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `counted`: at most `persons_max` lines of a family: the dearest, then in the law's order, then by member_id.

    Source: domain facts 1.4 (2019 on: four persons H [S1], dearest first M [S1]).
    """
    if rules.persons_max is None:
        return _counted(standing, standing.standing).drop("standing")
    places = {int(rule.component): place for place, rule in enumerate(dearest_first(rules))}
    placed = standing.mutate(place=_by_component(standing.component, places, "int8"))
    nth = ibis.row_number().over(
        group_by="family_id", order_by=[placed.standing.desc(), placed.place.asc(), placed.member_id.asc()]
    )
    ranked = placed.mutate(nth=nth)
    counted = ranked.standing & (ranked.nth < rules.persons_max)
    over = (ranked.standing & ~counted).ifelse(int(LineReason.OVER_PERSONS_MAX), 0)
    return _counted(ranked.mutate(reason=ranked.reason + over), counted).drop("nth", "place", "standing")


def amounts(lines: ir.Table, rules: StageRules) -> ir.Table:
    """Adds annual_idr and stage_idr, by component; nothing under a flat amount, which is the family's.

    Source: domain facts 1.4 and 1.5; the division into stages and its rounding are in the policy.
    """
    paid = [] if rules.scheme is Scheme.FLAT else rules.components
    return lines.mutate(
        annual_idr=_by_component(lines.component, {int(rule.component): rule.annual_idr for rule in paid}, "int64"),
        stage_idr=_by_component(lines.component, {int(rule.component): rule.stage_idr for rule in paid}, "int64"),
    )


def _limits(rules: StageRules) -> dict[int, int]:
    return {int(rule.component): rule.members_max for rule in rules.components if rule.members_max is not None}


def _counted(lines: ir.Table, counted: ir.BooleanValue) -> ir.Table:
    return lines.mutate(counted=counted, reason=lines.reason + counted.ifelse(int(LineReason.COUNTED), 0))


def _by_component(code: ir.Value, values: dict[int, int], kind: str, otherwise: int = 0) -> ir.IntegerValue:
    cases = [(code == number, ibis.literal(value, kind)) for number, value in values.items()]
    fallback = ibis.literal(otherwise, kind)
    return ibis.cases(*cases, else_=fallback) if cases else fallback
