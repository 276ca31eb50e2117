"""The lines of each view: whom or what they are about, their figures, and the list or record each figure opens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.functions import Mod
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from harapan.accounts.models import Post, User
from harapan.accounts.request import Request
from harapan.accounts.roles import Reach
from harapan.benefits.models import Stage
from harapan.benefits.waiting import laws_at_hand
from harapan.core.periods import add_months, month_days
from harapan.fieldwork.due import Load, loads_by_holder
from harapan.fieldwork.overview import (
    Figure,
    by_regency,
    facility_months,
    meetings,
    months_of_facilities,
    summed,
)
from harapan.fieldwork.sources import Area
from harapan.fieldwork.workers import FACILITATOR
from harapan.policy.reader import default_policy
from harapan.regions.codes import SPAN_OF, Level
from harapan.regions.models import Region
from harapan.registry.models import Facility, Family, Group
from harapan.verification.protocol import obliged_on
from harapan.verification.queries import facilities_of, served
from harapan.web.overview.forms import OverviewFilters
from harapan.web.whose import WHOSE

STAGES_ASKED = 12  # latest first: twelve months lie within them


@dataclass(slots=True)
class Line:
    """One row. A figure that its view does not count is None; an address that leads nowhere is ""."""

    name: str
    url: str = ""
    place: str = ""
    meetings: Figure | None = None
    meetings_url: str = ""
    missing_url: str = ""
    months: Figure | None = None
    months_url: str = ""
    load: Load | None = None
    load_url: str = ""
    late_url: str = ""
    remind_url: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """`rows` is paged by `order`; `lines` makes the lines of one page, in a constant number of queries."""

    code: str
    tab: Any
    head: Any
    rows: Callable[[OverviewFilters], QuerySet[Any]]
    order: tuple[str, ...]
    lines: Callable[[Request, OverviewFilters, Sequence[Any]], list[Line]]
    figures: tuple[str, ...] = ("meetings", "months", "load")


def _address(name: str, *args: Any, **query: Any) -> str:
    told = urlencode({key: value for key, value in query.items() if value})
    return reverse(name, args=args) + (f"?{told}" if told else "")


def _month(filters: OverviewFilters) -> str:
    return "" if filters.now else filters.shown_month


def _met(filters: OverviewFilters) -> str:
    """The filter of the P2K2 list for the groups without a meeting, which it has for two months."""
    if filters.now:
        return "now"
    return "last" if add_months(filters.shown_month, 1) == f"{filters.on:%Y-%m}" else ""


@dataclass(slots=True)
class Figures:
    """What a page's rows have of groups, added up for each row."""

    meetings: Mapping[int, Figure]
    months: Mapping[int, Figure]
    loads: Mapping[int, Load] | None  # None for a month that is over: open tasks are those of today

    def onto(self, line: Line, key: int) -> Line:
        line.meetings, line.months = self.meetings.get(key, Figure()), self.months.get(key, Figure())
        line.load = None if self.loads is None else self.loads.get(key, Load())
        return line


def figures_of(filters: OverviewFilters, keys: dict[int, int], candidates: Mapping[int, int] | None = None) -> Figures:
    """keys: group -> the row it belongs to; candidates: the same of groups that only hold a village's candidates."""
    month, on = filters.shown_month, filters.on
    loads = None
    if filters.now:
        holders = keys | dict(candidates or {})
        found = loads_by_holder(Area(tuple(holders), on), filters.kinds(), holders) if holders else {}
        loads = {key: sum(of_kinds.values(), Load()) for key, of_kinds in found.items()}
    return Figures(
        summed(meetings(keys, month, on=on), keys), summed(facility_months(keys, month, on=on), keys), loads
    )  # fmt: skip


def _reachable(post: Post, users: Collection[int], request: Request) -> set[int]:
    """Those of the facilitators whose own tasks the reader may open. One query."""
    held = Post.objects.held_on(request.today).filter(role_code=FACILITATOR, user__in=users)
    if post.role.reach != Reach.NATION:
        held = held.within(*post.ranges)
    return set(held.values_list("user", flat=True))


