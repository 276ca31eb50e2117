"""From lines to one amount a family: sum or flat amount, fixed amount, caps, cuts, earlier stages, the decision."""

from __future__ import annotations

from functools import reduce
from operator import add

import ibis
import ibis.expr.types as ir

from harapan.engine.law import ANY_FAMILY, all_months
from harapan.engine.reasons import CUT_SHIFT, FamilyReason
from harapan.engine.steps.conditions import union_of_bits
from harapan.engine.tables import Channel, Decision
from harapan.policy.stage_rules import FixedRule, FlatRule, Scheme, StageRules


def sizes(members: ir.Table) -> ir.Table:
    """`tables.SIZES`: how many members of each family are known."""
    return members.group_by("family_id").aggregate(members_n=lambda t: t.count())


def households(families: ir.Table, sizes: ir.Table, lines: ir.Table, rules: StageRules) -> ir.Table:
    """Each family with what its lines say: sums and counts, `seen` (union of reasons), `failed` (union of months)."""
    full = all_months(rules)
    sums = lines.group_by("family_id").aggregate(
        lines_idr=lambda t: t.stage_idr.sum(where=t.counted),
        counted_n=lambda t: t.count(where=t.counted),
        seen=lambda t: union_of_bits(t.reason),
        failed=lambda t: union_of_bits(t.watched.ifelse(t.failed, 0)),
        watched_n=lambda t: t.count(where=t.watched),
        complied_n=lambda t: t.count(where=t.watched & (t.failed != full)),
    )
    joined = families.left_join(sizes, "family_id").drop("family_id_right")
    joined = joined.left_join(sums, "family_id").drop("family_id_right")
    counts = ("members_n", "lines_idr", "counted_n", "seen", "failed", "watched_n", "complied_n")
    return joined.mutate(**{name: joined[name].fill_null(0).cast("int64") for name in counts})


def gross(households: ir.Table, rules: StageRules) -> ir.Table:
    """Adds gross_idr and the reasons of the amount; nothing for a family that is not computed or has nobody counted.

    Source: domain facts 1.4 (flat 2017-18; fixed beside components to 2016 and in 2019; smallest and largest sum).
    """
    due = _computed(households, rules) & (households.counted_n > 0)
    bits = ibis.literal(0, "int64")
    if rules.scheme is Scheme.FLAT:
        sum_idr = by_category(households.category, rules.flat)
        bits += int(FamilyReason.FLAT)
    else:
        sum_idr = households.lines_idr
    if rules.fixed:
        sum_idr += by_category(households.category, rules.fixed)
        bits += int(FamilyReason.FIXED)
    summed = households.mutate(due=due, gross_idr=sum_idr, bits=bits)
    capped, cap_bits = _capped(summed.gross_idr, rules)
    return summed.mutate(gross_idr=due.ifelse(capped, 0), bits=due.ifelse(summed.bits + cap_bits, 0))


def cuts(summed: ir.Table, rules: StageRules) -> ir.Table:
    """Adds cut_idr and its reasons: once a month a family, rounded down to the rupiah in the family's favour.

    Source: domain facts 2.3 (percent 2013-17 M, rupiah 2007-12 M; the ladder from 2018 on L).
    """
    sanction = rules.sanction
    seen = ((summed.failed & (1 << place)) != 0 for place in range(len(rules.observes_months)))
    months = summed.mutate(failed_n=reduce(add, (month.cast("int64") for month in seen), ibis.literal(0, "int64")))
    if sanction.cut_idr_per_month is not None:
        wanted, most = months.failed_n * sanction.cut_idr_per_month, months.gross_idr
    else:
        wanted = months.gross_idr * (months.failed_n * sanction.percent_per_month) // 100
        most = months.gross_idr * sanction.percent_max // 100
    priced = months.mutate(wanted_idr=wanted.cast("int64"), most_idr=most.cast("int64"))
    all_missed = ibis.literal(sanction.nothing_if_all_missed) & (priced.watched_n > 0) & (priced.complied_n == 0)
    judged = priced.mutate(
        all_missed=all_missed & (priced.gross_idr > 0),
        cut_idr=ibis.least(priced.wanted_idr, priced.most_idr),
    )
    cut = judged.mutate(cut_idr=judged.all_missed.ifelse(judged.gross_idr, judged.cut_idr))
    return cut.mutate(bits=cut.bits + _cut_bits(cut))


