"""A region code is read in every spelling that lists use, and numbered so that a subtree is one range."""

from __future__ import annotations

import pytest

from harapan.regions import codes
from harapan.regions.codes import Level, VillageKind
from harapan.regions.errors import UnreadableCode
from harapan.regions.source import read_regions

OFFICIAL = read_regions()


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("63", 6_300_000_000),
        ("63.05", 6_305_000_000),
        ("6305", 6_305_000_000),
        ("63.05.03", 6_305_030_000),
        ("63 05 03", 6_305_030_000),
        (" 63.05.03.2009 ", 6_305_032_009),
        ("63-05-03-2009", 6_305_032_009),
        (6305032009, 6_305_032_009),
        ("'6305032009", 6_305_032_009),
        ("6305032009.0", 6_305_032_009),
        ("6.305032009E9", 6_305_032_009),
        ("6,305032009E+09", 6_305_032_009),
        ("6305030000", 6_305_030_000),
        ("6300000000", 6_300_000_000),
    ],
)
def test_a_code_is_read_in_every_spelling(written: str | int, number: int) -> None:
    assert codes.parse(written) == number


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("63050320090011", "14 angka, seperti kode BPS"),
        ("6305032009001", "13 angka, seperti kode BPS"),
        ("6305030009", "kode BPS"),
        ("6.31E+09", "dibulatkan"),
        ("63050", "5 angka"),
        ("0305032009", "kode provinsi"),
        ("6300032009", "melompati satu tingkat"),
        ("HIYUNG", "bukan kode wilayah"),
        ("", "bukan kode wilayah"),
        ("63.05.03.2009.1", "bukan kode wilayah"),
        ("-63", "bukan kode wilayah"),
    ],
)
def test_what_is_no_code_is_refused_in_words(written: str, words: str) -> None:
    with pytest.raises(UnreadableCode, match=words) as refusal:
        codes.parse(written)
    assert written in str(refusal.value)


def test_every_official_code_comes_back_as_it_was() -> None:
    for number, _ in OFFICIAL:
        assert codes.parse(codes.dotted(number)) == number
        assert codes.parse(codes.compact(number)) == number
        assert codes.parse(number) == number


def test_the_official_list_has_the_published_counts() -> None:
    counts = dict.fromkeys(Level, 0)
    for number, _ in OFFICIAL:
        counts[codes.level_of(number)] += 1
    assert counts == {
        Level.PROVINCE: 38,
        Level.REGENCY: 514,
        Level.DISTRICT: 7_285,
        Level.VILLAGE: 83_762,
    }


def test_every_region_lies_in_the_range_of_its_ancestors_only() -> None:
    numbers = {number for number, _ in OFFICIAL}
    for number in numbers:
        assert set(codes.lineage(number)) <= numbers
        assert all(codes.contains(above, number) for above in codes.lineage(number))
    assert codes.range_of(6_305_000_000) == (6_305_000_000, 6_306_000_000)
    assert codes.range_of(6_305_032_009) == (6_305_032_009, 6_305_032_010)
    assert not codes.contains(6_305_000_000, 6_306_000_000)


def test_the_parent_is_one_level_up() -> None:
    assert codes.parent_of(6_305_032_009) == 6_305_030_000
    assert codes.parent_of(6_305_030_000) == 6_305_000_000
    assert codes.parent_of(6_300_000_000) is None


def test_the_seventh_digit_tells_desa_from_kelurahan() -> None:
    assert codes.village_kind(6_305_032_009) is VillageKind.RURAL
    assert codes.village_kind(6_305_021_004) is VillageKind.URBAN
    assert codes.village_kind(9_103_013_007) is VillageKind.CUSTOMARY
    assert codes.village_kind(6_305_030_000) is None
