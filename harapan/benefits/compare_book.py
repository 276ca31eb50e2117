"""Two lists compared, as a workbook: the families that differ, and the totals of each way of grouping."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from harapan.benefits import compare
from harapan.benefits.compare import CHANGE_LABELS, EVERYBODY, Change, ChangedRow, TotalRow, Within
from harapan.benefits.models import Stage
from harapan.benefits.places import naming
from harapan.exchange.writing import Page, write_book
from harapan.regions.codes import Level, ancestor

# what totals are grouped by -> the sheet of it
SHEETS = {
    "district": "Kecamatan", "village": "Desa atau kelurahan", "desil": "Desil", "facilitator": "Pendamping",
}  # fmt: skip


def workbook(first: Stage, second: Stage, *, change: Change | None = None, within: Within = EVERYBODY) -> bytes:
    """xlsx: all families that differ (in one way, if asked), then a sheet of totals for each way of grouping.

    Money is numbers, codes are text. Needs the open transaction of the scope.
    """
    families = Page("Keluarga", [_family_titles(first, second)], _family_rows(first, second, change, within))
    whole = _total(compare.total(first, second, within=within))
    totals = (
        Page(name, [_total_titles(first, second, name)], [*_total_rows(first, second, by, within), whole])
        for by, name in SHEETS.items()
    )
    return write_book(chain([families], totals))


def _family_titles(first: Stage, second: Stage) -> list[str]:
    return [
        "Nama pengurus", "Kode wilayah", "Wilayah", "Kecamatan", "Desil", "Pendamping", "Perubahan",
        f"Jumlah {first.name}", f"Jumlah {second.name}", "Selisih", f"Bank {first.name}", f"Bank {second.name}",
        f"Komponen {first.name}", f"Komponen {second.name}",
    ]  # fmt: skip


def _family_rows(first: Stage, second: Stage, change: Change | None, within: Within) -> Iterator[list[Any]]:
    found = list(compare.every_row(first, second, change=change, within=within))
    villages = {row.region_no for row in found}
    places = naming(villages | {ancestor(no, Level.DISTRICT) for no in villages})
    for row in found:
        yield _family(row, places)


def _family(row: ChangedRow, places: dict[int, str]) -> list[Any]:
    return [
        row.name, str(row.region_no), places.get(row.region_no, ""),
        places.get(ancestor(row.region_no, Level.DISTRICT), ""), row.desil, row.facilitator,
        ", ".join(CHANGE_LABELS[each] for each in row.changes),
        "" if row.idr_before is None else row.idr_before, "" if row.idr_after is None else row.idr_after,
        (row.idr_after or 0) - (row.idr_before or 0), row.bank_before or "", row.bank_after or "",
        row.components_before, row.components_after,
    ]  # fmt: skip


def _total_titles(first: Stage, second: Stage, name: str) -> list[str]:
    return [
        name, f"Keluarga {first.name}", f"Keluarga {second.name}", *CHANGE_LABELS.values(),
        f"Nilai {first.name} (Rp)", f"Nilai {second.name} (Rp)",
    ]  # fmt: skip


def _total_rows(first: Stage, second: Stage, by: str, within: Within) -> Iterator[list[Any]]:
    for row in compare.totals(first, second, by=by, within=within):
        yield _total(row)


def _total(row: TotalRow) -> list[Any]:
    changes = (getattr(row, change) for change in Change)
    return [row.name, row.families_before, row.families_after, *changes, row.idr_before, row.idr_after]
