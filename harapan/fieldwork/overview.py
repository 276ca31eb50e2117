"""A month of a team in figures: what it asks of groups, schools and health posts, what is recorded, what is late.

Asked of a page's rows alone, so that a province costs no more than a kecamatan; a constant number of queries.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Mod

from harapan.core.periods import month_days
from harapan.database.scope import active_alias
from harapan.fieldwork.task_kinds import kind_named
from harapan.p2k2.models import Session
from harapan.regions.codes import SPAN_OF, Level
from harapan.registry.models import Facility, Group
from harapan.verification.models import FacilityMonth
from harapan.verification.protocol import obliged_on
from harapan.verification.queries import month_number, served

MEETING, FACILITY_MONTH = "group-meeting", "facility-month"  # the tasks whose days say when a month is late
REGENCY_SPAN = SPAN_OF[Level.REGENCY]


@dataclass(frozen=True, slots=True)
class Figure:
    """`due`: what the month asks; `done`: what is recorded of it; `late`: what is missing after its last day."""

    due: int = 0
    done: int = 0
    late: int = 0

    @property
    def missing(self) -> int:
        return self.due - self.done

    def __add__(self, other: Figure) -> Figure:
        return Figure(self.due + other.due, self.done + other.done, self.late + other.late)


def summed(figures: Mapping[int, Figure], keys: Mapping[int, int]) -> dict[int, Figure]:
    """Figures of groups as those of whom or what they belong to; `keys`: group -> its facilitator or village."""
    found: dict[int, Figure] = defaultdict(Figure)
    for group, figure in figures.items():
        found[keys[group]] += figure
    return found


def last_day(kind: str, month: str) -> date:
    """The day on which a task of the month is still in time, by data/fieldwork/task-kinds.yaml."""
    first, after = month_days(month)
    known = kind_named(kind)
    return known.due_on(after - timedelta(days=1), on=first) if known else after - timedelta(days=1)


def _figure(due: int, done: int, *, late: bool) -> Figure:
    return Figure(due, done, due - done if late else 0)


def _meeting(month: str) -> Q:
    """Groups that the month asks for a meeting: those that were there before it ended."""
    return Q(since__isnull=True) | Q(since__lt=month_days(month)[1])


def _met(month: str) -> Exists:
    first, after = month_days(month)
    return Exists(Session.objects.filter(group=OuterRef("pk"), held_on__gte=first, held_on__lt=after))


def meetings(groups: Collection[int], month: str, *, on: date) -> dict[int, Figure]:
    """Group -> its P2K2 meeting of the month. One query."""
    late = last_day(MEETING, month) < on
    asked = Group.objects.filter(_meeting(month), pk__in=groups).annotate(met=_met(month))
    return {pk: _figure(1, int(met), late=late) for pk, met in asked.values_list("pk", "met")}


def meetings_in(groups: QuerySet[Group], month: str, *, on: date) -> Figure:
    """The meetings of all these groups together. One query."""
    asked = Group.objects.filter(_meeting(month), pk__in=groups.order_by().values("pk")).annotate(met=_met(month))
    counted = asked.aggregate(due=Count("pk"), done=Count("pk", filter=Q(met=True)))
    return _figure(counted["due"], counted["done"], late=last_day(MEETING, month) < on)


# A unit of work is a facility with the families of one group in one kecamatan: what one declaration speaks of.
_UNITS = """
    SELECT u.{key}, count(*), count(d.id) FROM (
        SELECT DISTINCT facility_id, group_id, region_no - region_no %% %(span)s AS district_no
        FROM registry_componentspell
        WHERE facility_id IS NOT NULL AND component = ANY (%(components)s)
          AND spell && daterange(%(first)s, %(after)s) AND {where}) u
    LEFT JOIN verification_declaration d ON d.facility_id = u.facility_id AND d.month = %(month)s
        AND d.group_no = u.group_id AND d.district_no = u.district_no
    GROUP BY 1"""


def _units(key: str, where: str, month: str, on: date, ids: Mapping[str, list[int]]) -> dict[int, Figure]:
    first, after = month_days(month)
    told: dict[str, Any] = {
        "span": SPAN_OF[Level.DISTRICT], "components": [int(each) for each in obliged_on(first)], "first": first,
        "after": after, "month": month_number(month), **ids,
    }  # fmt: skip
    late = last_day(FACILITY_MONTH, month) < on
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_UNITS.format(key=key, where=where), told)
        return {no: _figure(due, done, late=late) for no, due, done in cursor.fetchall()}


def facility_months(groups: Collection[int], month: str, *, on: date) -> dict[int, Figure]:
    """Group -> the schools and health posts that serve it, and for how many somebody has spoken. One query."""
    where = "family_id IN (SELECT id FROM registry_family WHERE group_id = ANY (%(groups)s))"  # by its index
    return _units("group_id", where, month, on, {"groups": list(groups)})


def months_of_facilities(
    facilities: Iterable[int], month: str, *, on: date, groups: Collection[int] | None = None
) -> dict[int, Figure]:  # fmt: skip
    """Facility -> the groups it serves in the scope that is on (or these alone), and those spoken for. One query."""
    where, ids = "facility_id = ANY (%(facilities)s)", {"facilities": list(facilities)}
    if groups is not None:
        where, ids = f"{where} AND group_id = ANY (%(groups)s)", {**ids, "groups": list(groups)}
    return _units("facility_id", where, month, on, ids)


def by_regency(
    groups: QuerySet[Group], ranges: Iterable[tuple[int, int]] | None, month: str, *, on: date
) -> dict[int, tuple[Figure, Figure]]:
    """Regency -> (meetings of its groups, months of its facilities). Two queries; ranges None: the nation.

    Here a facility counts once, in the regency where it stands: the families of a province are too many to ask for
    each one's school.
    """
    late = last_day(MEETING, month) < on
    asked = Group.objects.filter(_meeting(month), pk__in=groups.order_by().values("pk"))
    asked = asked.annotate(met=_met(month), regency=F("region_id") - Mod("region_id", REGENCY_SPAN))
    counted = asked.order_by().values("regency").annotate(due=Count("pk"), done=Count("pk", filter=Q(met=True)))
    found = {
        no: (_figure(due, done, late=late), Figure()) for no, due, done in counted.values_list("regency", "due", "done")
    }
    for no, figure in _facilities_by_regency(ranges, month, on).items():
        found[no] = (found.get(no, (Figure(), Figure()))[0], figure)
    return found


def _facilities_by_regency(ranges: Iterable[tuple[int, int]] | None, month: str, on: date) -> dict[int, Figure]:
    late = last_day(FACILITY_MONTH, month) < on
    inside = Q() if ranges is None else Q(pk__in=())
    for low, high in ranges or ():
        inside |= Q(region_id__gte=low, region_id__lt=high)
    spells = served([month], obliged_on(month_days(month)[0])).filter(facility=OuterRef("pk"))
    said = FacilityMonth.objects.filter(facility=OuterRef("pk"), month=month_number(month))
    serving = Facility.objects.filter(inside, Exists(spells)).annotate(
        said=Exists(said), regency=F("region_id") - Mod("region_id", REGENCY_SPAN)
    )
    counted = serving.order_by().values("regency").annotate(due=Count("pk"), done=Count("pk", filter=Q(said=True)))
    return {no: _figure(due, done, late=late) for no, due, done in counted.values_list("regency", "due", "done")}
