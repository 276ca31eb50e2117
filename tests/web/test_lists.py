"""Two lists compared: the title answers, every count leads to its families, the download holds them."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import fastexcel
import pytest
from django.test import Client
from django.urls import reverse

from harapan.registry.models import Family, Group, OutsideFact
from tests.benefits.world import BAMBAN, BEFORE, CEMPAKA, HIYUNG, HSS, SINCE, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words


@pytest.fixture
def officer(world: World) -> Client:
    return signed_in(person("data_officer", regions=(TAPIN,)))


@pytest.fixture
def families(world: World) -> dict[str, Family]:
    found = {name: world.family() for name in ("stays", "gone", "more", "bank")} | {
        "new": world.family(village=CEMPAKA)
    }
    world.listed({found[name]: 600_000 for name in ("stays", "gone", "more")}, stage=BEFORE)
    world.listed({found["bank"]: 600_000}, stage=BEFORE, bank="POS")
    world.listed({found["stays"]: 600_000, found["more"]: 900_000, found["bank"]: 600_000, found["new"]: 225_000})
    return found


def test_the_title_says_who_left_came_and_changed(officer: Client, families: dict[str, Family]) -> None:
    page = words(officer.get(reverse("lists")))
    assert "<mark>1 keluarga keluar</mark>, 1 baru, 1 berubah jumlah sejak 2025-1" in page
    assert "Kec. Tapin Selatan" in page


@pytest.mark.parametrize(
    ("by", "said"), [("village", "Desa Hiyung"), ("desil", "Desil belum diketahui"), ("facilitator", "Pendamping 1")]
)
def test_changes_by_place_desil_and_facilitator(
    officer: Client, families: dict[str, Family], by: str, said: str
) -> None:
    assert said in words(officer.get(reverse("lists"), {"by": by}))


def test_each_count_leads_to_its_families(officer: Client, families: dict[str, Family]) -> None:
    page = officer.get(reverse("lists_changed"), {"change": "gone"})
    assert "<mark>1 keluarga keluar</mark> sejak 2025-1" in words(page)
    assert [row.family_id for row, *_rest in page.context["rows"]] == [families["gone"].pk]
    bank = words(officer.get(reverse("lists_changed"), {"change": "bank"}))
    assert '<span class="was">POS</span> <span class="new">BRI</span>' in bank
    there = officer.get(reverse("lists_changed"), {"region": str(CEMPAKA)})
    assert [row.family_id for row, *_rest in there.context["rows"]] == [families["new"].pk]


def test_the_latest_two_may_be_named(officer: Client, families: dict[str, Family]) -> None:
    for name in ("lists", "lists_changed"):
        page = officer.get(reverse(name), {"first": BEFORE, "second": "2025-2"})
        assert page.context["filters"].errors == {}
        assert (page.context["first"].name, page.context["second"].name) == (BEFORE, "2025-2")


def test_the_last_row_leads_to_the_families_of_all(officer: Client, families: dict[str, Family]) -> None:
    everybody = officer.get(reverse("lists"), {"region": str(TAPIN)}).context["everybody"]
    page = officer.get(f"{everybody}&change=gone")
    assert [row.family_id for row, *_rest in page.context["rows"]] == [families["gone"].pk]
    assert page.context["filters"].within.region == TAPIN


def test_a_desil_and_a_facilitator_lead_to_their_families(
    world: World, officer: Client, families: dict[str, Family]
) -> None:
    for name, desil in (("gone", "2"), ("more", "2"), ("new", "7")):
        OutsideFact.objects.create(family=families[name], kind="desil", value=desil, as_of=SINCE, source="dtsen")
    alone = Group.objects.create(name="Kelompok tanpa pendamping", region_id=HIYUNG)
    Family.objects.filter(pk=families["more"].pk).update(group=alone)
    wanted = {
        "desil": {"2": {"gone", "more"}, "7": {"new"}, "none": {"bank"}},
        "facilitator": {
            str(world.groups[HIYUNG].facilitator_id): {"gone", "bank"},
            str(world.groups[CEMPAKA].facilitator_id): {"new"},
            "none": {"more"},
        },
    }
    for by, parts in wanted.items():
        counts = officer.get(reverse("lists"), {"by": by})
        found = {}
        for row, url, drill in counts.context["rows"]:
            assert url == drill
            page = officer.get(drill)
            value = parse_qs(urlsplit(drill).query)[by][0]
            found[value] = {row.family_id for row, *_rest in page.context["rows"]}
            assert page.context["whole"] == replace(row, key=0, name="Jumlah")
        assert found == {value: {families[name].pk for name in names} for value, names in parts.items()}


def test_the_download_is_narrowed_by_desil_and_facilitator_too(
    world: World, officer: Client, families: dict[str, Family]
) -> None:
    OutsideFact.objects.create(family=families["gone"], kind="desil", value="2", as_of=SINCE, source="dtsen")
    for narrowed in ({"desil": "2"}, {"facilitator": str(world.groups[CEMPAKA].facilitator_id)}):
        listed = officer.get(reverse("lists_changed"), narrowed).context["rows"]
        answer = officer.get(reverse("lists_file"), narrowed)
        rows = fastexcel.read_excel(answer.content).load_sheet(0).to_arrow().to_pylist()
        assert [row["Nama pengurus"] for row in rows] == [row.name for row, *_rest in listed]
        assert len(rows) == 1


def test_only_facilitators_of_the_own_region_are_offered(
    world: World, officer: Client, families: dict[str, Family]
) -> None:
    far = str(world.groups[BAMBAN].facilitator_id)
    page = officer.get(reverse("lists_changed"), {"facilitator": far})
    offered = [value for value, _name in page.context["filters"].fields["facilitator"].choices]
    assert offered == ["", *(str(world.groups[village].facilitator_id) for village in (HIYUNG, CEMPAKA)), "none"]
    assert "facilitator" in page.context["filters"].errors
    nation = signed_in(person("auditor"))
    assert [pair[0] for pair in nation.get(reverse("lists")).context["filters"].fields["facilitator"].choices] == [
        "",
        "none",
    ]
    chosen = nation.get(reverse("lists_changed"), {"facilitator": far}).context["filters"]
    assert chosen.within.facilitator == int(far)


def test_families_are_paged_by_key(world: World, officer: Client) -> None:
    many = {world.family(): 600_000 for _ in range(60)}
    world.listed({world.family(): 100}, stage=BEFORE)
    world.listed(many)
    first = officer.get(reverse("lists_changed"))
    assert len(first.context["rows"]) == 50
    second = officer.get(reverse("lists_changed") + "?" + first.context["page"].next_query)
    seen = {row.family_id for page in (first, second) for row, *_rest in page.context["rows"]}
    assert len(seen) == 61


def test_the_workbook_holds_every_family_of_the_filter(officer: Client, families: dict[str, Family]) -> None:
    answer = officer.get(reverse("lists_file"), {"change": "new"})
    rows = fastexcel.read_excel(answer.content).load_sheet(0).to_arrow().to_pylist()
    assert [row["Nama pengurus"] for row in rows] == [families["new"].name]


def test_one_list_alone_and_the_same_twice_are_said(world: World, officer: Client) -> None:
    assert "Belum ada dua tahap yang berdaftar" in words(officer.get(reverse("lists")))
    world.listed({world.family(): 100}, stage=BEFORE)
    world.listed({world.family(): 100})
    same = words(officer.get(reverse("lists"), {"first": "2025-2", "second": "2025-2"}))
    assert "Pilih dua tahap yang <mark>berbeda</mark>" in same


def test_only_the_own_region_and_only_who_may(world: World, families: dict[str, Family]) -> None:
    stranger = signed_in(person("data_officer", regions=(HSS,)))
    assert "<mark>Belum ada keluarga</mark> pada daftar" in words(stranger.get(reverse("lists")))
    assert signed_in(person("facilitator")).get(reverse("lists")).status_code == 404
    assert signed_in(person("regency_office", regions=(TAPIN,))).get(reverse("lists_file")).status_code == 404


def test_queries_do_not_grow_with_the_families(world: World, officer: Client, families: dict[str, Family]) -> None:
    one = world.groups[CEMPAKA].facilitator_id
    pages = [reverse("lists"), reverse("lists_changed"), f"{reverse('lists_changed')}?desil=none&facilitator={one}"]
    before = [queries(officer, page) for page in pages]
    world.listed({world.family(village=CEMPAKA): 600_000 for _ in range(12)})
    assert [queries(officer, page) for page in pages] == before
    assert max(before) < 25
