"""How many families, groups and facilitators a demonstration province has, and where.

Published counts per kabupaten/kota give the proportions; every sum is exact (largest remainder). A smaller province
keeps all thirteen kabupaten/kota but has fewer villages, so that groups and caseloads stay as large as in life.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from harapan.demo import names
from harapan.demo.province import Province
from harapan.regions import codes
from harapan.regions.codes import Level


@dataclass(frozen=True, slots=True)
class Group:
    """A kelompok of one village. `no` counts from 0 in the order of Spread.groups; `facilitator` is that one's `no`."""

    no: int
    region_no: int
    name: str
    families: int
    facilitator: int


@dataclass(frozen=True, slots=True)
class Facilitator:
    """A pendamping. `no` counts from 0; the district is where most of the families live, some may live next to it."""

    no: int
    name: str
    regency_no: int
    district_no: int
    families: int


@dataclass(frozen=True, slots=True)
class Spread:
    """The plan of a province: families per region number, the groups in order of region, the facilitators.

    `regencies` and `villages` map region number -> families and leave out what has none. Families come in the order of
    groups: the first `groups[0].families` of the province belong to group 0, and so on.
    """

    regencies: Mapping[int, int]
    villages: Mapping[int, int]
    groups: Sequence[Group]
    facilitators: Sequence[Facilitator]

    @property
    def families(self) -> int:
        return sum(self.regencies.values())


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """`total` divided in proportion to `weights`, exactly: what is left over goes to the largest remainders."""
    whole = sum(weights)
    if total < 0 or whole <= 0:
        raise ValueError(f"cannot divide {total} by weights that sum to {whole}")
    exact = [total * weight / whole for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda place: (shares[place] - exact[place], place))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares


def spread(
    province: Province,
    regions: Sequence[tuple[int, str]],
    *,
    families: int,
    seed: int,
    facilitators: int | None = None,
) -> Spread:
    """Plan `families` families over the villages of the province among `regions` (number, name).

    Without `facilitators` their number keeps the published caseload of about 253, but no regency is left without one.
    The same arguments give the same plan.
    """
    chance = Random(f"spread {seed}")
    regencies = _by_weight(families, province.regency_counts)
    villages: dict[int, int] = {}
    for regency, count in regencies.items():
        villages |= _villages(province, regions, regency=regency, families=count, chance=chance)
    wanted = facilitators or max(1, round(families / province.caseload))
    staff = _at_least_one(wanted, regencies)
    groups, people = _groups_and_facilitators(province, regencies, villages, staff, chance=chance)
    return Spread(regencies, dict(sorted(villages.items())), groups, people)


def _by_weight(total: int, weights: Mapping[int, float]) -> dict[int, int]:
    shares = apportion(total, list(weights.values()))
    return {region: share for region, share in zip(weights, shares, strict=True) if share}


def _at_least_one(total: int, families: Mapping[int, int]) -> dict[int, int]:
    """Facilitators per regency by families; nobody is left without one, even where the total then grows."""
    shares = _by_weight(total, families)
    for regency in families:
        if regency not in shares:
            shares[regency] = 1
            richest = max(shares, key=lambda each: (shares[each], -each))
            shares[richest] -= shares[richest] > 1
    return shares


def _villages(
    province: Province, regions: Sequence[tuple[int, str]], *, regency: int, families: int, chance: Random
) -> dict[int, int]:
    """Families per village of one regency: first per district, then per village of the districts taken."""
    inside = [number for number, _ in regions if codes.contains(regency, number)]
    villages = [number for number in inside if codes.level_of(number) is Level.VILLAGE]
    first = [number for number in province.villages_first if number in villages]
    per_district: dict[int, list[int]] = {}
    for number in villages:
        per_district.setdefault(codes.ancestor(number, Level.DISTRICT), []).append(number)
    weights = {number: len(below) * chance.uniform(0.6, 1.4) for number, below in per_district.items()}
    districts = _taken(
        weights,
        max(1, families // province.district_families_min),
        first=[codes.ancestor(number, Level.DISTRICT) for number in first],
    )
    taken: dict[int, int] = {}
    for district, count in _by_weight(families, districts).items():
        sizes = {number: chance.gammavariate(4, 0.25) + 0.15 for number in per_district[district]}
        wanted = max(1, count // province.village_families_min)
        own_first = [number for number in first if number in sizes]
        taken |= _by_weight(count, _taken(sizes, wanted, first=own_first))
    return taken


def _taken(weights: Mapping[int, float], count: int, *, first: Sequence[int]) -> dict[int, float]:
    """The `count` heaviest, but those of `first` before all others; in order of number."""
    rank = {number: place for place, number in enumerate(dict.fromkeys(first))}
    ordered = sorted(weights, key=lambda number: (rank.get(number, len(rank)), -weights[number], number))
    return {number: weights[number] for number in sorted(ordered[: max(count, len(rank))])}


def _groups_and_facilitators(
    province: Province,
    regencies: Mapping[int, int],
    villages: Mapping[int, int],
    staff: Mapping[int, int],
    *,
    chance: Random,
) -> tuple[list[Group], list[Facilitator]]:
    """Groups of neighbouring villages follow each other and are cut into caseloads of nearly equal size."""
    groups: list[Group] = []
    facilitators: list[Facilitator] = []
    for regency, total in sorted(regencies.items()):
        planned = _groups_of(province, {v: n for v, n in sorted(villages.items()) if codes.contains(regency, v)})
        hands = min(staff[regency], len(planned))
        start, passed, loads = len(facilitators), 0, [dict[int, int]() for _ in range(hands)]
        for region, name, size in planned:
            hand = (2 * passed + size) * hands // (2 * total)
            passed += size
            district = codes.ancestor(region, Level.DISTRICT)
            loads[hand][district] = loads[hand].get(district, 0) + size
            groups.append(Group(len(groups), region, name, size, start + hand))
        facilitators += _staff(start, regency, loads, chance=chance)
    return groups, facilitators


def _groups_of(province: Province, villages: Mapping[int, int]) -> list[tuple[int, str, int]]:
    """(village, name, families) of every group, evenly filled."""
    groups = []
    for village, families in villages.items():
        count = -(-families // province.group_families_max)
        sizes = apportion(families, [1] * count)
        groups += [(village, names.group_name(place), size) for place, size in enumerate(sizes)]
    return groups


def _staff(start: int, regency: int, loads: Sequence[Mapping[int, int]], *, chance: Random) -> list[Facilitator]:
    half = (len(loads) + 1) // 2
    called = names.women.draw(chance, half) + names.men.draw(chance, len(loads) - half)
    chance.shuffle(called)
    return [
        Facilitator(start + place, name, regency, max(load, key=lambda d: (load[d], -d)), sum(load.values()))
        for place, (name, load) in enumerate(zip(called, loads, strict=True))
    ]
