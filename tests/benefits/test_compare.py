from __future__ import annotations

import io
import zipfile
from typing import Any

import fastexcel
import pytest

from harapan.benefits import compare
from harapan.benefits.actions import stage_named
from harapan.benefits.compare import Change, Within
from harapan.benefits.compare_book import workbook
from harapan.core.errors import Misuse
from harapan.database.scope import Scope, put_on
from harapan.registry.models import OutsideFact
from tests.benefits.world import BAMBAN, BEFORE, CEMPAKA, HIYUNG, SINCE, STAGE, TAPIN, World


@pytest.fixture
def two_lists(world: World) -> dict[str, Any]:
    """One family of each kind of change, one that stays, and one in another kabupaten."""
    kinds = ("same", "gone", "new", "amount", "component", "bank", "place", "far")
    families = {
        kind: world.family(village={"far": BAMBAN, "place": CEMPAKA}.get(kind, HIYUNG), name=kind) for kind in kinds
    }
    for kind, family in families.items():
        about = {"bank": "BRI", "component": "SD" if kind == "component" else ""}
        if kind == "place":
            about["listed_region_no"] = HIYUNG
        if kind != "new":
            world.listed({family: 600_000}, stage=BEFORE, **about)
        after = {"bank": "BNI" if kind == "bank" else "BRI", "component": "SMP" if kind == "component" else ""}
        if kind != "gone":
            world.listed({family: 825_000 if kind == "amount" else 600_000}, stage=STAGE, **after)
    return families


def test_each_family_is_named_with_what_changed(world: World, two_lists: dict[str, Any]) -> None:
    found = compare.rows(stage_named(BEFORE), stage_named(STAGE))
    assert {row.name: row.changes for row in found} == {
        "gone": (Change.GONE,),
        "new": (Change.NEW,),
        "amount": (Change.AMOUNT,),
        "component": (Change.COMPONENT,),
        "bank": (Change.BANK,),
        "place": (Change.PLACE,),
    }


def test_totals_count_the_same_families_however_they_are_grouped(world: World, two_lists: dict[str, Any]) -> None:
    stages = stage_named(BEFORE), stage_named(STAGE)
    whole = compare.total(*stages)
    assert (whole.families_before, whole.families_after, whole.new, whole.gone) == (7, 7, 1, 1)
    assert whole.idr_after - whole.idr_before == 825_000 - 600_000
    for by in ("district", "village", "desil", "facilitator"):
        parts = compare.totals(*stages, by=by)
        for change in Change:
            assert sum(getattr(row, change) for row in parts) == getattr(whole, change), by
    assert [row.name for row in compare.totals(*stages, by="facilitator")] == [
        "Pendamping 1",
        "Pendamping 2",
        "Pendamping 3",
    ]


def test_a_region_narrows_and_a_page_continues_where_the_last_ended(world: World, two_lists: dict[str, Any]) -> None:
    stages = stage_named(BEFORE), stage_named(STAGE)
    first = compare.rows(*stages, within=Within(region=HIYUNG), limit=2)
    rest = compare.rows(*stages, within=Within(region=HIYUNG), after=first[-1].key)
    assert len(first) == 2
    assert len(rest) == 3
    assert not {row.family_id for row in first} & {row.family_id for row in rest}
    only = compare.rows(*stages, change=Change.BANK)
    assert [(row.bank_before, row.bank_after) for row in only] == [("BRI", "BNI")]


def test_a_facilitator_compares_only_the_families_of_her_groups(world: World, two_lists: dict[str, Any]) -> None:
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk)):
        stages = stage_named(BEFORE), stage_named(STAGE)
        assert compare.total(*stages).families_after == 1
        assert [row.name for row in compare.rows(*stages)] == ["place"]


def test_the_workbook_holds_exactly_the_rows_listed(world: World, two_lists: dict[str, Any]) -> None:
    book = workbook(stage_named(BEFORE), stage_named(STAGE))
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 1 + 6


def test_the_workbook_names_desil_and_facilitator_and_holds_every_total(
    world: World, two_lists: dict[str, Any]
) -> None:
    stages = stage_named(BEFORE), stage_named(STAGE)
    OutsideFact.objects.create(family=two_lists["new"], kind="desil", value="2", as_of=SINCE, source="dtsen")
    read = fastexcel.read_excel(workbook(*stages, within=Within(region=TAPIN)))
    families = {row["Nama pengurus"]: row for row in read.load_sheet("Keluarga").to_arrow().to_pylist()}
    assert {name: (row["Kecamatan"], row["Desil"], row["Pendamping"]) for name, row in families.items()} == {
        name: (
            "Kec. Tapin Selatan" if name == "place" else "Kec. Tapin Tengah",
            "2" if name == "new" else None,
            "Pendamping 2" if name == "place" else "Pendamping 1",
        )
        for name in ("gone", "new", "amount", "component", "bank", "place")
    }
    for sheet, by in zip(read.sheet_names[1:], ("district", "village", "desil", "facilitator"), strict=True):
        *parts, whole = read.load_sheet(sheet).to_arrow().to_pylist()
        told = compare.totals(*stages, by=by, within=Within(region=TAPIN))
        assert [(row[sheet], row["Baru"], row["Keluar"]) for row in parts] == [(t.name, t.new, t.gone) for t in told]
        assert (whole[sheet], whole["Baru"], whole["Keluar"]) == ("Jumlah", 1, 1)


def test_a_stage_is_not_compared_with_itself(world: World, two_lists: dict[str, Any]) -> None:
    with pytest.raises(Misuse, match="dirinya sendiri"):
        compare.total(stage_named(STAGE), stage_named(STAGE))
