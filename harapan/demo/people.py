"""Families and members of a demonstration province, column by column, ready for COPY or Arrow."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from harapan.core.components import Component
from harapan.core.numbers import Sex
from harapan.demo import names
from harapan.demo.facilities import Facilities, FacilityKind
from harapan.demo.households import Called, Households, Person
from harapan.demo.province import Province
from harapan.demo.spread import Spread
from harapan.regions import codes
from harapan.regions.codes import Level

# Civil registries do not get that far in one district for one day, so that the numbers belong to nobody.
SERIAL_FIRST, SERIAL_STARTS = 6001, 3800
_SCRAMBLE = 38_716_604_591  # coprime to 10**11: every family gets its own, and neighbours look unlike
_FACILITIES_OF = {
    Component.PREGNANT: (FacilityKind.POSYANDU,),
    Component.TODDLER: (FacilityKind.POSYANDU,),
    Component.PRIMARY: (FacilityKind.PRIMARY,),
    Component.JUNIOR: (FacilityKind.JUNIOR,),
    Component.SENIOR: (FacilityKind.SENIOR,),
    Component.DISABILITY: (FacilityKind.WELFARE,),
    Component.ELDERLY: (FacilityKind.PUSKESMAS, FacilityKind.WELFARE),
}


@dataclass(slots=True)
class Families:
    """Columns of one length; row i is family i, in the order of groups.

    region_no: village; group: Group.no; kk: 16 digits; iddtks: 15 digits; street, rt, rw: as lists write them;
    pengurus: row in Members of the person who is paid; members_from: row of the family's first member (the head).
    """

    region_no: list[int] = field(default_factory=list)
    group: list[int] = field(default_factory=list)
    kk: list[str] = field(default_factory=list)
    iddtks: list[str] = field(default_factory=list)
    street: list[str] = field(default_factory=list)
    rt: list[str] = field(default_factory=list)
    rw: list[str] = field(default_factory=list)
    pengurus: list[int] = field(default_factory=list)
    members_from: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.region_no)


@dataclass(slots=True)
class Members:
    """Columns of one length; the members of a family stand together, head first.

    family: row in Families; nik: 16 digits; sex: "F" or "M" (core.numbers.Sex); relation: head, wife, child, grandchild
    or parent; component: 0 or core.components.Component; grade: school class 1-12 or 0; facility: Facility.no that
    confirms the component, or -1; nisn: 10 digits for pupils, else "".
    """

    family: list[int] = field(default_factory=list)
    name: list[str] = field(default_factory=list)
    nik: list[str] = field(default_factory=list)
    sex: list[str] = field(default_factory=list)
    born: list[date] = field(default_factory=list)
    relation: list[str] = field(default_factory=list)
    component: list[int] = field(default_factory=list)
    grade: list[int] = field(default_factory=list)
    facility: list[int] = field(default_factory=list)
    nisn: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.family)


class Numbers:
    """Identity numbers of the form of true ones: district, day (women +40), serial. No two are alike."""

    def __init__(self) -> None:
        self._next: dict[str, int] = {}
        self._days: dict[tuple[date, bool], str] = {}

    def nik(self, district: str, born: date, *, woman: bool) -> str:
        """`district`: six digits."""
        key = (born, woman)
        day = self._days.get(key)
        if day is None:
            day = self._days[key] = f"{born.day + 40 * woman:02d}{born.month:02d}{born.year % 100:02d}"
        return self._with_serial(district + day)

    def kk(self, district: str, issued: date) -> str:
        """A family card number; `issued` is the day of the card."""
        return self._with_serial(f"{district}{issued:%d%m%y}", kind="kk")

    def _with_serial(self, stem: str, kind: str = "") -> str:
        serial = self._next.get(kind + stem) or SERIAL_FIRST + int(stem) * 7 % SERIAL_STARTS
        self._next[kind + stem] = serial + 1
        return f"{stem}{serial:04d}"


def make_people(
    province: Province,
    plan: Spread,
    facilities: Facilities,
    region_names: dict[int, str],
    *,
    on: date,
    seed: int,
) -> tuple[Families, Members]:
    """Everybody, as of the day `on`. The same arguments give the same people; some 14,000 families a second."""
    maker = _Maker(province, facilities, on=on, seed=seed, districts=_districts(plan))
    for group in plan.groups:
        village = region_names[group.region_no]
        for _ in range(group.families):
            maker.add_family(group.no, group.region_no, village)
    maker.give_names()
    return maker.families, maker.members


def _districts(plan: Spread) -> list[str]:
    return sorted({codes.compact(codes.ancestor(village, Level.DISTRICT)) for village in plan.villages})


class _Maker:
    def __init__(
        self, province: Province, facilities: Facilities, *, on: date, seed: int, districts: list[str]
    ) -> None:
        self.families, self.members = Families(), Members()
        self._chance = Random(f"people {seed}")
        self._moved = province.moved_percent / 100
        self._on, self._facilities, self._districts = on, facilities, districts
        july = date(on.year if on.month >= 7 else on.year - 1, 7, 1)
        self._households = Households(province, self._chance, school_year_age=(on - july).days / 365.25)
        self._numbers = Numbers()
        self._called: list[Called] = []
        self._serving: dict[tuple[int, int], list[int]] = {}
        self._card_days = (on - date(2008, 1, 1)).days

    def add_family(self, group: int, village: int, village_name: str) -> None:
        families, members, chance = self.families, self.members, self._chance
        home = str(village)[:6]
        row, start = len(families), len(members)
        people = self._households.draw()
        issued = self._on - timedelta(days=int(chance.random() * self._card_days))
        street, rt, rw = names.address(chance, village_name)
        families.region_no.append(village)
        families.group.append(group)
        families.kk.append(self._numbers.kk(home, issued))
        families.iddtks.append(f"{home[:4]}{(row + 1) * _SCRAMBLE % 10**11:011d}")
        families.street.append(street)
        families.rt.append(rt)
        families.rw.append(rw)
        families.members_from.append(start)
        families.pengurus.append(start + _pengurus(people))
        for person in people:
            self._add_member(row, village, home, person)

    def _add_member(self, family: int, village: int, home: str, person: Person) -> None:
        members, chance = self.members, self._chance
        born = self._on - timedelta(days=int(person.age * 365.25))
        woman = person.called in (Called.WOMAN, Called.GIRL)
        district = (
            home if chance.random() >= self._moved else self._districts[int(chance.random() * len(self._districts))]
        )
        self._called.append(person.called)
        members.family.append(family)
        members.nik.append(self._numbers.nik(district, born, woman=woman))
        members.sex.append(Sex.FEMALE.value if woman else Sex.MALE.value)
        members.born.append(born)
        members.relation.append(person.relation)
        members.component.append(int(person.component))
        members.grade.append(person.grade)
        members.facility.append(self._facility(person.component, village))
        members.nisn.append(f"{born.year % 1000:03d}{int(chance.random() * 10**7):07d}" if person.grade else "")

    def _facility(self, component: int, village: int) -> int:
        if not component:
            return -1
        choice = self._serving.get((component, village))
        if choice is None:
            kinds = _FACILITIES_OF[Component(component)]
            choice = [number for kind in kinds for number in self._facilities.serving(kind, village)]
            self._serving[component, village] = choice
        return choice[int(self._chance.random() * len(choice))] if choice else -1

    def give_names(self) -> None:
        """Names are drawn list by list, which is many times faster than one by one."""
        lists = {Called.WOMAN: names.women, Called.MAN: names.men, Called.GIRL: names.girls, Called.BOY: names.boys}
        drawn = {
            called: iter(people.draw(self._chance, self._called.count(called))) for called, people in lists.items()
        }
        self.members.name = [next(drawn[called]) for called in self._called]


def _pengurus(people: list[Person]) -> int:
    """Mother or other adult woman; the head where there is none."""
    for place, person in enumerate(people):
        if person.called is Called.WOMAN:
            return place
    return 0
