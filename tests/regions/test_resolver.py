"""The code and names of an outside row find one region, or a sentence that names the value and the way out."""

from __future__ import annotations

import pytest

from harapan.regions import codes
from harapan.regions.codes import Level
from harapan.regions.naming import display_name, name_key
from harapan.regions.resolver import KnownRegion, Resolver
from harapan.regions.source import read_regions

HIYUNG = 6_305_032_009
CEMPAKA_IN_TAPIN = 6_305_022_011
KALSEL = 6_300_000_000


@pytest.fixture(scope="module")
def nation() -> Resolver:
    return Resolver(KnownRegion(number, name) for number, name in read_regions())


@pytest.fixture(scope="module")
def tapin() -> Resolver:
    rows = read_regions(within=6_305_000_000)
    return Resolver((KnownRegion(*row) for row in rows), scope=6_305_000_000, needed=Level.VILLAGE)


@pytest.mark.parametrize(
    "names",
    [
        {"province": "KALIMANTAN SELATAN", "regency": "TAPIN", "district": "TAPIN TENGAH", "village": "HIYUNG"},
        {
            "province": "Prov. Kalimantan Selatan",
            "regency": "KAB. TAPIN",
            "district": "Kec. Tapin Tengah",
            "village": "Desa Hiyung",
        },
        {"regency": "Kabupaten  Tapin", "district": "TAPINTENGAH", "village": "DS. HIYUNG"},
        {"regency": "tapin", "village": "hiyung"},
        {"code": "6305032009"},
        {"code": "63.05.03.2009", "village": "HIYUNG"},
        {"code": "0", "regency": "TAPIN", "district": "TAPIN TENGAH", "village": "HIYUNG"},
        {"code": "63.05.03", "village": "HIYUNG"},
        {"code": "6305", "district": "TAPIN TENGAH", "village": "HIYUNG"},
    ],
)
def test_one_village_is_found_in_every_spelling(nation: Resolver, names: dict[str, str]) -> None:
    answer = nation.resolve(**names)
    assert (answer.number, answer.reason, answer.warning) == (HIYUNG, "", "")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ({"province": "DKI JAKARTA", "regency": "KOTA ADM. JAKARTA PUSAT"}, "31.71"),
        ({"province": "JAKARTA", "regency": "JAKARTA PUSAT"}, "31.71"),
        ({"province": "DI YOGYAKARTA"}, "34"),
        ({"province": "D.I. YOGYAKARTA"}, "34"),
        ({"province": "KALIMANTAN SELATAN", "regency": "KOTA BARU"}, "63.02"),
        ({"province": "KALIMANTAN SELATAN", "regency": "KAB. KOTABARU"}, "63.02"),
        ({"province": "JAWA BARAT", "regency": "KOTA BOGOR"}, "32.71"),
        ({"province": "JAWA BARAT", "regency": "KAB. BOGOR"}, "32.01"),
        ({"province": "KALIMANTAN SELATAN", "regency": "BANJAR", "district": "SEI TABUK"}, "63.03.04"),
    ],
)
def test_prefixes_and_abbreviations_are_understood(nation: Resolver, names: dict[str, str], code: str) -> None:
    answer = nation.resolve(**names)
    assert answer.number is not None, answer.reason
    assert codes.dotted(answer.number) == code


def test_a_kabupaten_and_a_kota_of_one_name_are_told_apart_by_what_lies_below(nation: Resolver) -> None:
    assert nation.resolve(province="JAWA BARAT", regency="BOGOR", district="BOGOR TENGAH").number == 3_271_030_000


def test_an_ambiguous_name_names_its_candidates(nation: Resolver) -> None:
    answer = nation.resolve(province="JAWA BARAT", regency="BOGOR")
    assert answer.number is None
    assert "Kab. Bogor (32.01)" in answer.reason
    assert "Kota Bogor (32.71)" in answer.reason
    assert "Isi kode wilayah" in answer.reason


def test_desa_and_kelurahan_of_one_name_are_told_apart_by_their_word(nation: Resolver) -> None:
    place = {"province": "JAMBI", "regency": "TANJUNG JABUNG BARAT", "district": "MERLUNG"}
    assert nation.resolve(**place, village="KEL. MERLUNG").number == 1_506_051_007
    assert nation.resolve(**place, village="DESA MERLUNG").number == 1_506_052_020
    assert "cocok dengan 2 wilayah" in nation.resolve(**place, village="MERLUNG").reason


def test_a_wrong_word_for_the_kind_of_village_is_forgiven(nation: Resolver) -> None:
    assert nation.resolve(regency="TAPIN", district="TAPIN TENGAH", village="KEL. HIYUNG").number == HIYUNG


