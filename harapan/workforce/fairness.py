"""How fair loads are, by place: the spread, who stands outside the band, and how many people are missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from harapan.accounts.models import Post
from harapan.core.money import thousands
from harapan.policy.dated import Dated
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.models import Region, name_of
from harapan.workforce.holdings import Caseload, Facilitator
from harapan.workforce.law import CaseloadLaw


@dataclass(frozen=True, slots=True)
class Fairness:
    """Loads of the people who serve in a place. `missing`: people more that would bring the mean to the upper edge."""

    region_no: int
    people: int
    families: int
    least: int
    mean: float
    most: int
    outside: int  # people outside their band
    missing: int

    @property
    def span(self) -> str:
        """ "76" or "76–80"."""
        return thousands(self.least) if self.spread == 0 else f"{thousands(self.least)}–{thousands(self.most)}"

    @property
    def spread(self) -> int:
        return self.most - self.least

    @property
    def outside_percent(self) -> float:
        return 100 * self.outside / self.people if self.people else 0.0


def fairness(facilitators: Mapping[int, Facilitator], loads: Mapping[int, int], *, level: Level) -> list[Fairness]:
    """One line for each place of the level, in the order of their numbers."""
    places: dict[int, list[Facilitator]] = defaultdict(list)
    for each in facilitators.values():
        places[codes.ancestor(each.home, Level(min(level, codes.level_of(each.home))))].append(each)
    return [_of(place, people, loads) for place, people in sorted(places.items())]


def overall(region_no: int, facilitators: Mapping[int, Facilitator], loads: Mapping[int, int]) -> Fairness:
    return _of(region_no, list(facilitators.values()), loads)


def _of(place: int, people: list[Facilitator], loads: Mapping[int, int]) -> Fairness:
    held = [loads[each.user] for each in people]
    beyond = sum(held) - sum(each.band.high for each in people)
    edge = sum(each.band.high for each in people) / len(people) if people else 0
    return Fairness(
        place, len(people), sum(held), min(held, default=0), sum(held) / len(held) if held else 0.0,
        max(held, default=0), sum(each.band.outside(loads[each.user]) > 0 for each in people),
        missing=-int(-beyond // edge) if beyond > 0 and edge else 0,
    )  # fmt: skip


def loads_now(caseload: Caseload) -> dict[int, int]:
    return {user: each.load for user, each in caseload.facilitators.items()}


@dataclass(frozen=True, slots=True)
class Support:
    """Facilitators for each data officer, or each supervisor, of a kabupaten/kota."""

    role: str
    region_no: int
    people: int
    facilitators: int
    band: Dated

    @property
    def name(self) -> str:
        return name_of(self.region_no)

    @property
    def each(self) -> float | None:
        return self.facilitators / self.people if self.people else None

    @property
    def within(self) -> bool:
        return self.each is not None and self.band.value["min"] <= self.each <= self.band.value["max"]


# whose band it is: the data officers, and those who supervise in the kecamatan since the supervisors ended
SUPPORT = {"data_officer": "data_officer", "supervisor": "district_lead"}


def support_of(region: Region, facilitators: Mapping[int, Facilitator], law: CaseloadLaw, *, on: date) -> list[Support]:
    """One query. Nothing for a kecamatan: both serve a kabupaten/kota."""
    if region.level > Level.REGENCY:
        return []
    regencies: dict[int, int] = defaultdict(int)
    for each in facilitators.values():
        regencies[codes.ancestor(each.home, Level.REGENCY)] += 1
    held: dict[tuple[str, int], int] = defaultdict(int)
    posts = Post.objects.held_on(on).filter(role_code__in=SUPPORT.values()).within(region.range)
    for role_code, numbers in posts.values_list("role_code", "region_nos"):
        held[role_code, codes.ancestor(numbers[0], Level.REGENCY)] += 1
    return [
        Support(role, regency, held[code, regency], count, getattr(law, role))
        for regency, count in sorted(regencies.items())
        for role, code in SUPPORT.items()
    ]
