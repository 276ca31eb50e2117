"""Which group a family is in, and what a group is called: decided by a person, with a reason in the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.names import name_key
from harapan.database.scope import atomic
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import NO_GROUP, Family, Group, Source

NAME_MAX, PLACE_MAX = 80, 120


def move_to_group(family_ids: Iterable[int], group_id: int, *, by: User, on: date, why: str) -> list[Family]:
    """Put families into a group, or with NO_GROUP into none, on the field's own word: no workbook takes it back.

    Everything that hangs on a family follows by its composite key. Gives those that moved; who is there already stays.
    Raises NotYours outside the scope, Refused for a group of another kabupaten or where nobody would move.
    """
    wanted = sorted(set(family_ids))
    with atomic():
        group = Group.objects.select_related("region").filter(pk=group_id).first()
        if group is None:
            raise NotYours("Kelompok")
        families = list(Family.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk"))
        if len(families) != len(wanted):
            raise NotYours("Keluarga")
        moving = [family for family in families if family.group_id != group.pk]
        if not moving:
            raise Refused(
                "Keluarga yang dipilih sudah berada di {group}. Pilih kelompok yang lain.",
                group=group.name,
            )
        _refuse_far(moving, group)
        _write(moving, group, on=on, why=why)
    return moving


def _write(moving: list[Family], group: Group, *, on: date, why: str) -> None:
    left = {family.pk: family.group_id for family in moving}
    for family in moving:
        family.group = group
        family.sources["group"] = [Source.FIELD, on.isoformat()]
    Family.objects.bulk_update(moving, ["group", "sources"])
    bodies = {pk: {"from": before, "to": group.pk} for pk, before in left.items()}
    log.record_each("family.moved", kind="family", bodies=bodies, why=why)


def _refuse_far(moving: list[Family], group: Group) -> None:
    """Families meet each month: a group of another kabupaten is a slip."""
    if group.pk == NO_GROUP:
        return
    regency = codes.ancestor(int(group.region_id or 0), codes.Level.REGENCY)
    for family in moving:
        if codes.ancestor(family.region_id, codes.Level.REGENCY) != regency:
            raise Refused(
                "{group} bertemu di kabupaten/kota lain daripada tempat tinggal {family}. Pilih kelompok di "
                "kabupaten/kotanya.",
                group=group.name,
                family=family.name,
            )


def make_group(
    name: str, region_no: int, *, leader_name: str = "", meeting_place: str = "",
    position: tuple[float, float] | None = None, by: User, on: date, why: str,
) -> Group:  # fmt: skip
    """A new group in a village or kecamatan, without families and without facilitator.

    position: degrees of latitude and longitude of the meeting place, where known.

    Raises Refused for a blank name, a name the place knows already, or a region wider than a kecamatan.
    """
    region = Region.objects.filter(no=region_no).first()
    if region is None or region.level < codes.Level.DISTRICT:
        raise Refused(
            "Kelompok bertemu di satu desa atau kecamatan; {region_no} bukan itu.",
            region_no=codes.dotted(region_no),
        )
    with atomic():
        group = Group(region=region, since=on, meeting_place=" ".join(meeting_place.split())[:PLACE_MAX])
        group.latitude, group.longitude = position or (None, None)
        _name(group, name, leader_name)
        group.save()
        log.record("group.made", kind="group", subject=group.pk, why=why, body={"name": group.name})
    return group


def rename_group(
    group_id: int, *, name: str, leader_name: str, meeting_place: str | None = None, by: User, why: str
) -> Group:  # fmt: skip
    """Another name, leader or meeting place (None: as it was). Raises NotYours, or Refused like `make_group`."""
    with atomic():
        known = Group.objects.select_for_update(of=("self",)).exclude(pk=NO_GROUP)
        group = known.filter(pk=group_id).first()
        if group is None:
            raise NotYours("Kelompok")
        before = group.name
        _name(group, name, leader_name)
        if meeting_place is not None and group.meeting_place != (place := " ".join(meeting_place.split())[:PLACE_MAX]):
            group.meeting_place, group.latitude, group.longitude = place, None, None  # the position was another's
        group.save()
        log.record("group.renamed", kind="group", subject=group.pk, why=why, body={"was": before, "now": group.name})
    return group


def candidates_groups(villages: Iterable[int], *, on: date) -> dict[int, Group]:
    """Village -> the group that holds its candidates, made where there is none yet. Two statements at most.

    Nobody meets in it: it is what a facilitator's scope names, and moves with whoever is given the village.
    """
    wanted = set(villages)
    known = {int(group.region_id or 0): group for group in _holding(wanted)}
    missing = Region.objects.filter(no__in=wanted - set(known))
    if missing:
        Group.objects.bulk_create(
            [Group(name=f"Calon {each.name}"[:NAME_MAX], region=each, since=on, candidates=True) for each in missing],
            ignore_conflicts=True,
        )
        known = {int(group.region_id or 0): group for group in _holding(wanted)}
    return known


def _holding(villages: set[int]) -> Iterable[Group]:
    return Group.objects.filter(candidates=True, region__in=villages).select_related("region", "facilitator")


def _name(group: Group, name: str, leader_name: str) -> None:
    name = " ".join(name.split())[:NAME_MAX]
    if not name_key(name):
        raise Refused("Nama kelompok kosong. Tulis namanya, misalnya “Melati 1”.")
    neighbours = Group.objects.filter(region=group.region_id).exclude(pk=group.pk or NO_GROUP)
    if name_key(name) in {name_key(other) for other in neighbours.values_list("name", flat=True)}:
        raise Refused(
            "Kelompok bernama {name} sudah ada di desa atau kecamatan itu. Pilih nama yang lain.",
            name=name,
        )
    group.name, group.leader_name = name, " ".join(leader_name.split())
