"""What the pages of handing over ask: who is due what and where, and what was said. Constant queries a page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from harapan.benefits.models import Listing, Stage
from harapan.payments.models import Claim, Handover, Order, PayoutDay, Programme, ProgrammeDue
from harapan.registry.models import Family, Group


def stages_with_money() -> QuerySet[Stage]:
    """Stages for which the scope that is on is due something, the latest first."""
    listed, ordered = Listing.objects.filter(stage=OuterRef("pk")), Order.objects.filter(stage=OuterRef("pk"))
    return Stage.objects.filter(Exists(listed) | Exists(ordered)).order_by("-name")


@dataclass(slots=True)
class Tally:
    """A group's families: due something, said received (and proven), said not received."""

    due: int = 0
    due_idr: int = 0
    received: int = 0
    proven: int = 0
    not_received: int = 0

    @property
    def open(self) -> int:
        return max(0, self.due - self.received - self.not_received)


def tallies(stage: Stage, groups: Collection[Group]) -> dict[int, Tally]:
    """PKH of each group. Two queries."""
    found = {group.pk: Tally() for group in groups}
    claims = Claim.objects.filter(stage=stage, group_no__in=list(found)).order_by().values_list("group_no")
    for pk, families, idr in claims.annotate(families=Count("family", distinct=True), idr=Sum("nominal_idr")):
        found[pk].due, found[pk].due_idr = families, int(idr or 0)
    said = Handover.objects.filter(stage=stage, group_no__in=list(found), programme=Programme.PKH)
    received = Q(outcome=Handover.Outcome.RECEIVED)
    counted = said.order_by().values_list("group_no").annotate(
        yes=Count("pk", filter=received),
        proven=Count("pk", filter=received & Q(proof__isnull=False)),
        no=Count("pk", filter=~received),
    )  # fmt: skip
    for pk, yes, proven, no in counted:
        found[pk].received, found[pk].proven, found[pk].not_received = yes, proven, no
    return found


@dataclass(slots=True)
class Due:
    """One line of a list: what a family is due of one programme, by whom, and what was said of it."""

    family: Family
    programme: Programme
    idr: int = 0
    payer: str = ""
    said: Handover | None = None
    since: date | None = None
    number: int = 0
    days: list[PayoutDay] = field(default_factory=list)
    next_step: Any = ""  # where the reason leads, in words of the page


def due_of_families(stage: Stage, families: Collection[Family]) -> list[Due]:
    """PKH and BPNT side by side, family after family in the given order. Four queries."""
    rows: dict[tuple[int, str], Due] = {}
    by_pk = {family.pk: family for family in families}
    for claim in Claim.objects.filter(stage=stage, family__in=by_pk).order_by("wave"):
        row = rows.setdefault((claim.family_id, "pkh"), Due(by_pk[claim.family_id], Programme.PKH, payer=claim.bank))
        row.idr, row.since = row.idr + claim.nominal_idr, row.since or claim.on
    for due in ProgrammeDue.objects.filter(stage=stage, family__in=by_pk):
        rows[due.family_id, due.programme] = Due(by_pk[due.family_id], Programme(due.programme), due.amount_idr, "POS")
    for said in Handover.objects.filter(stage=stage, family__in=by_pk).select_related("said_by"):
        if (said.family_id, said.programme) in rows:
            rows[said.family_id, said.programme].said = said
    days = payout_days(stage, {family.region_id for family in families})
    found = [
        rows[family.pk, programme] for family in families for programme in ("pkh", "bpnt")
        if (family.pk, programme) in rows
    ]  # fmt: skip
    for number, row in enumerate(found, start=1):
        row.number, row.days = number, days.get(row.family.region_id, [])
    return found


def payout_days(stage: Stage, villages: Collection[int]) -> dict[int, list[PayoutDay]]:
    """Village -> its days, the first first. One query."""
    found: dict[int, list[PayoutDay]] = {}
    for day in PayoutDay.objects.filter(stage=stage, region_no__in=villages):
        found.setdefault(day.region_no, []).append(day)
    return found


def families_due(stage: Stage, group: Group) -> list[Family]:
    """The families of the group that are due anything of the stage, by name. One query."""
    claimed = Claim.objects.filter(stage=stage, group_no=group.pk).values("family")
    other = ProgrammeDue.objects.filter(stage=stage, group_no=group.pk).values("family")
    due = Q(pk__in=claimed) | Q(pk__in=other)
    return list(Family.objects.filter(due, group=group).order_by("name_key", "pk"))