def _tasks_url(filters: OverviewFilters, user: int | None, reachable: set[int], **query: Any) -> str:
    """The tasks of the facilitator; for one whose post lies elsewhere, or none, the page of all who are in reach."""
    if user not in reachable:
        return _address("work")
    return _address("work", **{WHOSE: user}, kind=filters.chosen().get("kind"), **query)


def _facilitators(filters: OverviewFilters) -> QuerySet[User]:
    return User.objects.filter(Exists(filters.groups().order_by().filter(facilitator=OuterRef("pk"))))


def _facilitator_lines(request: Request, filters: OverviewFilters, users: Sequence[User]) -> list[Line]:
    ids = [user.pk for user in users]
    keys, candidates = (
        dict(groups.order_by().filter(facilitator__in=ids).values_list("pk", "facilitator"))
        for groups in (filters.groups(), filters.villages())
    )
    figures, reachable = figures_of(filters, keys, candidates), _reachable(request.post, ids, request)
    month, region = _month(filters), filters.chosen().get("region")
    return [
        figures.onto(
            Line(
                user.name,
                _address("overview_by", "kelompok", facilitator=user.pk, month=month, region=region),
                meetings_url=_address("p2k2_groups", facilitator=user.pk, region=region),
                missing_url=_address("p2k2_groups", facilitator=user.pk, region=region, met=_met(filters)),
                months_url=_address("overview_by", "tempat", facilitator=user.pk, month=month, region=region),
                load_url=_tasks_url(filters, user.pk, reachable),
                late_url=_tasks_url(filters, user.pk, reachable, urgency="late"),
                remind_url=_address("overview_remind", user.pk, month=month),
            ),
            user.pk,
        )
        for user in users
    ]


def _groups(filters: OverviewFilters) -> QuerySet[Group]:
    return filters.groups().select_related("facilitator")


def _group_lines(request: Request, filters: OverviewFilters, groups: Sequence[Group]) -> list[Line]:
    figures = figures_of(filters, {group.pk: group.pk for group in groups})
    reachable = _reachable(request.post, {group.facilitator_id or 0 for group in groups}, request)
    places = Region.objects.path_names(group.region_id or 0 for group in groups)
    found = []
    for group in groups:
        page = _address("p2k2_group", group.pk)
        line = Line(
            group.name, page, places.get(group.region_id or 0, ""), meetings_url=page, missing_url=page,
            months_url=_address("overview_by", "tempat", group=group.pk, month=_month(filters)),
            load_url=_tasks_url(filters, group.facilitator_id, reachable),
            late_url=_tasks_url(filters, group.facilitator_id, reachable, urgency="late"),
        )  # fmt: skip
        found.append(figures.onto(line, group.pk))
    return found


def _villages(filters: OverviewFilters) -> QuerySet[Region]:
    return Region.objects.filter(Exists(filters.groups().order_by().filter(region=OuterRef("pk"))))


def _village_lines(request: Request, filters: OverviewFilters, villages: Sequence[Region]) -> list[Line]:
    numbers = [village.pk for village in villages]
    keys, candidates = (
        {pk: region or 0 for pk, region in groups.order_by().filter(region__in=numbers).values_list("pk", "region")}
        for groups in (filters.groups(), filters.villages())
    )
    figures = figures_of(filters, keys, candidates)
    places = Region.objects.path_names(village.pk for village in villages)
    month, kind = _month(filters), filters.chosen().get("kind")
    below = {village.pk: _address("overview_by", "kelompok", region=village.pk, kind=kind) for village in villages}
    return [
        figures.onto(
            Line(
                village.display_name,
                _address("overview_by", "kelompok", region=village.pk, month=month),
                places.get(village.pk, ""),
                meetings_url=_address("p2k2_groups", region=village.pk),
                missing_url=_address("p2k2_groups", region=village.pk, met=_met(filters)),
                months_url=_address("overview_by", "tempat", region=village.pk, month=month),
                load_url=below[village.pk],
                late_url=below[village.pk],
            ),
            village.pk,
        )
        for village in villages
    ]


