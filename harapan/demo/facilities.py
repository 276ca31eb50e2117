"""The schools, health posts and welfare posts of a demonstration province."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from harapan.demo import names
from harapan.demo.province import Province
from harapan.demo.spread import Spread
from harapan.regions import codes
from harapan.regions.codes import Level

# Families of the programme per facility of a village or a district: assumed.
FAMILIES_PER_POSYANDU = 45
FAMILIES_PER_PRIMARY = 80
FAMILIES_PER_JUNIOR = 250
FAMILIES_PER_SENIOR = 600


class FacilityKind(StrEnum):
    POSYANDU = "posyandu"
    PUSKESMAS = "puskesmas"
    PRIMARY = "primary"  # SD or MI
    JUNIOR = "junior"  # SMP or MTs
    SENIOR = "senior"  # SMA, SMK or MA
    WELFARE = "welfare"  # care for old and disabled people


Draft = tuple[FacilityKind, str, int]  # kind, name, region number
SCHOOLS = (FacilityKind.PRIMARY, FacilityKind.JUNIOR, FacilityKind.SENIOR)


@dataclass(frozen=True, slots=True)
class Facility:
    """A school, health post or welfare post. `no` counts from 0; `code` is like an NPSN for schools, empty for others.

    `region_no` is a village for posyandu and primary schools, a district for the rest.
    """

    no: int
    kind: FacilityKind
    name: str
    code: str
    region_no: int


class Facilities:
    """All facilities in order of `no` (`rows`), and which of them serve a village."""

    def __init__(self, found: Sequence[Facility]) -> None:
        self.rows = list(found)
        self._by_place: dict[tuple[FacilityKind, int], list[int]] = {}
        for facility in found:
            self._by_place.setdefault((facility.kind, facility.region_no), []).append(facility.no)

    def serving(self, kind: FacilityKind, village: int) -> list[int]:
        """Numbers of the facilities of a kind for a village: its own, or those of its district."""
        own = self._by_place.get((kind, village))
        return own or self._by_place.get((kind, codes.ancestor(village, Level.DISTRICT)), [])


def place_facilities(province: Province, plan: Spread, region_names: Mapping[int, str]) -> Facilities:
    """Facilities for the villages and districts that have families. `region_names`: region number -> name."""
    rank = {number: place for place, number in enumerate(province.villages_first)}
    villages = sorted(plan.villages, key=lambda number: (number // 10**6, rank.get(number, len(rank)), number))
    districts: dict[int, int] = {}
    for village in villages:
        district = codes.ancestor(village, Level.DISTRICT)
        districts[district] = districts.get(district, 0) + plan.villages[village]
    drafts = [draft for village in villages for draft in _of_village(village, plan.villages[village], region_names)]
    drafts += [draft for district in districts for draft in _of_district(district, districts[district], region_names)]
    drafts += [(FacilityKind.WELFARE, f"LKS {region_names[district]}", district) for district in districts]
    return Facilities(_numbered(drafts))


def _numbered(drafts: Sequence[Draft]) -> list[Facility]:
    """School numbers run within a regency, whose own two digits they carry."""
    running: dict[int, int] = {}
    found: list[Facility] = []
    for kind, name, region in drafts:
        code = ""
        if kind in SCHOOLS:
            regency = region // 10**6
            running[regency] = running.get(regency, 0) + 1
            code = f"303{regency % 100:02d}{running[regency]:03d}"
        found.append(Facility(len(found), kind, name, code, region))
    return found


def _of_village(village: int, families: int, region_names: Mapping[int, str]) -> Iterator[Draft]:
    name = region_names[village]
    for place in range(-(-families // FAMILIES_PER_PRIMARY)):
        yield FacilityKind.PRIMARY, f"SDN {name.upper()} {place + 1}", village
    for place in range(-(-families // FAMILIES_PER_POSYANDU)):
        yield FacilityKind.POSYANDU, names.posyandu_name(place, name), village


def _of_district(district: int, families: int, region_names: Mapping[int, str]) -> Iterator[Draft]:
    name = region_names[district]
    for place in range(-(-families // FAMILIES_PER_JUNIOR)):
        word = ("SMPN", "MTSN")[place % 2]
        yield FacilityKind.JUNIOR, f"{word} {place // 2 + 1} {name.upper()}", district
    for place in range(-(-families // FAMILIES_PER_SENIOR)):
        word = ("SMAN", "SMKN", "MAN")[place % 3]
        yield FacilityKind.SENIOR, f"{word} {place // 3 + 1} {name.upper()}", district
    yield FacilityKind.PUSKESMAS, f"Puskesmas {name}", district
