"""Which family would meet where: groups neither too small nor too large, by village first and then by distance.

A pure rule: homes and groups in, moves with their reasons out. Nothing is decided here; people accept moves or not.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from harapan.core.phrases import Phrase

Position = tuple[float, float]  # degrees of latitude and longitude
METRES_PER_DEGREE = 111_320


@dataclass(frozen=True, slots=True)
class Home:
    """Where a family lives and meets. `group` 0: it meets nowhere yet. `hamlet`, `rt`: as the address says.

    village: that of the group it meets in, else where it lives; a group is never looked at in two villages.
    """

    family: int
    name: str
    village: int
    group: int = 0
    at: Position | None = None
    hamlet: str = ""
    rt: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A group that exists (`group`), or the n-th new one of a village (`new`)."""

    village: int
    group: int = 0
    new: int = 0

    @property
    def key(self) -> str:
        """ "g17" or "n6305032009.1": how a page names it."""
        return f"g{self.group}" if self.group else f"n{self.village}.{self.new}"


@dataclass(frozen=True, slots=True)
class Move:
    home: Home
    to: Place
    why: Phrase


@dataclass(slots=True)
class Proposal:
    """`after`: who would meet in each place that is touched. `left`: families for whom no place was found."""

    moves: list[Move] = field(default_factory=list)
    after: dict[Place, list[Home]] = field(default_factory=dict)
    left: list[Home] = field(default_factory=list)


MEETS_NOWHERE = Phrase("belum berkelompok, terdekat di desanya")
STARTS_ONE = Phrase("belum berkelompok, bersama tetangganya membentuk kelompok baru")
TOO_LARGE = Phrase("kelompoknya lebih dari batas, bagian ini berdekatan")
TOO_SMALL = Phrase("kelompoknya kurang dari batas, digabung dengan yang terdekat")
LENT = Phrase("tinggal terdekat dengan kelompok yang kurang dari batas")


def metres(one: Position | None, other: Position | None) -> float:
    """Between two positions, good enough within a kecamatan; infinite where one is unknown."""
    if one is None or other is None:
        return math.inf
    north = (one[0] - other[0]) * METRES_PER_DEGREE
    east = (one[1] - other[1]) * METRES_PER_DEGREE * math.cos(math.radians((one[0] + other[0]) / 2))
    return math.hypot(north, east)


def placed(homes: Iterable[Home]) -> list[Home]:
    """Homes without a position get the middle of their RT, else of their hamlet; what has neither stays without."""
    known = list(homes)
    corners: dict[tuple[int, str, str], list[Position]] = defaultdict(list)
    for home in known:
        if home.at is not None:
            for corner in ((home.village, home.hamlet, home.rt), (home.village, home.hamlet, "")):
                corners[corner].append(home.at)

    def guess(home: Home) -> Position | None:
        for corner in ((home.village, home.hamlet, home.rt), (home.village, home.hamlet, "")):
            if any(corner[1:]) and corners.get(corner):
                return middle(corners[corner])
        return None

    return [home if home.at else replace(home, at=guess(home)) for home in known]


def middle(positions: Iterable[Position | None]) -> Position | None:
    there = [each for each in positions if each is not None]
    if not there:
        return None
    return sum(each[0] for each in there) / len(there), sum(each[1] for each in there) / len(there)


def heart(homes: Sequence[Home]) -> Home | None:
    """Who lives nearest to the middle of a group: the usual place to meet."""
    centre = middle(home.at for home in homes)
    return min(homes, key=lambda home: (metres(home.at, centre), home.name, home.family), default=None)


def propose(homes: Iterable[Home], *, least: int, most: int) -> Proposal:
    """What would make every group of these villages hold `least` to `most` families, with as few moves as that takes.

    Village by village: too large groups are parted, families without a group join the nearest with room or make a new
    one, then groups still too small join another of their village.
    """
    villages: dict[int, list[Home]] = defaultdict(list)
    for home in placed(homes):
        villages[home.village].append(home)
    found = Proposal()
    for village in sorted(villages):
        one = _Village(village, villages[village], least, most)
        one.part_large()
        one.seat_pool()
        one.merge_small()
        one.tell(found)
    return found


