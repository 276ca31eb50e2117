"""An official list is taken over whole, once, and what changed between two lists is kept over time."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import ProgrammingError

from harapan.database.scope import Scope, atomic, put_on
from harapan.regions.actions import IncompleteList, LoadReport, load_regions
from harapan.regions.codes import Level
from harapan.regions.errors import AmbiguousRegion, UnknownRegion, UnreadableCode
from harapan.regions.meaning import region_meant
from harapan.regions.models import Region
from harapan.regions.source import OFFICIAL_LIST_DATE, read_regions

pytestmark = pytest.mark.usefixtures("system")

KALSEL = 6_300_000_000
TAPIN = 6_305_000_000
HIYUNG = 6_305_032_009
LATER = date(2027, 1, 1)


@pytest.fixture
def kalsel(system: Scope) -> list[tuple[int, str]]:
    rows = read_regions(within=KALSEL)
    load_regions(rows, on=OFFICIAL_LIST_DATE)
    return rows


def test_the_whole_nation_is_loaded() -> None:
    known, rows = Region.objects.count(), read_regions()
    report = load_regions(rows, on=OFFICIAL_LIST_DATE)
    assert report == LoadReport(listed=91_599, added=91_599 - known, renamed=0, closed=0, reopened=0)
    assert Region.objects.at(Level.VILLAGE).count() == 83_762
    assert not Region.objects.filter(since__isnull=False).exists()


def test_loading_the_same_list_again_changes_nothing(kalsel: list[tuple[int, str]]) -> None:
    assert load_regions(kalsel, on=LATER) == LoadReport(len(kalsel), 0, 0, 0, 0)
    assert not Region.objects.filter(since__isnull=False).exists()


def test_a_newer_list_closes_renames_and_adds(kalsel: list[tuple[int, str]]) -> None:
    closed, renamed, new = 6_305_032_017, HIYUNG, 6_305_032_099
    names = dict(kalsel) | {renamed: "Hiyung Baru", new: "Sumber Harapan"}
    del names[closed]
    report = load_regions(sorted(names.items()), on=LATER)
    assert report == LoadReport(len(names), added=1, renamed=1, closed=1, reopened=0)
    assert Region.objects.get(no=closed).until == LATER
    assert Region.objects.get(no=new).since == LATER
    resolver = Region.objects.resolver(within=TAPIN)
    assert resolver.resolve(regency="TAPIN", village="HIYUNG").number == renamed
    assert resolver.resolve(regency="TAPIN", village="DESA HIYUNG BARU").number == renamed
    assert "sudah tidak berlaku" in resolver.resolve(code=str(closed)).warning
    assert not Region.objects.current_on(LATER).filter(no=closed).exists()
    assert Region.objects.current_on(OFFICIAL_LIST_DATE).filter(no=closed).exists()
    assert not Region.objects.current_on(OFFICIAL_LIST_DATE).filter(no=new).exists()

    assert load_regions(kalsel, on=date(2027, 6, 1)).reopened == 1


def test_a_list_that_lacks_most_regions_is_refused(kalsel: list[tuple[int, str]]) -> None:
    with pytest.raises(IncompleteList, match="akan menutup"):
        load_regions(read_regions(within=TAPIN), on=LATER)
    assert not Region.objects.filter(until__isnull=False).exists()


def test_a_list_without_a_parent_or_with_a_code_twice_is_refused() -> None:
    with pytest.raises(IncompleteList, match=r"induknya 63\.05"):
        load_regions([(KALSEL, "Kalimantan Selatan"), (6_305_030_000, "Tapin Tengah")], on=LATER)
    with pytest.raises(IncompleteList, match="lebih dari sekali"):
        load_regions([(KALSEL, "Kalimantan Selatan"), (KALSEL, "Kalsel")], on=LATER)


@pytest.mark.usefixtures("kalsel")
def test_a_region_is_found_by_code_with_and_without_dots() -> None:
    assert Region.objects.by_code("63.05.03.2009").name == "Hiyung"
    assert Region.objects.by_code("6305032009").code == "63.05.03.2009"
    assert Region.objects.by_code(630503).display_name == "Kec. Tapin Tengah"
    with pytest.raises(UnknownRegion, match=r"63\.99"):
        Region.objects.by_code("63.99")


@pytest.mark.usefixtures("kalsel")
def test_a_region_is_found_by_name_within_its_parent() -> None:
    assert Region.objects.by_name("KALIMANTAN SELATAN").no == KALSEL
    assert Region.objects.by_name("KAB. TAPIN", parent=KALSEL).no == TAPIN
    assert Region.objects.by_name("hiyung", parent=TAPIN, level=Level.VILLAGE).no == HIYUNG
    with pytest.raises(UnknownRegion, match=r"tidak ditemukan di Kab\. Tapin"):
        Region.objects.by_name("HIYUUNG", parent=TAPIN, level=Level.VILLAGE)
    with pytest.raises(AmbiguousRegion, match="cocok dengan"):
        Region.objects.by_name("CEMPAKA", parent=KALSEL, level=Level.VILLAGE)
    with pytest.raises(UnknownRegion, match="kosong"):
        Region.objects.by_name("", parent=TAPIN)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("63.05.03", 6_305_030_000), ("6305032009", HIYUNG), ("Tapin", TAPIN), ("kab. tapin", TAPIN),
        ("TAPIN TENGAH", 6_305_030_000), ("Kec. Tapin Tengah, Kab. Tapin", 6_305_030_000), ("hiyung", HIYUNG),
        ("Cempaka, Banjarbaru", 6_372_030_000), ("Kalimantan Selatan", KALSEL), ("kota banjarmasin", 6_371_000_000),
        ("Banjarmasin Utara, Kota Banjarmasin, Kalimantan Selatan", 6_371_040_000),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("kalsel")
def test_a_region_is_found_as_people_say_it(typed: str, number: int) -> None:
    assert region_meant(typed).no == number


@pytest.mark.usefixtures("kalsel")
def test_a_name_of_several_places_names_them_and_one_of_none_says_so() -> None:
    with pytest.raises(AmbiguousRegion, match=r"Cempaka.+, Kec\. .+; .+Tulis juga nama di atasnya"):
        region_meant("Cempaka", widest=Level.VILLAGE)
    assert region_meant("Cempaka", widest=Level.VILLAGE, within=[(TAPIN, TAPIN + 10**6)]).no // 10**6 == TAPIN // 10**6
    for unknown in ("Hiyuung", "Kota Tapin", "Hiyung, Banjar", " , "):
        with pytest.raises((UnknownRegion, UnreadableCode)):
            region_meant(unknown)


@pytest.mark.usefixtures("kalsel")
def test_a_subtree_is_one_range_and_paths_take_one_query(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    assert Region.objects.inside(TAPIN).at(Level.DISTRICT).count() == 12
    found = Region.objects.inside(KALSEL).named_like("sei tabuk").at(Level.DISTRICT)
    assert {each.name for each in found} == {"Sungai Tabuk", "Sungai Tabukan"}
    with django_assert_num_queries(1):
        paths = Region.objects.path_names([HIYUNG, TAPIN])
    assert paths == {HIYUNG: "Desa Hiyung, Kec. Tapin Tengah, Kab. Tapin", TAPIN: "Kab. Tapin"}
    assert Region.objects.get(no=HIYUNG).path_name() == paths[HIYUNG]


def test_everybody_reads_regions_and_nobody_below_batch_writes_them(kalsel: list[tuple[int, str]]) -> None:
    with put_on(Scope.of_groups((1,))):
        assert Region.objects.inside(TAPIN).exists()
        with pytest.raises(ProgrammingError, match="permission denied"), atomic():
            Region.objects.filter(no=HIYUNG).update(name="Lain")
