"""Who works in a demonstration: one person at least for every role, with posts where the work is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from harapan.demo import names
from harapan.demo.province import Province
from harapan.demo.spread import Spread
from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.naming import display_name

REGENCY_ROLES = {"regency_coordinator": "katim", "data_officer": "data", "regency_office": "dinsos"}
PROVINCE_ROLES = {"province_coordinator": "katim", "province_office": "dinsos"}
NATION_ROLES = {
    "training_centre": "bbppks",
    "contact_agent": "cc171",
    "policy_maker": "kebijakan",
    "commitment_officer": "ppk",
    "payment_signer": "ppspm",
    "treasurer": "bendahara",
    "auditor": "auditor",
    "operator": "operator-peragaan",  # beside the operator that setup made
}

COMMISSION = 3  # of ethics: whoever decides an appeal has not given the verdict


@dataclass(frozen=True, slots=True)
class Worker:
    """One person with one post. `facilitator`: Facilitator.no, for those who meet groups. `region_no` 0: the nation."""

    username: str
    name: str
    role: str
    region_no: int
    place: str
    staff_number: str
    facilitator: int | None = None


def make_staff(province: Province, plan: Spread, region_names: Mapping[int, str], *, seed: int) -> list[Worker]:
    """Everybody who signs in, facilitators first in the order of their `no`."""
    chance = Random(f"staff {seed}")
    facilitators = [
        _worker(chance, f"pendamping-{each.no + 1:03d}", "facilitator", each.district_no, region_names,
                name=each.name, facilitator=each.no)
        for each in plan.facilitators
    ]  # fmt: skip
    return facilitators + list(_offices(province, plan, region_names, chance))


def _offices(province: Province, plan: Spread, region_names: Mapping[int, str], chance: Random) -> Iterator[Worker]:
    districts = sorted({codes.ancestor(village, Level.DISTRICT) for village in plan.villages})
    slugs = _slugs({number: region_names[number] for number in districts})
    for district in districts:
        yield _worker(chance, f"kec-{slugs[district]}", "district_lead", district, region_names)
    for regency in plan.regencies:
        slug = _slug(region_names[regency])
        for role, start in REGENCY_ROLES.items():
            yield _worker(chance, f"{start}-{slug}", role, regency, region_names)
    for role, start in PROVINCE_ROLES.items():
        yield _worker(chance, f"{start}-provinsi", role, province.number, region_names)
    for role, username in NATION_ROLES.items():
        yield _worker(chance, username, role, 0, region_names)
    village = next((no for no in province.villages_first if no in plan.villages), min(plan.villages))
    district = codes.ancestor(village, Level.DISTRICT)
    yield _worker(chance, f"desa-{_slug(region_names[village])}", "list_operator", district, region_names)
    for number in range(COMMISSION):
        yield _worker(chance, f"etik-{number + 1}", "ethics_commission", 0, region_names)


def _worker(
    chance: Random, username: str, role: str, region_no: int, region_names: Mapping[int, str], *,
    name: str = "", facilitator: int | None = None,
) -> Worker:  # fmt: skip
    woman = chance.random() < 0.45
    drawn = (names.women if woman else names.men).draw(chance, 1)[0]
    born = f"{chance.randint(1971, 1996)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
    serial = f"{chance.randint(2005, 2024)}{chance.randint(1, 12):02d}{1 + woman}{900 + chance.randint(0, 99)}"
    place = display_name(region_no, region_names[region_no]) if region_no else "Indonesia"
    return Worker(username, name or drawn, role, region_no, place, born + serial, facilitator)


def _slugs(places: Mapping[int, str]) -> dict[int, str]:
    """A word for each place; where two bear one name, the later one carries the number of its regency."""
    taken: dict[str, int] = {}
    for number, name in places.items():
        slug = _slug(name)
        taken[f"{slug}-{number // 10**6}" if slug in taken else slug] = number
    return {number: slug for slug, number in taken.items()}


def _slug(name: str) -> str:
    bare = re.sub(r"^(kabupaten|kab\.|kota)\s+", "", name.lower())
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")
