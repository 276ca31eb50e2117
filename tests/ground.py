"""A little land with a few families on it, for tests of who sees what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.database.scope import Scope
from harapan.regions import codes, naming
from harapan.regions.models import Region
from harapan.registry.models import Family, Group, Member

HIYUNG = 6305032009  # Kab. Tapin, Kec. Tapin Tengah
RANTAU = 6305011001  # Kab. Tapin, Kec. Tapin Utara
KANDANGAN = 6306012001  # Kab. Hulu Sungai Selatan
TAPIN = (6305000000, 6306000000)
TAPIN_TENGAH = (6305030000, 6305040000)
HSS = (6306000000, 6307000000)


def village(number: int) -> int:
    """The village and everything above it, as rows."""
    for no in codes.lineage(number):
        level = codes.level_of(no)
        parent = codes.lineage(no)[-2] if level > 1 else None
        name = f"Wilayah {no}"
        Region.objects.get_or_create(
            no=no, defaults={"level": level, "name": name, "name_key": naming.name_key(name), "parent_id": parent}
        )
    return number


def family(name: str, *, region: int = HIYUNG, group: Group | int = 0, **fields: object) -> Family:
    village(region)
    return Family.objects.create(
        name=name,
        name_key=name.lower(),
        region_id=region,
        group_id=group if isinstance(group, int) else group.pk,
        registered_on=date(2025, 1, 1),
        **fields,
    )


def member(of: Family, name: str = "ANAK", **fields: object) -> Member:
    return Member.objects.create(family=of, name=name, name_key=name.lower(), **fields)


@dataclass(frozen=True)
class Land:
    """Three families: two in Tapin (two kecamatan), one in the next kabupaten, each in a group, with one member."""

    tapin: Family
    rantau: Family
    hss: Family

    @property
    def all(self) -> set[str]:
        return {self.tapin.name, self.rantau.name, self.hss.name}


def land(system: Scope) -> Land:
    made = []
    for name, place in (("NORHAYATI", HIYUNG), ("RUSDIANA", RANTAU), ("SITI ASIAH", KANDANGAN)):
        village(place)
        group = Group.objects.create(name=f"Kelompok {name}", region_id=place)
        kin = family(name, region=place, group=group)
        member(kin, f"ANAK {name}")
        made.append(kin)
    return Land(*made)
