"""What the optimiser is asked about one team of facilitators, and what it answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from harapan.regions import codes
from harapan.regions.codes import Level

SAME_VILLAGE, SAME_DISTRICT, SAME_REGENCY, FARTHER = range(4)


@dataclass(frozen=True, slots=True)
class Band:
    """How many families somebody should have: at least `low`, at most `high`."""

    low: int
    high: int

    def outside(self, load: int) -> int:
        """Families too many or too few; 0 within the band."""
        return max(self.low - load, load - self.high, 0)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can hold families. `weight`: days a month left for them; shares are in proportion to it."""

    user: int
    band: Band
    weight: int = 1
    home: int = 0  # the kecamatan or kabupaten of the post


@dataclass(frozen=True, slots=True)
class Bundle:
    """Families that stay together: one group in one village. `holder` None: nobody meets them."""

    group: int
    village: int
    families: int
    holder: int | None


NOBODYS = 0  # the group of families that are in none: never handed over whole


class Reason(StrEnum):
    UNHELD = "unheld"  # nobody meets these families
    OVER = "over"  # the giver has more than the band allows
    UNDER = "under"  # the taker has fewer than the band asks
    EVEN = "even"  # the giver has more than the fair share
    CHAIN = "chain"  # makes room for another move
    LEAVES = "leaves"  # the giver goes away


@dataclass(frozen=True, slots=True)
class Move:
    """Families of one bundle to another person. Where not `whole`, the group is divided."""

    group: int
    village: int
    families: int
    whole: bool
    giver: int | None
    taker: int
    reason: Reason
    step: int = SAME_VILLAGE


@dataclass(frozen=True)
class Team:
    """People among whom families may move, with what they hold and what nobody holds."""

    home: int
    people: tuple[Person, ...]
    bundles: tuple[Bundle, ...]

    @cached_property
    def loads(self) -> dict[int, int]:
        """Families per person, as they stand."""
        found = {person.user: 0 for person in self.people}
        for bundle in self.bundles:
            if bundle.holder is not None:
                found[bundle.holder] += bundle.families
        return found

    @cached_property
    def unheld(self) -> list[Bundle]:
        return [bundle for bundle in self.bundles if bundle.holder is None]

    @property
    def families(self) -> int:
        return sum(bundle.families for bundle in self.bundles)

    @cached_property
    def _places(self) -> dict[int, list[set[int]]]:
        """Person -> villages, kecamatan and kabupaten/kota where they work; the post counts as a place too."""
        found: dict[int, list[set[int]]] = {}
        for person in self.people:
            levels = [set[int](), set[int](), set[int]()]
            if person.home:
                levels[1].add(codes.ancestor(person.home, Level.DISTRICT))
                levels[2].add(codes.ancestor(person.home, Level.REGENCY))
            found[person.user] = levels
        for bundle in self.bundles:
            if bundle.holder is not None:
                for place, level in zip(
                    found[bundle.holder], (Level.VILLAGE, Level.DISTRICT, Level.REGENCY), strict=True
                ):
                    place.add(codes.ancestor(bundle.village, level))
        return found

    def step(self, user: int, village: int) -> int:
        """How far a village is from where somebody already works: 0 the same village, 1 kecamatan, 2 kabupaten, 3."""
        villages, districts, regencies = self._places[user]
        if village in villages:
            return SAME_VILLAGE
        if codes.ancestor(village, Level.DISTRICT) in districts:
            return SAME_DISTRICT
        return SAME_REGENCY if codes.ancestor(village, Level.REGENCY) in regencies else FARTHER

    def apart(self, giver: int | None, taker: int) -> int:
        """How far the taker works from the nearest village where the giver, or nobody, holds families."""
        return min((self.step(taker, village) for village in self._villages.get(giver, ())), default=SAME_VILLAGE)

    @cached_property
    def _villages(self) -> dict[int | None, set[int]]:
        found: dict[int | None, set[int]] = {}
        for bundle in self.bundles:
            found.setdefault(bundle.holder, set()).add(bundle.village)
        return found


def loads_after(team: Team, moves: Sequence[Move]) -> dict[int, int]:
    """Families per person once the moves are made."""
    change: Counter[int] = Counter()
    for move in moves:
        change[move.taker] += move.families
        if move.giver is not None:
            change[move.giver] -= move.families
    return {user: load + change[user] for user, load in team.loads.items()}
