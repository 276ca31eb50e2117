"""One demonstration province, whole and in memory: what `load` writes and `files` fits its samples to.

Everything here follows from province, size and seed alone; no database is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from harapan.core.components import GROUP_OF, Component, Group
from harapan.core.numbers import Sex
from harapan.demo import difficulties, dues
from harapan.demo.channels import POST_OFFICE, Channels, make_channels
from harapan.demo.clock import PEOPLE_AS_OF, SECOND
from harapan.demo.facilities import Facilities, FacilityKind, place_facilities
from harapan.demo.people import Families, Members, make_people
from harapan.demo.province import Province, read_province
from harapan.demo.spread import Spread, spread
from harapan.demo.staff import Worker, make_staff
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.source import read_regions

FAMILIES_DEFAULT = 6000
SEED_DEFAULT = 1
CROWDED_MIN, CROWDED_PER_THOUSAND, MOTHER_AGE_MAX = 6, 6, 45
SEVEN_SINCE, SEVEN_WITHIN_DAYS = date(2017, 5, 2), 60  # seven years old between the first days of 2024-3 and 2024-4
ENTERING = (1, 7, 10)  # grades of pupils who were at another school, or at none, the year before
GROUPS_PER_LOST_ONE = 80  # one group of so many has no facilitator
FIRST_LOST_GROUP = 15  # not one of the facilitator whose month is shown


@dataclass(frozen=True, slots=True)
class World:
    """`planted`: difficulty -> rows of families, as `difficulties.choose` gave them. `dues`: stage -> rupiah by row.

    `lost_groups`: numbers of the groups without a facilitator. Planted numbers (a NIK twice, an account twice) stand in
    the columns already.
    """

    province: Province
    families_asked: int
    seed: int
    region_names: Mapping[int, str]
    plan: Spread
    facilities: Facilities
    families: Families
    members: Members
    channels: Channels
    staff: list[Worker]
    planted: Mapping[str, list[int]]
    dues: Mapping[str, list[int]]
    lost_groups: frozenset[int]

    def members_of(self, row: int) -> range:
        """Rows in Members of one family."""
        starts = self.families.members_from
        return range(starts[row], starts[row + 1] if row + 1 < len(starts) else len(self.members))

    def has(self, code: str) -> frozenset[int]:
        """Rows of the families with this difficulty."""
        return frozenset(self.planted[code])


def invent(*, province: str = "63", families: int = FAMILIES_DEFAULT, seed: int = SEED_DEFAULT) -> World:
    """The province of this size and seed. Raises Refused for one that is not described, or too small."""
    found = read_province(province)
    regions = read_regions(within=found.number)
    region_names = dict(regions)
    plan = spread(found, regions, families=families, seed=seed)
    facilities = place_facilities(found, plan, region_names)
    people = make_people(found, plan, facilities, region_names, on=PEOPLE_AS_OF, seed=seed)
    _crowd(*people, facilities)
    channels = make_channels(people[0], seed=seed)
    due = dues.plain(*people)
    fits = _fits(plan, *people, channels, due)
    fits |= _fits_of_computed(*people, fits["bank_counted"])
    planted = difficulties.choose(difficulties.read_difficulties(), len(people[0]), fits, seed=seed)
    world = World(
        province=found,
        families_asked=families,
        seed=seed,
        region_names=region_names,
        plan=plan,
        facilities=facilities,
        families=people[0],
        members=people[1],
        channels=channels,
        staff=make_staff(found, plan, region_names, seed=seed),
        planted=planted,
        dues=due,
        lost_groups=lost_groups(plan),
    )
    _make_young(world)
    _twist_numbers(world)
    return world


def lost_groups(plan: Spread) -> frozenset[int]:
    """Numbers of the groups without a facilitator."""
    return frozenset(range(FIRST_LOST_GROUP, len(plan.groups), GROUPS_PER_LOST_ONE))


def _crowd(families: Families, members: Members, facilities: Facilities) -> None:
    """Enough families with more than four who count: where four do, the mother is expecting as well."""
    starts = [*families.members_from, len(members)]
    wanted = max(CROWDED_MIN, len(families) * CROWDED_PER_THOUSAND // 1000)
    for row, mother in enumerate(families.pengurus):
        counted = sum(map(bool, members.component[starts[row] : starts[row + 1]]))
        if counted != 4 or members.component[mother] or members.sex[mother] != Sex.FEMALE:
            continue
        if PEOPLE_AS_OF.year - members.born[mother].year < MOTHER_AGE_MAX:
            members.component[mother] = int(Component.PREGNANT)
            members.facility[mother] = facilities.serving(FacilityKind.POSYANDU, families.region_no[row])[0]
            wanted -= 1
        if not wanted:
            return


def _fits(
    plan: Spread, families: Families, members: Members, channels: Channels, due: Mapping[str, list[int]]
) -> dict[str, Callable[[int], bool]]:
    """Who may have a difficulty, by the name in the file."""
    counted: list[list[Component]] = [[] for _ in range(len(families))]
    for row, component in zip(members.family, members.component, strict=True):
        if component:
            counted[row].append(Component(component))
    villages: dict[int, int] = {}
    for village in plan.villages:
        district = codes.ancestor(village, Level.DISTRICT)
        villages[district] = villages.get(district, 0) + 1

    starts = [*families.members_from, len(members)]

    def crowded(row: int) -> bool:
        if not paid(row) or len(counted[row]) <= 4:
            return False
        known = [dues.as_known(members, member) for member in range(starts[row], starts[row + 1])]
        return dues.uncapped_idr(known, SECOND) > due[SECOND][row]

    def paid(row: int) -> bool:
        return all(amounts[row] > 0 for amounts in due.values())

    def pupils(row: int) -> int:
        return sum(GROUP_OF[each] is Group.EDUCATION for each in counted[row])

    def by_bank(row: int) -> bool:
        return channels.bank[row] != POST_OFFICE

    return {
        "anybody": lambda row: paid(row) and len(counted[row]) < 5 and not members.component[families.pengurus[row]],
        "counted": lambda row: paid(row) and len(counted[row]) < 5,
        "many_counted": crowded,
        "pupil_counted": lambda row: paid(row) and 0 < pupils(row) and len(counted[row]) < 5,
        "elderly_counted": lambda row: paid(row) and Component.ELDERLY in counted[row] and len(counted[row]) > 1,
        "two_children": lambda row: paid(row) and pupils(row) > 1 and len(counted[row]) < 5,
        "with_children": lambda row: paid(row) and starts[row + 1] - 1 != families.pengurus[row],
        "by_post": lambda row: paid(row) and not by_bank(row),
        "by_bank": lambda row: paid(row) and by_bank(row),
        "bank_counted": lambda row: paid(row) and by_bank(row),
        "neighbours": lambda row: paid(row) and villages[codes.ancestor(families.region_no[row], Level.DISTRICT)] > 1,
    }


def _fits_of_computed(
    families: Families, members: Members, by_bank: Callable[[int], bool]
) -> dict[str, Callable[[int], bool]]:
    """The same for the stages of 2024, which pay through banks only."""
    starts = [*families.members_from, len(members)]

    def counted(row: int) -> list[tuple[int, int]]:
        """Component and grade of each member who counts."""
        mine = slice(starts[row], starts[row + 1])
        pairs = zip(members.component[mine], members.grade[mine], strict=True)
        return [pair for pair in pairs if pair[0]]

    def staying(row: int) -> bool:
        grades = {grade for _, grade in counted(row)}
        return by_bank(row) and 0 not in grades and not grades & set(ENTERING)

    def young_mother(row: int) -> bool:
        payee = families.pengurus[row]
        young = PEOPLE_AS_OF.year - members.born[payee].year < MOTHER_AGE_MAX
        mother = young and members.sex[payee] == Sex.FEMALE and not members.component[payee]
        return by_bank(row) and mother and len(counted(row)) < 4

    def one_young_pupil(row: int) -> bool:
        return by_bank(row) and [component for component, _ in counted(row)] == [Component.PRIMARY]

    return {"staying_pupils": staying, "young_mother": young_mother, "one_young_pupil": one_young_pupil}


def _make_young(world: World) -> None:
    """Children who turned seven just before 2024-4, and their numbers with them; serials from 9900 nobody else gets."""
    members = world.members
    for place, family in enumerate(world.planted["passed_the_age"]):
        row = next(member for member in world.members_of(family) if members.grade[member])
        born = SEVEN_SINCE + timedelta(days=place % SEVEN_WITHIN_DAYS)
        day = born.day + 40 * (members.sex[row] == Sex.FEMALE)
        members.born[row], members.grade[row] = born, 1
        members.nik[row] = f"{members.nik[row][:6]}{day:02d}{born:%m%y}{9900 + place % 100}"
        members.nisn[row] = f"{born.year % 1000:03d}{members.nisn[row][3:]}"


def _twist_numbers(world: World) -> None:
    """Numbers that two families share."""
    pairs = world.planted["duplicate_nik"]
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        world.members.nik[world.members_of(other)[-1]] = world.members.nik[world.members_of(one)[-1]]
    pairs = world.planted["shared_account"]
    for one, other in zip(pairs[::2], pairs[1::2], strict=True):
        world.channels.bank[other] = world.channels.bank[one]
        world.channels.account[other] = world.channels.account[one]