class _Village:
    """One village while its proposal is worked out: who sits where, and why each was moved."""

    def __init__(self, village: int, homes: list[Home], least: int, most: int) -> None:
        self.village, self.least, self.most = village, least, most
        self.seats: dict[Place, list[Home]] = defaultdict(list)
        self.pool: list[Home] = []
        self.why: dict[int, Phrase] = {}
        for home in sorted(homes, key=lambda home: home.family):
            if home.group:
                self.seats[Place(village, home.group)].append(home)
            else:
                self.pool.append(home)

    def _new(self) -> Place:
        return Place(self.village, new=1 + sum(place.new > 0 for place in self.seats))

    def _seat(self, homes: Iterable[Home], place: Place, why: Phrase) -> None:
        for home in homes:
            self.seats[place].append(home)
            self.why[home.family] = why

    def part_large(self) -> None:
        for place in [place for place, homes in self.seats.items() if len(homes) > self.most]:
            stays, *others = bisected(self.seats[place], math.ceil(len(self.seats[place]) / self.most))
            self.seats[place] = list(stays)
            for part in others:
                self._seat(part, self._new(), TOO_LARGE)

    def seat_pool(self) -> None:
        """As many as there is room for go to the nearest group; a rest that makes a group of its own does so first."""
        fresh = len(self.pool) >= self.least
        if fresh and not any(len(homes) < self.least for homes in self.seats.values()):
            for part in bisected(self.pool, math.ceil(len(self.pool) / self.most)):
                self._seat(part, self._new(), STARTS_ONE)
            self.pool = []
            return
        waiting, self.pool = self.pool, []
        for home in waiting:
            place = self._nearest(home.at, room=1)
            if place is None:
                self.pool.append(home)
            else:
                self._seat([home], place, MEETS_NOWHERE)
        if len(self.pool) >= self.least:
            self.seat_pool()

    def merge_small(self) -> None:
        for place in sorted(self.seats, key=lambda place: (len(self.seats[place]), place.key)):
            homes = self.seats[place]
            if not 0 < len(homes) < self.least:
                continue
            other = self._nearest(middle(home.at for home in homes), room=len(homes), but=place)
            if other is None:
                self._borrow(place)
            else:
                self.seats[place] = []
                self._seat(homes, other, TOO_SMALL)

    def _borrow(self, place: Place) -> None:
        """Families of fuller groups who live nearest, where no group has room for all of this one."""
        centre = middle(home.at for home in self.seats[place])
        lenders = [each for each, homes in self.seats.items() if each != place and len(homes) > self.least]
        offers = sorted(
            ((metres(home.at, centre), home.family, home, each) for each in lenders for home in self.seats[each]),
            key=lambda offer: offer[:2],
        )
        for _far, _family, home, lender in offers:
            if len(self.seats[place]) < self.least < len(self.seats[lender]):
                self.seats[lender].remove(home)
                self._seat([home], place, LENT)

    def _nearest(self, at: Position | None, *, room: int, but: Place | None = None) -> Place | None:
        """Groups still too small come before others, then the nearest, then the smallest."""
        fitting = [
            place for place, homes in self.seats.items() if place != but and homes and len(homes) + room <= self.most
        ]

        def order(place: Place) -> tuple[bool, float, int, str]:
            homes = self.seats[place]
            far = metres(at, middle(home.at for home in homes))
            return len(homes) >= self.least, far, len(homes), place.key

        return min(fitting, key=order, default=None)

    def tell(self, found: Proposal) -> None:
        moved = {
            home.family: Move(home, place, self.why[home.family])
            for place, homes in self.seats.items()
            for home in homes
            if home.group != place.group or place.new
        }
        found.moves += [moved[family] for family in sorted(moved)]
        touched = {move.to for move in moved.values()} | {
            Place(self.village, move.home.group) for move in moved.values() if move.home.group
        }
        found.after.update({place: self.seats.get(place, []) for place in sorted(touched, key=lambda each: each.key)})
        found.left += self.pool


def bisected(homes: Sequence[Home], parts: int) -> list[list[Home]]:
    """Homes in so many neighbouring parts of nearly the same size: halved again and again across their longer side."""
    if parts <= 1:
        return [list(homes)]
    ordered = _along(homes)
    few = parts // 2
    cut = round(len(ordered) * few / parts)
    return bisected(ordered[:cut], few) + bisected(ordered[cut:], parts - few)


def _along(homes: Sequence[Home]) -> list[Home]:
    """In the order of the longer side of their area; those without a position last, by hamlet and RT."""
    there = [home for home in homes if home.at is not None]
    latitudes, longitudes = [h.at[0] for h in there if h.at], [h.at[1] for h in there if h.at]
    tall = there and max(latitudes) - min(latitudes) > max(longitudes) - min(longitudes)
    side = 0 if tall else 1
    return sorted(
        homes,
        key=lambda home: (home.at is None, home.at[side] if home.at else 0.0, home.hamlet, home.rt, home.family),
    )
