"""`harapan stage replay` and `harapan stage pack`: compute a stage again, and hand over what does it elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from harapan.accounts.permission import demand
from harapan.benefits import replay_words, replaying
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Replay
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import acting
from harapan.database.scope import put_on
from harapan.payments import packing

NOT_IDENTICAL = 1


@click.command()
@click.argument("stage", metavar="TAHAP")
@acting
@as_json
def replay(stage: str, by: Any, why: str | None, as_json: bool) -> int:
    """Hitung ulang tahap dari pembekuannya, dan bandingkan dengan yang tersimpan.

    Status keluar 0 bila identik, 1 bila tidak. Sidik tahap adalah sidik gelombang utama; bila ada susulan, SHA-256 atas
    satu baris tiap gelombang: nomor, spasi, sidiknya.

    Contoh: harapan stage replay 2024-4 --json
    """
    demand(by.post, "stage.replay")
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    with progress(total=100, label=f"Menghitung ulang {found.name}") as bar:

        def tell(done: int, total: int) -> None:
            bar.update(done * 100 // total - bar.pos)

        row = replaying.replay(found, actor=by.user.pk, why=why or "", told=tell)
    value = {
        "stage": found.name,
        "identical": row.identical,
        "output_sha256": row.output_sha256,
        "rows_differing": row.rows_differing,
    }
    answer(value, as_json=as_json, words=lambda: _words(row))
    if as_json and not row.identical:
        click.echo(_words(row), err=True)
    return 0 if row.identical else NOT_IDENTICAL


def _words(row: Replay) -> str:
    name = row.stage.name
    if row.identical:
        return f"Tahap {name} identik: hasil hitung ulang sama dengan yang tersimpan.\nSidik: {row.output_sha256}"
    said = [f"Tahap {name} tidak identik.", f"Sidik hasil hitung ulang: {row.output_sha256}"]
    for wave in row.waves:
        label = replay_words.wave_name(wave["wave"])
        said += [f"{label}: {line}" for line in replay_words.problems(wave)]
        said += [f"  {_value(each)}" for each in wave["differing"]]
    return "\n".join(said)


def _value(differing: dict[str, Any]) -> str:
    row, what = replay_words.row_of(differing), replay_words.what_of(differing)
    told = f"{replay_words.TABLES[differing['table']]}, {row}: {what}"
    if not (differing["expected"] or differing["found"]):
        return told
    return f"{told}: tersimpan {differing['found']}, seharusnya {differing['expected']}"


@click.command()
@click.argument("stage", metavar="TAHAP")
@click.option("--out", metavar="BERKAS", required=True, type=click.Path(path_type=Path, dir_okay=False),
              help="Berkas zip yang dibuat; belum boleh ada.")  # fmt: skip
@acting
@as_json
def pack(stage: str, out: Path, by: Any, why: str | None, as_json: bool) -> None:
    """Buat paket auditor: masukan, aturan, hasil, dokumen, dan program yang menghitungnya ulang di tempat lain.

    Contoh: harapan stage pack 2024-4 --out paket-2024-4.zip
    """
    demand(by.post, "stage.replay")
    with put_on(by.scope, read_only=True):
        found = stage_named(stage)
    with progress(total=None, label=f"Membuat paket {found.name}"):
        row = packing.pack(found, out.absolute(), actor=by.user.pk, why=why or "")
    value = {"stage": found.name, "file": out, "bytes": out.stat().st_size, "sha256": row.sha256}
    answer(
        value,
        as_json=as_json,
        words=lambda: (
            f"Paket auditor tahap {found.name} ada di {out}.\nSidik berkas: {row.sha256}\n"
            "Isinya tidak disandikan; simpan seperti berkas negara lainnya."
        ),
    )
