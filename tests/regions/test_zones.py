"""Which clock a region lives by."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
import yaml

from harapan.regions import zones
from harapan.regions.codes import Level, level_of
from harapan.regions.source import read_regions
from harapan.ui import words

JAKARTA, MAKASSAR, JAYAPURA = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


def test_every_province_of_the_official_list_has_one_zone() -> None:
    provinces = [number for number, _name in read_regions() if level_of(number) is Level.PROVINCE]
    assert len(provinces) == 38
    assert sorted(zones._zones()) == provinces
    (latest,) = yaml.safe_load(zones.FILE.read_text(encoding="utf-8"))
    assert sorted(code for codes in latest["zones"].values() for code in codes) == [no // 10**8 for no in provinces]


@pytest.mark.parametrize(
    ("region_nos", "zone"),
    [
        ((6305000000,), MAKASSAR),  # Kabupaten Tapin, Kalimantan Selatan
        ((6305032009, 6471000000), MAKASSAR),  # a village there and a city of Kalimantan Timur
        ((6201000000,), JAKARTA),  # Kalimantan Tengah went over to WIB in 1988
        ((5171000000,), MAKASSAR),  # Bali to WITA
        ((9471000000,), JAYAPURA),  # Papua Tengah, younger than the decree
        ((1100000000, 9100000000), JAKARTA),  # from Aceh to Papua: the capital's
        ((), JAKARTA),
    ],
)
def test_the_zone_of_a_jurisdiction(region_nos: tuple[int, ...], zone: ZoneInfo) -> None:
    assert zones.zone_of(*region_nos) == zone


def test_a_moment_by_the_clock_of_a_region() -> None:
    late = datetime(2025, 6, 30, 15, 30, tzinfo=UTC)
    assert words.hour(zones.local(late, 6305000000)) == "23.30 WITA"
    assert words.hour(zones.local(late, 9100000000)) == "00.30 WIT"
    assert zones.local(late, 9100000000).day == 1
