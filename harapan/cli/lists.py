"""`harapan lists`: what changed between two lists of the ministry."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.benefits import compare, compare_book
from harapan.benefits.actions import stage_named
from harapan.cli.output import answer, as_json
from harapan.cli.session import acting
from harapan.core.money import rupiah, thousands
from harapan.database.scope import put_on
from harapan.regions.models import Region

SHOWN_MAX = 20
# what totals are grouped by -> its key in --json, and the noun of the rows that are not shown
GROUPED = {
    "district": ("districts", "kecamatan"),
    "village": ("villages", "desa atau kelurahan"),
    "desil": ("desils", "desil"),
    "facilitator": ("facilitators", "pendamping"),
}


@click.group()
def command() -> None:
    """Bandingkan daftar kementerian dari dua tahap.

    Contoh: harapan lists compare 2025-1 2025-2 --region 63.05 --by village --out perubahan.xlsx
    """


@command.command("compare")
@click.argument("first", metavar="TAHAP1")
@click.argument("second", metavar="TAHAP2")
@click.option("--region", metavar="KODE", help="Hanya wilayah ini, misalnya 63.05.")
@click.option(
    "--by",
    "grouped",
    type=click.Choice(list(GROUPED)),
    default="district",
    show_default=True,
    help="Jumlahkan menurut kecamatan, desa, desil, atau pendamping.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="BERKAS",
    help="Tulis semua keluarga yang berubah dan semua jumlahnya (xlsx).",
)
@acting
@as_json
def compare_command(
    first: str, second: str, region: str | None, grouped: str, out: Path | None, by: Any, why: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Keluarga yang baru, hilang, dan berubah jumlah, komponen, bank, atau wilayahnya dari TAHAP1 ke TAHAP2.

    \b
    Contoh: harapan lists compare 2025-1 2025-2
            harapan lists compare 2025-1 2025-2 --region 63.05 --by facilitator
            harapan lists compare 2025-1 2025-2 --region 63.05 --out perubahan.xlsx
    """
    demand(by.post, "list.compare")
    with put_on(by.scope, read_only=True):
        stages = stage_named(first), stage_named(second)
        number = Region.objects.by_code(region).no if region else None
        within = compare.Within(region=number)
        whole = compare.total(*stages, within=within)
        rows = compare.totals(*stages, by=grouped, within=within)
        book = compare_book.workbook(*stages, within=within) if out else None
    if out and book is not None:
        out.write_bytes(book)
    value = {
        "first": stages[0].name,
        "second": stages[1].name,
        **{name: figure for name, figure in asdict(whole).items() if name not in ("key", "name")},
        GROUPED[grouped][0]: [asdict(row) for row in rows],
        "file": str(out) if out else None,
    }
    answer(value, as_json=as_json, words=lambda: words(value, rows, GROUPED[grouped][1]))


def words(value: dict[str, Any], rows: list[compare.TotalRow], noun: str) -> str:
    said = [
        f"{value['first']}: {thousands(value['families_before'])} keluarga, {rupiah(value['idr_before'])}",
        f"{value['second']}: {thousands(value['families_after'])} keluarga, {rupiah(value['idr_after'])}",
        ", ".join(f"{label.lower()} {thousands(value[change])}" for change, label in compare.CHANGE_LABELS.items()),
    ]
    for row in rows[:SHOWN_MAX]:
        changes = ", ".join(
            f"{label.lower()} {thousands(getattr(row, change))}"
            for change, label in compare.CHANGE_LABELS.items()
            if getattr(row, change)
        )
        said.append(f"  {row.name}: {changes or 'tidak ada perubahan'}")
    if len(rows) > SHOWN_MAX:
        said.append(f"  dan {len(rows) - SHOWN_MAX} {noun} lain; tulis semuanya dengan --out perubahan.xlsx")
    if value["file"]:
        said.append(f"Semua baris yang berubah ada di {value['file']}.")
    return "\n".join(said)
