"""Groups found or made by name, for many families at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from harapan.accounts.models import User
from harapan.core.names import name_key
from harapan.regions.codes import Level, ancestor
from harapan.registry.models import NO_GROUP, Group


class Place(NamedTuple):
    """What tells two groups of one name apart: the kecamatan."""

    district_no: int
    key: str


def place(name: str, region_no: int) -> Place:
    return Place(ancestor(region_no, Level.DISTRICT), name_key(name))


class Ambiguous(NamedTuple):
    """Several groups of this name in the kecamatan: (its number, its village or kecamatan) of each."""

    groups: tuple[tuple[int, int], ...]

    def of_village(self, region_no: int) -> int | None:
        """The only one of that village, if there is just one."""
        here = [number for number, village in self.groups if village == region_no]
        return here[0] if len(here) == 1 else None


def groups_named(places: Iterable[Place], *, facilitator: User | None) -> dict[Place, int | Ambiguous]:
    """The group of each place, among those of the facilitator or of nobody where one is named. One query."""
    wanted = set(places)
    districts = {each.district_no for each in wanted}
    if not districts:
        return {}
    low, high = min(districts), max(districts) + 10_000
    found: dict[Place, list[Group]] = {}
    for group in (
        Group.objects.filter(region_id__gte=low, region_id__lt=high, candidates=False)
        .exclude(pk=NO_GROUP)
        .order_by("pk")
    ):
        at = place(group.name, int(group.region_id or 0))
        if at in wanted and (facilitator is None or group.facilitator_id in (None, facilitator.pk)):
            found.setdefault(at, []).append(group)
    return {at: groups[0].pk if len(groups) == 1 else _ambiguous(groups) for at, groups in found.items()}


def _ambiguous(groups: Iterable[Group]) -> Ambiguous:
    return Ambiguous(tuple((group.pk, int(group.region_id or 0)) for group in groups))


def add_groups(names: Mapping[Place, tuple[str, int]], *, since: date) -> dict[Place, int]:
    """Make groups: place -> (name as written, its village or kecamatan). Their numbers, by place."""
    made = Group.objects.bulk_create(
        [Group(name=name[:80], region_id=region_no, since=since) for name, region_no in names.values()]
    )
    return {at: group.pk for at, group in zip(names, made, strict=True)}
