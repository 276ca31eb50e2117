"""Groups of a kecamatan proposed anew, by village and distance, and the moves that somebody accepts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import OuterRef, Subquery

from harapan.accounts.models import Post, User
from harapan.accounts.roles import Reach
from harapan.audit import log
from harapan.core.errors import Refused
from harapan.core.names import name_key
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.fieldwork.models import HomeVisit
from harapan.policy.reader import default_policy
from harapan.policy.reasons import demand_reason
from harapan.regions import codes
from harapan.regions.models import Region
from harapan.registry.actions import assign_facilitator
from harapan.registry.balancing import Home, Move, Place, Proposal, heart, propose
from harapan.registry.grouping import make_group, move_to_group
from harapan.registry.models import NO_GROUP, Family, Group
from harapan.registry.narrowing import enrolled


@dataclass(slots=True)
class Regrouping:
    """A proposal with the groups it speaks of. `before`: how many families meet in each now."""

    proposal: Proposal
    groups: dict[int, Group]
    before: dict[int, int]
    least: int
    most: int
    names: dict[Place, str] = field(default_factory=dict)  # of new groups

    def name_of(self, place: Place) -> str:
        return self.groups[place.group].name if place.group else self.names[place]


def bounds(on: date) -> tuple[int, int]:
    """How few and how many families a group may have."""
    policy = default_policy()
    least, most = (policy.value(f"groups.families_{end}", on=on).value for end in ("min", "max"))
    return int(least), int(most)


def proposed(region_no: int, *, on: date) -> Regrouping:
    """What would balance the groups of a kecamatan or village, for members in the scope that is on. Three queries."""
    low, high = codes.range_of(region_no)
    latest = HomeVisit.objects.filter(family=OuterRef("pk"), latitude__isnull=False).order_by("-visited_on", "-pk")
    families = list(
        enrolled(Family.objects.inside(low, high), on=on)
        .annotate(lat=Subquery(latest.values("latitude")[:1]), lon=Subquery(latest.values("longitude")[:1]))
        .only("id", "name", "region_id", "group_id", "hamlet", "rt")
        .order_by("pk")
    )
    groups = Group.objects.in_bulk({family.group_id for family in families} - {NO_GROUP})
    met = {pk: group for pk, group in groups.items() if not group.candidates}
    villages = _villages(families, met)
    least, most = bounds(on)
    homes = [
        Home(
            family.pk, family.name, villages.get(family.group_id or NO_GROUP, family.region_id),
            (family.group_id or NO_GROUP) if family.group_id in met else NO_GROUP,
            None if family.lat is None else (family.lat, family.lon), family.hamlet.upper(), family.rt,
        )
        for family in families
    ]  # fmt: skip
    found = Regrouping(
        propose(homes, least=least, most=most), groups, Counter(home.group for home in homes), least, most
    )
    _name_new(found)
    return found


def _villages(families: Iterable[Family], groups: dict[int, Group]) -> dict[int, int]:
    """The village of each group: its own, or for a group of a kecamatan where most of its families live."""
    lived: dict[int, Counter[int]] = defaultdict(Counter)
    for family in families:
        lived[family.group_id or NO_GROUP][family.region_id] += 1
    own = {pk: int(group.region_id or 0) for pk, group in groups.items()}
    return {
        pk: no if codes.level_of(no) == codes.Level.VILLAGE else lived[pk].most_common(1)[0][0]
        for pk, no in own.items()
    }


def _name_new(found: Regrouping) -> None:
    """ "Hiyung 4": the village and the first number no group there bears."""
    new = sorted((place for place in found.proposal.after if place.new), key=lambda place: (place.village, place.new))
    villages = {each.no: each.name for each in Region.objects.filter(no__in={place.village for place in new})}
    taken = {
        (int(region or 0), name_key(name))
        for region, name in Group.objects.filter(region__in=villages).values_list("region", "name")
    }
    for place in new:
        number = 1
        while (place.village, name_key(f"{villages[place.village]} {number}")) in taken:
            number += 1
        found.names[place] = f"{villages[place.village]} {number}"
        taken.add((place.village, name_key(found.names[place])))


@dataclass(frozen=True, slots=True)
class Accepted:
    moved: int
    made: list[Group]


def accept(
    region_no: int, chosen: Collection[tuple[int, str]], *, by: User, on: date, why: str
) -> Accepted:  # fmt: skip
    """Carry out the chosen moves, (family, key of its place), of what is proposed now: all of them or none.

    New groups get a leader, a meeting place and the facilitator most of their families have, if still in service.
    Raises Refused where one is not proposed any more, since somebody else has moved families meanwhile.
    """
    if not chosen:
        raise Refused("Pilih paling sedikit satu perpindahan.")
    demand_reason(why, Phrase("Tulis alasannya, misalnya: pembagian kelompok sesudah penetapan Juni."), on=on)
    with atomic():
        now = proposed(region_no, on=on)
        moves = {(move.home.family, move.to.key): move for move in now.proposal.moves}
        stale = [each for each in chosen if each not in moves]
        if stale:
            raise Refused(
                "{n} perpindahan yang dipilih tidak diusulkan lagi, karena kelompoknya berubah. Muat ulang usulannya.",
                n=len(stale),
            )
        by_place: dict[Place, list[Move]] = defaultdict(list)
        for each in chosen:
            by_place[moves[each].to].append(moves[each])
        made = [_carry_out(now, place, list_, by=by, on=on, why=why) for place, list_ in by_place.items()]
        body = {"moves": len(chosen), "of": len(moves)}
        log.record("groups.rebalanced", kind="region", subject=region_no, why=why, body=body)
    return Accepted(len(chosen), [group for group in made if group is not None])


def _carry_out(now: Regrouping, place: Place, moves: list[Move], *, by: User, on: date, why: str) -> Group | None:
    families = [move.home.family for move in moves]
    if place.group:
        move_to_group(families, place.group, by=by, on=on, why=why)
        return None
    middle = heart([move.home for move in moves])
    leader = middle.name if middle else ""
    group = make_group(
        now.names[place], place.village, leader_name=leader, meeting_place=f"Rumah {leader.title()}",
        position=middle.at if middle else None, by=by, on=on, why=why,
    )  # fmt: skip
    had = [now.groups[pk].facilitator for pk in _groups_of(families) if pk in now.groups]
    facilitators = Counter(each for each in had if each is not None and meets_groups(each, on=on))
    if facilitators:
        assign_facilitator([group.pk], facilitators.most_common(1)[0][0], by=by, on=on, why=why)
    move_to_group(families, group.pk, by=by, on=on, why=why)
    return group


def meets_groups(user: User, *, on: date) -> bool:
    """Whether somebody is a facilitator on the day: one who has left is given no group."""
    return any(post.role.reach is Reach.GROUPS for post in Post.objects.filter(user=user).held_on(on))


def _groups_of(families: Collection[int]) -> list[int]:
    return list(Family.objects.filter(pk__in=families).order_by("pk").values_list("group_id", flat=True))
