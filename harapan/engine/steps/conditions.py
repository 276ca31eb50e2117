"""What was seen of each obligation in the observed months: met, missed, excused or unknown, as one bit a month.

Source: domain facts 2.1 (who has an obligation) and 2.2 (the cycle); which months, which components and what a doubtful
month pays are in the policy.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import ibis
import ibis.expr.types as ir

from harapan.engine.law import all_months, month_number
from harapan.engine.reasons import EXCUSED_SHIFT, MISSED_SHIFT, UNKNOWN_SHIFT, LineReason
from harapan.engine.tables import Outcome
from harapan.policy.stage_rules import Payment, StageRules

# Ibis knows bit_or for DuckDB, not for Spark; both engines have it under this name.
union_of_bits = ibis.udf.agg.builtin(name="bit_or", signature=(("int32",), "int32"))(lambda bits: ...)


def confirmed_months(facility_months: ir.Table, rules: StageRules) -> ir.Table:
    """(facility_id, confirmed): the observed months each facility confirmed, as a bit set."""
    bits = facility_months.mutate(bit=_bit_of_month(facility_months.month, rules))
    return bits.filter(bits.bit > 0).group_by("facility_id").aggregate(confirmed=lambda t: union_of_bits(t.bit))


def exceptions(observations: ir.Table, rules: StageRules) -> ir.Table:
    """(family_id, member_id, missed, excused, blank): bit sets of months; `conditions` says which of several stands.

    blank: the facility confirmed the month and said nothing of this member.
    """
    bits = observations.mutate(bit=_bit_of_month(observations.month, rules))
    split = bits.filter(bits.bit > 0).mutate(
        missed=lambda t: (t.outcome == int(Outcome.MISSED)).ifelse(t.bit, 0),
        excused=lambda t: (t.outcome == int(Outcome.EXCUSED)).ifelse(t.bit, 0),
        blank=lambda t: (t.outcome == int(Outcome.UNKNOWN)).ifelse(t.bit, 0),
    )
    return split.group_by("family_id", "member_id").aggregate(
        missed=lambda t: union_of_bits(t.missed),
        excused=lambda t: union_of_bits(t.excused),
        blank=lambda t: union_of_bits(t.blank),
    )


def conditions(lines: ir.Table, observations: ir.Table, confirmed: ir.Table, rules: StageRules) -> ir.Table:
    """Lines with `watched` and `failed`, and the months in `reason`: `tables.WATCHED`.

    An exception counts only in a month its facility confirmed: nothing rests on a month nobody stands for. Of several
    for one month excused stands, then missed, then blank. `confirmed` is the table of `confirmed_months`.
    """
    if not rules.observes_months:
        return lines.mutate(watched=False, failed=ibis.literal(0, "int32"))
    full = all_months(rules)
    seen = _joined(lines, exceptions(observations, rules), confirmed)
    bound = (seen.component == int(code) for code in rules.obligated)
    obliged = seen.eligible & reduce(or_, bound, ibis.literal(False))
    excused = seen.excused & seen.confirmed
    missed = seen.missed & seen.confirmed & (full - excused)
    blank = seen.blank & seen.confirmed & (full - excused - missed)
    months = seen.mutate(
        obliged=obliged,
        missed=obliged.ifelse(missed, 0),
        excused=obliged.ifelse(excused, 0),
        unknown=obliged.ifelse(full - seen.confirmed + blank, 0),
    )
    return months.mutate(
        watched=months.obliged & months.counted if rules.whose_attendance == "counted" else months.obliged,
        failed=_failed(months, rules),
        reason=months.reason
        + months.missed * (1 << MISSED_SHIFT)
        + months.excused * (1 << EXCUSED_SHIFT)
        + months.unknown * (1 << UNKNOWN_SHIFT)
        + (months.obliged & (months.facility_id == 0)).ifelse(int(LineReason.FACILITY_UNKNOWN), 0),
    ).drop("obliged", "missed", "excused", "blank", "unknown", "confirmed")


def _joined(lines: ir.Table, found: ir.Table, confirmed: ir.Table) -> ir.Table:
    with_facility = lines.left_join(confirmed, "facility_id").drop("facility_id_right")
    joined = with_facility.left_join(found, ["family_id", "member_id"]).drop("family_id_right", "member_id_right")
    nothing = ibis.literal(0, "int32")
    return joined.mutate(
        **{name: joined[name].fill_null(nothing) for name in ("confirmed", "missed", "excused", "blank")}
    )


def _failed(months: ir.Table, rules: StageRules) -> ir.IntegerValue:
    """Months that count as missed: those missed, and doubtful ones where the law of the stage does not pay them."""
    failed = months.missed
    if rules.unknown_pays is Payment.UNPAID:
        failed = failed + months.unknown
    if rules.excused_pays is Payment.UNPAID:
        failed = failed + months.excused
    return failed


def _bit_of_month(month: ir.Value, rules: StageRules) -> ir.IntegerValue:
    cases = [(month == month_number(name), 1 << place) for place, name in enumerate(rules.observes_months)]
    return ibis.cases(*cases, else_=0).cast("int32") if cases else ibis.literal(0, "int32")