def test_an_unknown_name_is_refused_with_the_place_searched(nation: Resolver) -> None:
    reason = nation.resolve(regency="TAPIN", district="TAPIN TENGAH", village="HIYUUNG").reason
    assert reason.startswith("Desa/Kelurahan “HIYUUNG” tidak ditemukan di Kec. Tapin Tengah, Kab. Tapin.")
    assert "isi kode wilayah" in reason


def test_a_name_that_lies_elsewhere_is_pointed_to(nation: Resolver) -> None:
    reason = nation.resolve(regency="TAPIN", district="TAPIN SELATAN", village="HIYUNG").reason
    assert "Nama itu ada di Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin (63.05.03.2009)" in reason


def test_the_code_wins_over_the_names_and_says_so(nation: Resolver) -> None:
    answer = nation.resolve(code="6305032009", district="TAPIN SELATAN", village="CEMPAKA")
    assert answer.number == HIYUNG
    assert "63.05.03.2009 adalah Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin" in answer.warning
    assert "“TAPIN SELATAN”" in answer.warning


def test_names_help_out_where_the_code_leads_nowhere(nation: Resolver) -> None:
    answer = nation.resolve(code="6305029999", regency="TAPIN", district="TAPIN SELATAN", village="CEMPAKA")
    assert answer.number is None or answer.number == CEMPAKA_IN_TAPIN
    rounded = nation.resolve(code="6.31E+09", regency="TAPIN", district="TAPIN SELATAN", village="CEMPAKA")
    assert rounded.number == CEMPAKA_IN_TAPIN
    assert "dibulatkan" in rounded.warning


def test_a_code_that_leads_nowhere_is_refused_without_names(nation: Resolver) -> None:
    assert "63.05.02.2999 tidak ada dalam daftar Kemendagri" in nation.resolve(code="6305022999").reason


def test_an_empty_row_says_what_to_fill_in(nation: Resolver) -> None:
    assert nation.resolve().reason == "Kode wilayah dan nama wilayah kosong. Isi salah satunya."
    assert nation.resolve(code="-").number is None


def test_a_code_outside_the_scope_is_refused_by_place(tapin: Resolver) -> None:
    assert "63.06.01.2001 berada di luar Kab. Tapin" in tapin.resolve(code="6306012001").reason
    assert "tidak ditemukan di Kab. Tapin" in tapin.resolve(regency="BANJAR", village="X").reason


def test_a_row_that_stops_above_the_needed_level_is_refused(tapin: Resolver) -> None:
    reason = tapin.resolve(code="630503").reason
    assert reason == (
        "Wilayah baris ini hanya sampai Kec. Tapin Tengah, Kab. Tapin (63.05.03). Isi kode atau nama desa/kelurahan."
    )


def test_a_closed_region_is_found_by_code_only_with_a_warning() -> None:
    known = [KnownRegion(number, name, closed=number == HIYUNG) for number, name in read_regions(within=KALSEL)]
    resolver = Resolver(known, scope=KALSEL)
    assert "sudah tidak berlaku" in resolver.resolve(code="6305032009").warning
    assert resolver.resolve(regency="TAPIN", village="HIYUNG").number is None


def test_a_former_name_still_finds_its_region() -> None:
    known = [
        KnownRegion(number, name, former_names=("Hiyung Lama",) if number == HIYUNG else ())
        for number, name in read_regions(within=KALSEL)
    ]
    assert Resolver(known, scope=KALSEL).resolve(regency="TAPIN", village="DESA HIYUNG LAMA").number == HIYUNG


def test_every_village_finds_itself_by_its_own_names(nation: Resolver) -> None:
    """Only names that stand twice in one district may fail: seventeen pairs in the official list of 2026."""
    names = dict(read_regions())
    lost = 0
    for number in (each for each in names if codes.level_of(each) is Level.VILLAGE):
        province, regency, district, village = (names[each] for each in codes.lineage(number))
        answer = nation.resolve(province=province, regency=regency, district=district, village=village)
        assert answer.number in (number, None)
        lost += answer.number is None
    assert lost == 34


def test_names_are_shown_with_their_level(nation: Resolver) -> None:
    assert nation.path(HIYUNG) == "Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin"
    assert nation.path(KALSEL) == "Kalimantan Selatan"
    assert display_name(3_101_000_000, "Kabupaten Administrasi Kepulauan Seribu") == "Kab. Adm. Kepulauan Seribu"
    assert display_name(9_103_013_007, "Desa Adat Yoboi") == "Desa Adat Yoboi"
    assert name_key("Udek Du’en") == name_key("UDEK DU'EN") == "UDEKDUEN"