def _facilities(filters: OverviewFilters) -> QuerySet[Facility]:
    month = filters.shown_month
    obligated = obliged_on(month_days(month)[0])
    if not filters.narrows_groups:
        return facilities_of(filters.post, [month], obligated)
    groups = list(filters.groups().order_by().values_list("pk", flat=True))
    spells = served([month], obligated).filter(family__in=Family.objects.filter(group__in=groups).values("pk"))
    return Facility.objects.filter(pk__in=spells.order_by().values("facility"))


def _facility_lines(request: Request, filters: OverviewFilters, facilities: Sequence[Facility]) -> list[Line]:
    groups = list(filters.groups().order_by().values_list("pk", flat=True)) if filters.narrows_groups else None
    ids = [facility.pk for facility in facilities]
    months = months_of_facilities(ids, filters.shown_month, on=filters.on, groups=groups)
    places = Region.objects.path_names(facility.region_id for facility in facilities)
    found, stage = [], _stage_of(filters.shown_month, on=filters.on)
    for facility in facilities:
        page = _address("facility", facility.pk, stage=stage)
        figure = months.get(facility.pk, Figure())
        found.append(
            Line(facility.name, page, places.get(facility.region_id, ""), months=figure, months_url=page)
        )  # fmt: skip
    return found


def _stage_of(month: str, *, on: date) -> str:
    """The latest stage that looks at the month, by which a facility's page shows it. Two queries."""
    latest = Stage.objects.order_by("-year", "-number", "-pk").values_list("name", flat=True)[:STAGES_ASKED]
    coming = [law.stage for law in laws_at_hand(on=on)]
    for name in dict.fromkeys([*reversed(coming), *latest]):
        law = default_policy().stage(name)
        if month in (law.observes_months or law.pays_months):
            return str(name)
    return ""


def _regencies(filters: OverviewFilters) -> QuerySet[Region]:
    regions = Region.objects.at(Level.REGENCY)
    return regions.filter(no__in=_regencies_with_groups(filters))


def _regencies_with_groups(filters: OverviewFilters) -> list[int]:
    regency = F("region_id") - Mod("region_id", SPAN_OF[Level.REGENCY])
    return sorted(filters.groups().order_by().annotate(regency=regency).values_list("regency", flat=True).distinct())


def _regency_lines(request: Request, filters: OverviewFilters, regencies: Sequence[Region]) -> list[Line]:
    ranges = None if request.post.role.reach == Reach.NATION else request.post.ranges
    found = by_regency(filters.groups(), ranges, filters.shown_month, on=filters.on)
    month, lines = _month(filters), []
    for regency in regencies:
        met, said = found.get(regency.pk, (Figure(), Figure()))
        below = _address("overview_by", "pendamping", region=regency.pk, month=month)
        lines.append(
            Line(
                regency.display_name, below, meetings=met, meetings_url=below,
                missing_url=_address("p2k2_groups", region=regency.pk, met=_met(filters)), months=said,
                months_url=_address("overview_by", "tempat", region=regency.pk, month=month),
            )
        )  # fmt: skip
    return lines


VIEWS = {
    view.code: view
    for view in (
        View("wilayah", _("Menurut kabupaten/kota"), _("Kabupaten/kota"), _regencies, ("no",), _regency_lines,
             ("meetings", "months")),
        View("pendamping", _("Menurut pendamping"), _("Pendamping"), _facilitators, ("name", "id"), _facilitator_lines),
        View("kelompok", _("Menurut kelompok"), _("Kelompok"), _groups, ("region_id", "name", "id"), _group_lines),
        View("tempat", _("Menurut sekolah/faskes"), _("Sekolah atau faskes"), _facilities,
             ("region_id", "kind", "name_key", "id"), _facility_lines, ("months",)),
        View("desa", _("Menurut desa"), _("Desa/kelurahan"), _villages, ("no",), _village_lines),
    )
}  # fmt: skip


def views_for(post: Post) -> list[View]:
    """By regency only for who has several."""
    several = post.role.reach in (Reach.PROVINCE, Reach.NATION)
    return [view for view in VIEWS.values() if several or view.code != "wilayah"]
