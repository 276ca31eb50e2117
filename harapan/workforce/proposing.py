"""What would be fair: teams made of the loads as they stand, or as they would be, and the least that changes them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from harapan.accounts.models import Post
from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.workforce.balancing.even import even
from harapan.workforce.balancing.problem import Bundle, Move, Person, Team, loads_after
from harapan.workforce.balancing.whole import fit
from harapan.workforce.holdings import Caseload, Facilitator, read_caseload
from harapan.workforce.models import Difficulty

ADDED = -1  # users from here downwards are people who would be added
COMING = -1  # groups from here downwards are families who would come
COMING_SIZE = 20  # they come in groups of about so many
ADDED_MAX, COMING_MAX = 1000, 1_000_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """How to balance, and what to suppose. `without`: users who leave."""

    split_groups: bool = False
    across_districts: bool = False
    add: int = 0
    families: int = 0
    without: tuple[int, ...] = ()

    @property
    def supposes(self) -> bool:
        return bool(self.add or self.families or self.without)


@dataclass(frozen=True)
class Proposal:
    """Loads before and after, and the moves between. `moves` holds only families that are there now."""

    caseload: Caseload
    wishes: Wishes
    facilitators: Mapping[int, Facilitator]
    loads: Mapping[int, int]  # after
    moves: Sequence[Move]
    unplaced: Sequence[Bundle]  # nobody serves where they live
    unproven: Sequence[int] = field(default_factory=tuple)  # teams for which better moves are not ruled out

    @property
    def families(self) -> int:
        return sum(self.loads.values()) + sum(bundle.families for bundle in self.unplaced)

    @property
    def families_moved(self) -> int:
        """Families that come to another facilitator, or to one at all."""
        return sum(move.families for move in self.moves)


def propose(post: Post, region: Region, wishes: Wishes, *, on: date) -> Proposal:
    """The least change for a region as the post sees it. Writes nothing, and answers the same every time.

    Raises NotYours and Refused as `read_caseload`, and Refused where nobody would be left to hold families.
    """
    if not 0 <= wishes.add <= ADDED_MAX or not 0 <= wishes.families <= COMING_MAX:
        raise Refused(
            "Tambahan paling banyak {people} pendamping dan {families} keluarga.",
            people=ADDED_MAX, families=COMING_MAX,
        )  # fmt: skip
    if wishes.across_districts and region.level == Level.DISTRICT:
        raise Refused(
            "Pindah antarkecamatan tidak dapat dihitung untuk satu kecamatan. Sebut kabupaten/kota atau provinsi."
        )
    caseload = read_caseload(post, region, on=on, without=wishes.without)
    return propose_for(caseload, wishes)


def propose_for(caseload: Caseload, wishes: Wishes) -> Proposal:
    """As `propose`, for loads already read."""
    facilitators = dict(caseload.facilitators)
    level = Level.REGENCY if wishes.across_districts else Level.DISTRICT
    teams, unplaced = _teams(caseload, level)
    if not teams:
        raise Refused(
            "Tidak ada pendamping yang bertugas di {region}. Catat dulu jabatannya, atau sebut wilayah yang lebih "
            "luas.",
            region=caseload.region.display_name,
        )
    teams = _coming(teams, wishes.families)
    for number in range(wishes.add):
        one, teams = _with_one_more(caseload, teams, ADDED - number, number + 1, facilitators)
        facilitators[one.user] = one
    loads, moves, unproven = dict[int, int](), list[Move](), list[int]()
    for team in teams:
        answer = even(team) if wishes.split_groups else fit(team)
        loads |= loads_after(team, answer.moves)
        moves += [move for move in answer.moves if move.group > COMING]
        if not answer.proven:
            unproven.append(team.home)
    return Proposal(caseload, wishes, facilitators, loads, moves, unplaced, unproven)


def _teams(caseload: Caseload, level: Level) -> tuple[list[Team], list[Bundle]]:
    """People of one kecamatan (or kabupaten/kota) with what they hold and what is to be given out among them."""
    homes = {
        user: codes.ancestor(each.home, Level(min(level, codes.level_of(each.home))))
        for user, each in caseload.facilitators.items()
    }
    people: dict[int, list[Person]] = defaultdict(list)
    for user in sorted(homes):
        people[homes[user]].append(caseload.facilitators[user].person)
    neighbours = _neighbours(caseload.bundles, homes, level)
    bundles, unplaced = defaultdict[int, list[Bundle]](list), list[Bundle]()
    for bundle in caseload.bundles:
        place = codes.ancestor(bundle.village, level)
        home = homes[bundle.holder] if bundle.holder else place if place in people else neighbours.get(place)
        if home is None:
            unplaced.append(bundle)
        else:
            bundles[home].append(bundle)
    return [Team(home, tuple(each), tuple(bundles[home])) for home, each in sorted(people.items())], unplaced


def _neighbours(bundles: Iterable[Bundle], homes: Mapping[int, int], level: Level) -> dict[int, int]:
    """Kecamatan -> the team that holds most families there, for kecamatan nobody has as a post."""
    held: dict[int, Counter[int]] = defaultdict(Counter)
    for bundle in bundles:
        if bundle.holder is not None:
            held[codes.ancestor(bundle.village, level)][homes[bundle.holder]] += bundle.families
    return {place: min(teams, key=lambda home: (-teams[home], home)) for place, teams in held.items()}


def _coming(teams: Sequence[Team], families: int) -> list[Team]:
    """Families who would come, where families are now: in proportion, the largest remainders first; where none are,
    to each team alike."""
    weights = [team.families for team in teams]
    if not any(weights):
        weights = [1] * len(teams)
    total = sum(weights)
    exact = [families * weight for weight in weights]
    shares = [each // total for each in exact]
    most = sorted(range(len(teams)), key=lambda place: (-(exact[place] % total), place))
    for place in most[: families - sum(shares)]:
        shares[place] += 1
    return [
        replace(team, bundles=(*team.bundles, *_groups_of(share, team.home)))
        for team, share in zip(teams, shares, strict=True)
    ]


def _groups_of(families: int, home: int) -> list[Bundle]:
    count = -(-families // COMING_SIZE)
    return [
        Bundle(COMING - number, home, families // count + (number < families % count), None) for number in range(count)
    ]


def _with_one_more(
    caseload: Caseload, teams: list[Team], user: int, number: int, facilitators: Mapping[int, Facilitator]
) -> tuple[Facilitator, list[Team]]:
    """Somebody added where the load is heaviest: most families for each day of work that is there."""
    place = max(range(len(teams)), key=lambda each: (_heaviness(teams[each]), -each))
    team = teams[place]
    terrains = Counter(facilitators[person.user].terrain for person in team.people)
    terrain = Difficulty(max(terrains, key=lambda each: (terrains[each], each)))
    law = caseload.law
    one = Facilitator(
        user, Phrase("Tambahan {number}", number=number), "", team.home, terrain, 0,
        band=law.band(terrain), weight=law.days_left(0),
    )  # fmt: skip
    return one, [*teams[:place], replace(team, people=(*team.people, one.person)), *teams[place + 1 :]]


def _heaviness(team: Team) -> float:
    return team.families / sum(person.weight for person in team.people)
