"""Groups of somebody who goes: who could take each, and the decree that gives them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from harapan.accounts.models import Post, User
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import Group
from harapan.workforce import deciding
from harapan.workforce.balancing.problem import Move, Reason
from harapan.workforce.holdings import Caseload, Facilitator, read_caseload
from harapan.workforce.models import Decree, Departure
from harapan.workforce.proposing import Wishes, propose_for
from harapan.workforce.queries import reaches
from harapan.workforce.staff import reach


@dataclass(frozen=True)
class Offer:
    """Groups to be given, each with whom it would be fair to give it to; `takers`: all who could, least load first."""

    groups: Sequence[tuple[Group, int | None]]
    takers: Sequence[Facilitator]


def offer(departure: Departure, *, post: Post, on: date) -> Offer:
    """What the optimiser would do without them. Colleagues of the kecamatan first, then of the kabupaten/kota."""
    user = departure.person.user_id
    groups = _groups(user, on)
    if not groups or user is None:
        return Offer([], [])
    region = _around(departure, post)
    caseload = read_caseload(post, region, on=on, without=(user,))
    fair = _fair(caseload)
    home = codes.ancestor(departure.person.region_no, Level.DISTRICT)
    takers = sorted(caseload.facilitators.values(), key=lambda each: (each.home != home, each.load, each.name))
    return Offer([(group, fair.get(group.pk)) for group in groups], takers)


def hand_over(
    departure_id: int, given: Mapping[int, int], *, number: str, dated: date, post: Post, by: User, on: date
) -> Decree:
    """Give groups (group -> facilitator) by one decree, as `deciding.accept` does. Raises Refused, NotYours."""
    departure = reach.departures_in(post).select_related("person").filter(pk=departure_id).first()
    if departure is None or departure.person.user_id is None:
        raise NotYours(Phrase("Catatan"))
    reach.refuse_wider([departure.person], post=post, by=by, on=on)
    user = departure.person.user_id
    if user in given.values():
        raise Refused("Pilih pendamping lain: {name} sendiri yang menyerahkan.", name=departure.person.name)
    own = {group.pk: group for group in _groups(user, on)}
    if not set(given) <= set(own):
        raise Refused("Sebagian kelompok ini sudah berpindah. Muat ulang halamannya.")
    moves = [
        Move(pk, int(own[pk].region_id or 0), own[pk].families_count, True, user, taker, Reason.LEAVES)  # type: ignore[attr-defined]
        for pk, taker in sorted(given.items())
    ]
    region = _around(departure, post)
    return deciding.accept(
        moves, region=region, number=number, dated=dated, by=by, on=on, why=f"{departure.get_kind_display()}: "
        f"{departure.why}",
    )  # fmt: skip


def _groups(user: int | None, on: date) -> Sequence[Group]:
    """Each with `families_count` as a load counts them: candidates change hands with their group and weigh nothing."""
    rows = Group.objects.filter(facilitator=user or 0).select_related("region").order_by("region_id", "name", "pk")
    members = Q(families__enrolments__spell__contains=on)
    return list(rows.annotate(families_count=Count("families", filter=members, distinct=True)))


def _around(departure: Departure, post: Post) -> Region:
    """The kabupaten/kota where they serve; as much of it as the reader reaches."""
    place = departure.person.region_no
    wide = codes.ancestor(place, Level(min(codes.level_of(place), Level.REGENCY)))
    return Region.objects.get(no=wide if reaches(post, wide) else place)


def _fair(caseload: Caseload) -> dict[int, int]:
    """Group -> who would take it whole; nothing where nobody else serves."""
    try:
        moves = propose_for(caseload, Wishes()).moves
    except Refused:
        return {}
    return {move.group: move.taker for move in moves if move.whole}
