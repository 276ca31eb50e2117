"""What pages ask about verification: which facilities serve families in reach, and what was said about their months."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.core.components import Component
from harapan.core.periods import month_days, month_of
from harapan.regions.codes import range_of
from harapan.registry.models import ComponentSpell, Facility, Family
from harapan.registry.narrowing import running
from harapan.verification.declaring import Unit
from harapan.verification.models import Declaration, Evidence, FacilityMonth, Observation

WIDE = (
    Reach.PROVINCE,
    Reach.NATION,
)  # too many families to look for each one's school: there the school's place counts


def month_number(month: str) -> int:
    """ "2025-01" -> 202501, as months are stored here."""
    return int(month.replace("-", ""))


def served(months: Sequence[str], obligated: Iterable[Component], *, placed: bool = True) -> QuerySet[ComponentSpell]:
    """What counted in one of the months for a member with an obligation that a facility confirms, in the scope on.

    placed=False: those of whom no facility is known.
    """
    first, after = month_days(months[0])[0], month_days(months[-1])[1]
    return ComponentSpell.objects.filter(
        running(first, after),
        facility__isnull=not placed,
        component__in=[int(component) for component in obligated],
    )


def facilities_of(post: Post, months: Sequence[str], obligated: Iterable[Component]) -> QuerySet[Facility]:
    """The schools and health posts that serve families of the post's reach."""
    spells = served(months, obligated)
    if post.role.reach in WIDE:
        inside = Q() if post.role.reach == Reach.NATION else Q(pk__in=())
        for low, high in post.ranges:
            inside |= Q(region_id__gte=low, region_id__lt=high)
        one = spells.filter(facility=OuterRef("pk")).values("pk")[:1]
        return Facility.objects.filter(inside, IsNull(Subquery(one), False))  # asked of each: EXISTS becomes a join
    families = Family.objects.visible_to(post).values("pk")
    return Facility.objects.filter(pk__in=spells.filter(family__in=families).values("facility"))


def settled(facilities: QuerySet[Facility]) -> QuerySet[Facility]:
    """The same facilities by their numbers, found once: for pages that ask several things of them.

    Not for the nation, which has too many. One query; the numbers go on as one value, for a province has thousands.
    """
    numbers = list(facilities.order_by().values_list("pk", flat=True))
    return Facility.objects.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [numbers]))


def said_to(post: Post) -> QuerySet[FacilityMonth]:
    """The months of facilities of which somebody has spoken; to a facilitator, for families of the own groups."""
    if post.role.reach is not Reach.GROUPS:
        return FacilityMonth.objects.all()
    own = Declaration.objects.filter(facility=OuterRef("facility"), month=OuterRef("month"), group_no__in=post.groups)
    return FacilityMonth.objects.filter(Exists(own))


def with_states(facilities: QuerySet[Facility], months: Collection[int], post: Post) -> QuerySet[Any]:
    """With `spoken` and `proven`: of how many of the months something was said, and how many rest on evidence."""
    said = said_to(post).filter(facility=OuterRef("pk"), month__in=months).order_by()
    counted = said.values("facility").annotate(number=Count("pk"))
    spoken = counted.values("number")
    proven = counted.exclude(evidence=Evidence.NONE).values("number")
    return facilities.annotate(spoken=Subquery(spoken), proven=Subquery(proven))


def in_state(facilities: QuerySet[Facility], state: str, months: Collection[int], post: Post) -> QuerySet[Facility]:
    """Those with at least one of the months in the state `open` or `declared`; `proven`: all of them."""
    rows = with_states(facilities, months, post)
    match state:
        case "open":
            return rows.filter(Q(spoken__isnull=True) | Q(spoken__lt=len(months)))
        case "declared":
            only = said_to(post).filter(facility=OuterRef("pk"), month__in=months, evidence=Evidence.NONE)
            return rows.filter(Exists(only))
        case "proven":
            return rows.filter(proven=len(months))
    return rows


@dataclass(frozen=True, slots=True)
class MonthCounts:
    """Facility months of a reach by what is known of them. `declared`: somebody said so, and nothing shows it.

    `blank` counts another thing: months of members who were left out of what was said of their facility.
    """

    total: int
    proven: int
    declared: int
    blank: int = 0

    @property
    def open(self) -> int:
        """Not verified: nobody has said anything."""
        return self.total - self.proven - self.declared

    @property
    def proven_percent(self) -> float:
        return self._percent(self.proven)

    @property
    def declared_percent(self) -> float:
        return self._percent(self.declared)

    @property
    def open_percent(self) -> float:
        return self._percent(self.open)

    def _percent(self, number: int) -> float:
        return 100 * number / self.total if self.total else 0.0


def months_over(months: Sequence[str], *, on: date) -> list[str]:
    """Those that have ended: a month still running is nobody's omission."""
    return [month for month in months if month < month_of(on)]


def month_counts(facilities: QuerySet[Facility], months: Collection[int], post: Post) -> MonthCounts:
    """Three queries, whatever the number of facilities."""
    return each_month_counts([(facilities, months)], post)[0]


Looked = tuple[QuerySet[Facility], Collection[int]]  # which facilities in which months


