"""A small kabupaten for the tests of benefits and payments: two kecamatan, two facilitators, families with members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import User
from harapan.benefits.lists import ListRow, receive_list
from harapan.core.components import Component
from harapan.regions.models import Region
from harapan.registry.models import (
    ComponentSpell,
    Enrolment,
    Family,
    Group,
    Member,
    PaymentAccount,
    Source,
)

TAPIN, HSS = 6305000000, 6306000000
HIYUNG, CEMPAKA, BAMBAN = 6305032009, 6305022011, 6306042002
STAGE, BEFORE = "2025-2", "2025-1"
TODAY = date(2025, 5, 20)
SINCE = date(2024, 1, 1)

REGIONS = (
    (6300000000, 1, "Kalimantan Selatan", None),
    (TAPIN, 2, "Tapin", 6300000000),
    (6305020000, 3, "Tapin Selatan", TAPIN),
    (6305030000, 3, "Tapin Tengah", TAPIN),
    (HIYUNG, 4, "Hiyung", 6305030000),
    (CEMPAKA, 4, "Cempaka", 6305020000),
    (HSS, 2, "Hulu Sungai Selatan", 6300000000),
    (6306040000, 3, "Angkinang", HSS),
    (BAMBAN, 4, "Bamban", 6306040000),
)


@dataclass
class World:
    """What the tests start from; numbers of families and members are drawn as they are made."""

    user: User
    groups: dict[int, Group] = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def family(
        self, *components: Component | tuple[Component, dict[str, Any]], village: int = HIYUNG, bank: str = "BRI",
        enrolled: bool = True, members: int = 0, **about: Any,
    ) -> Family:  # fmt: skip
        """A family with a pengurus, one member per component, and so many others who count for nothing."""
        number = next(self._numbers)
        family = Family.objects.create(
            region_id=village, group=self.groups[village], name=about.pop("name", f"IBU {number}"),
            name_key=f"IBU {number}", registered_on=SINCE, dtks_id=f"DTKS{number}", **about,
        )  # fmt: skip
        Member.objects.create(
            family=family, name=family.name, name_key=family.name_key, manager=True, relation="manager",
            born_on=date(1988, 3, 4),
        )  # fmt: skip
        for component in components:
            self.member(family, component)
        for other in range(members):
            Member.objects.create(family=family, name=f"LAIN {other}", name_key="LAIN", born_on=date(1985, 1, 1))
        if enrolled:
            Enrolment.objects.create(family=family, spell=DateRange(SINCE, None), source=Source.LIST)
        if bank:
            PaymentAccount.objects.create(family=family, bank=bank, spell=DateRange(SINCE, None), source=Source.LIST)
        return family

    def member(self, family: Family, component: Component | tuple[Component, dict[str, Any]]) -> Member:
        component, about = component if isinstance(component, tuple) else (component, {})
        born = about.pop("born_on", BORN[component])
        facility = about.pop("facility", None)
        member = Member.objects.create(
            family=family, name=f"ANAK {component.name}", name_key=f"ANAK {component.name}", born_on=born, **about
        )
        ComponentSpell.objects.create(
            family=family, member=member, component=component, spell=DateRange(SINCE, None), source=Source.LIST,
            facility=facility,
        )  # fmt: skip
        return member

    def listed(self, families: dict[Family, int], *, stage: str = STAGE, on: date = TODAY, **about: Any) -> Any:
        """Put families on the list of a stage with their nominal."""
        rows = [
            ListRow(line, family.pk, about.get("wave", "1"), family.name, about.get("bank", "BRI"), idr,
                    about.get("component", ""), about.get("listed_region_no", family.region_id))
            for line, (family, idr) in enumerate(families.items(), start=2)
        ]  # fmt: skip
        return receive_list(stage, rows, layout="beneficiaries", file=None, by=self.user, on=on)


BORN = {
    Component.PREGNANT: date(1995, 6, 1),
    Component.TODDLER: date(2021, 6, 1),
    Component.PRIMARY: date(2015, 6, 1),
    Component.JUNIOR: date(2011, 6, 1),
    Component.SENIOR: date(2008, 6, 1),
    Component.DISABILITY: date(1990, 6, 1),
    Component.ELDERLY: date(1948, 6, 1),
    Component.HUMAN_RIGHTS: date(1960, 6, 1),
}


def regions() -> None:
    """The few regions of this world, where the whole nation is not loaded."""
    known = set(Region.objects.filter(no__in=[row[0] for row in REGIONS]).values_list("no", flat=True))
    Region.objects.bulk_create(
        Region(no=no, level=level, name=name, name_key=name.upper(), parent_id=parent)
        for no, level, name, parent in REGIONS
        if no not in known
    )


def make_world() -> World:
    regions()
    user = User.objects.create(username="rina", name="Rina Hayati")
    world = World(user)
    for number, village in enumerate((HIYUNG, CEMPAKA, BAMBAN), start=1):
        facilitator = User.objects.create(username=f"pendamping{number}", name=f"Pendamping {number}")
        world.groups[village] = Group.objects.create(
            name=f"Kelompok {number}", region_id=village, facilitator=facilitator
        )
    return world


def amounts(world: World, idr: Iterable[int], **about: Any) -> dict[Family, int]:
    """So many families without components, each with an amount on the list."""
    return {world.family(**about): each for each in idr}