def adjusted(cut: ir.Table, adjustments: ir.Table, rules: StageRules) -> ir.Table:
    """Adds back-pay to gross_idr and takes a recovery from what the sanction left, never below zero.

    No percentage touches back-pay: it was earned in an earlier stage. A family that is not computed keeps its account
    for the stage that computes it. Source: domain facts 12 (retroactive payment as remedy).
    """
    joined = cut.left_join(adjustments, "family_id").drop("family_id_right")
    computed = _computed(joined, rules)
    owed = joined.mutate(
        back_pay_idr=computed.ifelse(joined.back_pay_idr.fill_null(0), 0),
        recovery_idr=computed.ifelse(joined.recovery_idr.fill_null(0), 0),
    )
    raised = owed.mutate(gross_idr=owed.gross_idr + owed.back_pay_idr)
    taken = raised.mutate(recovered_idr=ibis.least(raised.recovery_idr, raised.gross_idr - raised.cut_idr))
    return taken.mutate(
        cut_idr=taken.cut_idr + taken.recovered_idr,
        bits=taken.bits
        + (taken.back_pay_idr > 0).ifelse(int(FamilyReason.BACK_PAY), 0)
        + (taken.recovered_idr > 0).ifelse(int(FamilyReason.RECOVERY), 0)
        + (taken.recovered_idr < taken.recovery_idr).ifelse(int(FamilyReason.RECOVERY_LEFT), 0),
    )


def entitlements(adjusted: ir.Table, rules: StageRules) -> ir.Table:
    """The decision and the net amount: `tables.ENTITLEMENTS`."""
    net = adjusted.mutate(net_idr=adjusted.gross_idr - adjusted.cut_idr)
    decision = ibis.cases(
        *_not_computed(net, rules),
        ((net.counted_n == 0) & (net.gross_idr == 0), int(Decision.NO_COMPONENT)),
        (net.net_idr == 0, int(Decision.ALL_CUT)),
        else_=int(Decision.DUE),
    )
    return net.select(
        "family_id",
        "region_no",
        "group_id",
        decision=decision.cast("int8"),
        gross_idr=net.gross_idr,
        cut_idr=net.cut_idr,
        net_idr=net.net_idr,
        back_pay_idr=net.back_pay_idr,
        recovered_idr=net.recovered_idr,
        reasons=net.seen + net.bits,
    )


def by_category(category: ir.Value, amounts: tuple[FlatRule, ...] | tuple[FixedRule, ...]) -> ir.IntegerValue:
    """The stage amount of the family's category, or that of any family; `checks` refused a category with neither."""
    rates = {amount.category: amount.stage_idr for amount in amounts}
    cases = [(category == code, ibis.literal(rate, "int64")) for code, rate in rates.items()]
    return ibis.cases(*cases, else_=ibis.literal(rates.get(ANY_FAMILY, 0), "int64"))


def of_channel(families: ir.Table, rules: StageRules) -> ir.BooleanValue:
    """Whether this calendar pays the family. Source: domain facts 1.5 (2023-24: bank two-monthly, post quarterly)."""
    if rules.channel == "all":
        return ibis.literal(True)
    return families.channel == int(Channel[rules.channel.upper()])


def _computed(households: ir.Table, rules: StageRules) -> ir.BooleanValue:
    return of_channel(households, rules) & (households.members_n > 0)


def _not_computed(net: ir.Table, rules: StageRules) -> list[tuple[ir.BooleanValue, int]]:
    nobody = (net.members_n == 0, int(Decision.NO_MEMBERS))
    if rules.channel == "all":
        return [nobody]
    unknown = (net.channel == int(Channel.UNKNOWN), int(Decision.CHANNEL_UNKNOWN))
    return [unknown, (~of_channel(net, rules), int(Decision.OTHER_CHANNEL)), nobody]


def _capped(sum_idr: ir.IntegerValue, rules: StageRules) -> tuple[ir.IntegerValue, ir.IntegerValue]:
    """The sum between the smallest and the largest amount a family may get, with the bits that say so."""
    bits: ir.IntegerValue = ibis.literal(0, "int64")
    capped = sum_idr
    if rules.family_min_idr is not None:
        bits += (sum_idr < rules.family_min_idr).ifelse(int(FamilyReason.RAISED_TO_MIN), 0)
        capped = ibis.greatest(capped, rules.family_min_idr)
    if rules.family_max_idr is not None:
        bits += (sum_idr > rules.family_max_idr).ifelse(int(FamilyReason.LOWERED_TO_MAX), 0)
        capped = ibis.least(capped, rules.family_max_idr)
    return capped, bits


def _cut_bits(cut: ir.Table) -> ir.IntegerValue:
    was_cut = cut.cut_idr > 0
    limited = was_cut & ~cut.all_missed & (cut.wanted_idr > cut.most_idr)
    bits = was_cut.ifelse(int(FamilyReason.CUT), 0) + limited.ifelse(int(FamilyReason.CUT_AT_MAX), 0)
    bits += cut.all_missed.ifelse(int(FamilyReason.ALL_MISSED), 0)
    spared = (cut.gross_idr > 0) & (cut.failed_n > 0) & ~was_cut
    bits += spared.ifelse(int(FamilyReason.NOT_SANCTIONED), 0)
    return bits + was_cut.ifelse(cut.failed * (1 << CUT_SHIFT), 0)
