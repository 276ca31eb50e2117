"""What pages ask about differences: a constant number of queries, whatever the number of families."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum

from harapan.benefits.computing import live_run
from harapan.benefits.enums import NOBODYS_FAULT, Reason
from harapan.benefits.models import Difference, Entitlement, Line, Listing, Stage
from harapan.registry.models import Member

Range = tuple[int, int]  # half-open, of region numbers


@dataclass(frozen=True, slots=True)
class ByReason:
    """The differences of a stage that have one likely reason. `delta_idr`: received less computed."""

    reason: Reason
    families: int
    open: int
    received_idr: int
    computed_idr: int

    @property
    def delta_idr(self) -> int:
        return self.received_idr - self.computed_idr

    @property
    def nobodys_fault(self) -> bool:
        return self.reason in NOBODYS_FAULT


def by_reason(stage: Stage, *, within: Range | None = None) -> list[ByReason]:
    """Counts and sums for each reason inside the scope that is on, the most frequent first. One query."""
    found = Difference.objects.filter(stage=stage)
    if within:
        found = found.filter(region_no__gte=within[0], region_no__lt=within[1])
    rows = (
        found.values_list("reason")
        .annotate(
            families=Count("pk"),
            unanswered=Count("pk", filter=Q(answered_at__isnull=True)),
            received=Sum("received_idr"),
            computed=Sum("computed_idr"),
        )
        .order_by("-families", "reason")
    )
    return [ByReason(Reason(row[0]), *map(int, row[1:])) for row in rows]


def open_count(stage: Stage) -> int:
    """How many differences nobody has answered. One query."""
    return Difference.objects.filter(stage=stage, answered_at__isnull=True).count()


def listed(stage: Stage) -> QuerySet[Difference]:
    """The differences with their family; page them by ("region_no", "family_id"), which an index carries."""
    return (
        Difference.objects.filter(stage=stage)
        .select_related("family")
        .annotate(delta=F("received_idr") - F("computed_idr"))
    )


@dataclass(frozen=True, slots=True)
class Sides:
    """One difference from both sides: the rows of the list, and the run's lines with the names of the members."""

    listings: list[Listing]
    entitlement: Entitlement | None
    lines: list[tuple[Line, str]]

    @property
    def names(self) -> dict[int, str]:
        return {line.member_id: name for line, name in self.lines}


def sides_of(difference: Difference) -> Sides:
    """By the run that holds: a difference that later runs left as it was names one with no rows left. Five queries."""
    family = difference.family_id
    run = live_run(difference.stage) or difference.run_id
    listings = list(Listing.objects.filter(stage=difference.stage_id, family=family).order_by("wave"))
    entitlement = Entitlement.objects.filter(run=run, family=family).first()
    lines = list(Line.objects.filter(run=run, family=family).order_by("member_id"))
    names = dict(Member.objects.filter(family=family).values_list("pk", "name"))
    return Sides(listings, entitlement, [(line, names.get(line.member_id, "")) for line in lines])