def each_month_counts(asked: Sequence[Looked], post: Post) -> list[MonthCounts]:
    """The same of several at once, as of all open stages. Three queries, however many they are."""
    if not asked:
        return []
    numbers: list[list[int]] = [[] for _each in asked]
    for at, number in _together(found.order_by().values_list(_part(at), "pk") for at, (found, _m) in enumerate(asked)):
        numbers[at].append(number)
    places = [(known, months) for known, (_found, months) in zip(numbers, asked, strict=True)]
    proven, declared = Count("pk", filter=~Q(evidence=Evidence.NONE)), Count("pk", filter=Q(evidence=Evidence.NONE))
    said = _counted(said_to(post), places, proven=proven, declared=declared)
    blank = _counted(_blank(), places, number=Count("pk"))
    totals = [len(known) * len(months) for known, months in places]
    return [MonthCounts(total, *spoken, *left) for total, spoken, left in zip(totals, said, blank, strict=True)]


def _counted(
    rows: QuerySet[Any], places: Sequence[tuple[list[int], Collection[int]]], **counts: Count
) -> list[tuple[int, ...]]:  # fmt: skip
    """The counts of each part, in order. One query."""
    parts = []
    for at, (known, months) in enumerate(places):
        there = rows.filter(facility__in=RawSQL("SELECT unnest(%s::bigint[])", [known]), month__in=months)
        parts.append(there.order_by().values(part=_part(at)).annotate(**counts).values_list("part", *counts))
    found = {at: tuple(numbers) for at, *numbers in _together(parts)}
    return [found.get(at, (0,) * len(counts)) for at in range(len(places))]


def _part(at: int) -> Value:
    """Of which of several queries that are asked as one a row is."""
    return Value(at, output_field=IntegerField())


def _together(parts: Iterable[QuerySet[Any]]) -> QuerySet[Any]:
    first, *others = parts
    return first.union(*others, all=True) if others else first


def _blank() -> QuerySet[Observation]:
    return Observation.objects.filter(outcome=Observation.Outcome.UNKNOWN)


def left_blank(months: Collection[int]) -> QuerySet[Observation]:
    """Members' months of which nobody spoke though their facility's was declared, in the scope that is on."""
    return _blank().filter(month__in=months)


def blanks_of(facilities: Iterable[Facility], months: Collection[int]) -> dict[tuple[int, int], int]:
    """(facility, month) -> how many members in the scope that is on were left out. One query."""
    left = left_blank(months).filter(facility__in=[facility.pk for facility in facilities])
    counted = left.values_list("facility", "month").annotate(number=Count("pk"))
    return {(facility, month): number for facility, month, number in counted}


def months_of(
    facilities: Iterable[Facility], months: Collection[int], said: QuerySet[FacilityMonth] | None = None
) -> dict[tuple[int, int], FacilityMonth]:
    """(facility, month) -> what was said (or of `said` alone), with who declared and who proved it. One query."""
    ids = [facility.pk for facility in facilities]
    said = FacilityMonth.objects.all() if said is None else said
    said = said.filter(facility__in=ids, month__in=months)
    return {(each.facility_id, each.month): each for each in said.select_related("declared_by", "proven_by")}


def pupils_per_unit(
    facilities: Iterable[Facility], months: Sequence[str], obligated: Iterable[Component]
) -> dict[int, dict[Unit, int]]:
    """Facility -> unit -> how many of its members in the scope that is on it serves. One query."""
    ids = [facility.pk for facility in facilities]
    rows = served(months, obligated).filter(facility__in=ids).order_by()
    found: dict[int, dict[Unit, int]] = {}
    counted = rows.values_list("facility", "group_no", "region_no").annotate(number=Count("member", distinct=True))
    for facility, group, region, number in counted:
        unit = Unit.at(group, region)
        units = found.setdefault(facility, {})
        units[unit] = units.get(unit, 0) + number
    return found


def pupils_of(facility: Facility, months: Sequence[str], obligated: Iterable[Component]) -> QuerySet[ComponentSpell]:
    """One row for each member the facility serves, in the scope that is on; order by name and number."""
    latest = served(months, obligated).filter(facility=facility).order_by("member", "-pk").distinct("member")
    rows = ComponentSpell.objects.filter(pk__in=latest.values("pk"))
    first = month_days(months[0])[0]  # who died or left during the months is shown for those before
    living = (Q(member__died_on__isnull=True) | Q(member__died_on__gte=first)) & (
        Q(member__left_on__isnull=True) | Q(member__left_on__gte=first)
    )
    return rows.filter(living).select_related("member", "family")


def observations_of(members: Iterable[int], months: Collection[int]) -> dict[tuple[int, int], Observation]:
    """(member, month) -> what differs from full presence. One query."""
    rows = Observation.objects.filter(member__in=list(members), month__in=months)
    return {(row.member_id, row.month): row for row in rows}


def present_percent(
    observation: Observation | None, effective_days: int | None, *, excusing: bool = False
) -> float | None:
    """Days present of the effective days, in percent; None where the days of the month are not known.

    excusing: days of leave and illness count as if present, which tells a missed month from an excused one.
    """
    if not effective_days:
        return None
    if observation is None:
        return 100.0
    excused = observation.leave_days + observation.sick_days
    present = observation.present_days
    if present is None:
        present = effective_days - observation.absent_days - excused
    return 100 * max(present + (excused if excusing else 0), 0) / effective_days


def usual_days(facility: Facility, months: Collection[int]) -> dict[int, int]:
    """month -> the effective days most schools of the same kabupaten/kota stated. One query."""
    low, high = range_of(facility.region_id // 10**6 * 10**6)
    said = FacilityMonth.objects.filter(
        month__in=months, facility__region__gte=low, facility__region__lt=high, effective_days__gt=0
    )
    rows = said.values_list("month", "effective_days").annotate(schools=Count("pk")).order_by("month", "schools")
    return {month: days for month, days, _schools in rows}  # of one month the most frequent comes last
