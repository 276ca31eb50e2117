"""What each line is worth and which lines count: at most so many of a component, then at most so many persons."""

from __future__ import annotations

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from harapan.engine.law import dearest_first
from harapan.engine.reasons import LineReason
from harapan.policy.stage_rules import Scheme, StageRules

NO_LIMIT = 127  # more members than any family has


def amounts(claims: ir.Table, rules: StageRules) -> ir.Table:
    """`tables.CLAIMS` to `tables.PRICED`: annual_idr, stage_idr and the component's rank by price.

    Source: domain facts 1.4 and 1.5; the division into stages and its rounding are in the policy.
    """
    order = dearest_first(rules)
    paid = [] if rules.scheme is Scheme.FLAT else order
    code = claims.component
    return claims.mutate(
        annual_idr=_by_component(code, {int(rule.component): rule.annual_idr for rule in paid}, "int64"),
        stage_idr=_by_component(code, {int(rule.component): rule.stage_idr for rule in paid}, "int64"),
        place=_by_component(code, {int(rule.component): place for place, rule in enumerate(order)}, "int8"),
    )


def crowded(priced: ir.Table, rules: StageRules) -> ir.Table:
    """(family_id) of the families with more eligible lines than some limit allows."""
    limits = {f"of_{code}": limit for code, limit in _limits(rules).items()}
    counts = {f"of_{code}": priced.count(where=priced.eligible & (priced.component == code)) for code in _limits(rules)}
    if rules.persons_max is not None:
        limits["of_all"] = rules.persons_max
        counts["of_all"] = priced.count(where=priced.eligible)
    if not limits:
        return priced.filter(ibis.literal(False)).select("family_id")
    sizes = priced.group_by("family_id").aggregate(**counts)
    return sizes.filter(reduce(or_, (sizes[name] > limit for name, limit in limits.items()))).select("family_id")


def counting(priced: ir.Table, crowded: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `counted`: eligible, within the limit of the component and within the limit of persons.

    Only the few `crowded` families are put in order; in all others every eligible line counts.
    """
    plain = priced.anti_join(crowded, "family_id")
    ranked = persons_max(members_max(priced.semi_join(crowded, "family_id"), rules), rules)
    return _counted(plain, plain.eligible).union(ranked.select(*plain.columns, "counted"))


def members_max(priced: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `standing`: at most `ComponentRule.members_max` eligible lines of a component, the lowest member_id first.

    Source: domain facts 1.2 (from about 2020; M).
    """
    limits = _limits(rules)
    if not limits:
        return priced.mutate(standing=priced.eligible)
    nth = ibis.row_number().over(
        group_by=["family_id", "component"], order_by=[priced.eligible.desc(), priced.member_id.asc()]
    )
    ranked = priced.mutate(nth=nth)
    within = ranked.nth < _by_component(ranked.component, limits, "int8", otherwise=NO_LIMIT)
    over = (ranked.eligible & ~within).ifelse(int(LineReason.OVER_MEMBERS_MAX), 0)
    return ranked.mutate(standing=ranked.eligible & within, reason=ranked.reason + over).drop("nth")


def persons_max(standing: ir.Table, rules: StageRules) -> ir.Table:
    """Adds `counted`: at most `persons_max` lines of a family: the dearest, then in the law's order, then by member_id.

    Source: domain facts 1.4 (2019 on: four persons H [S1], dearest first M [S1]).
    """
    if rules.persons_max is None:
        return _counted(standing, standing.standing).drop("standing")
    nth = ibis.row_number().over(
        group_by="family_id",
        order_by=[standing.standing.desc(), standing.place.asc(), standing.member_id.asc()],
    )
    ranked = standing.mutate(nth=nth)
    counted = ranked.standing & (ranked.nth < rules.persons_max)
    over = (ranked.standing & ~counted).ifelse(int(LineReason.OVER_PERSONS_MAX), 0)
    return _counted(ranked.mutate(reason=ranked.reason + over), counted).drop("nth", "standing")


def _limits(rules: StageRules) -> dict[int, int]:
    return {int(rule.component): rule.members_max for rule in rules.components if rule.members_max is not None}


def _counted(lines: ir.Table, counted: ir.BooleanValue) -> ir.Table:
    return lines.mutate(counted=counted, reason=lines.reason + counted.ifelse(int(LineReason.COUNTED), 0))


def _by_component(code: ir.Value, values: dict[int, int], kind: str, otherwise: int = 0) -> ir.IntegerValue:
    cases = [(code == number, ibis.literal(value, kind)) for number, value in values.items()]
    fallback = ibis.literal(otherwise, kind)
    return ibis.cases(*cases, else_=fallback) if cases else fallback
