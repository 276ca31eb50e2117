"""`harapan engine`: the rules at work on Parquet files. Needs no database and loads no Django."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from harapan.cli.output import answer, as_json, progress
from harapan.core.money import rupiah, thousands
from harapan.engine.generate import FAMILIES_MAX, generate
from harapan.engine.plan import DIALECTS
from harapan.engine.run import Summary, run
from harapan.engine.simulate import Difference, simulate
from harapan.policy.reader import default_policy

Folder = click.Path(file_okay=False, path_type=Path)
stage_option = click.option("--stage", required=True, metavar="TAHAP", help="Nama tahap, misalnya 2025-2.")
snapshot_argument = click.argument("snapshot", type=Folder)
out_option = click.option("--out", required=True, type=Folder, help="Folder baru untuk hasilnya.")


@click.group()
def command() -> None:
    """Hitung hak dari berkas Parquet, tanpa basis data.

    Contoh: harapan engine run snapshot --stage 2025-2 --out hasil
    """


@command.command("generate")
@click.option("--families", required=True, type=click.IntRange(1, FAMILIES_MAX), help="Jumlah keluarga.")
@out_option
@click.option("--seed", default=1, show_default=True, help="Benih acak: benih yang sama memberi data yang sama.")
@click.option("--stage", default="2025-2", show_default=True, metavar="TAHAP", help="Tahap yang akan dihitung.")
def generate_command(families: int, out: Path, seed: int, stage: str) -> None:
    """Buat snapshot berisi keluarga rekaan.

    Contoh: harapan engine generate --families 100000 --out snapshot
    """
    rules = default_policy().stage(stage)
    with progress(total=families, label="Membuat keluarga") as bar:
        done = 0

        def told(families_done: int) -> None:
            nonlocal done
            bar.update(families_done - done)
            done = families_done

        generate(out, families=families, rules=rules, seed=seed, told=told)
    click.echo(f"{thousands(families)} keluarga rekaan tersimpan di {out}.")


@command.command("run")
@snapshot_argument
@stage_option
@out_option
@click.option("--keep", multiple=True, metavar="LANGKAH", help="Simpan juga tabel satu langkah, di OUT/steps.")
@click.option(
    "--backend",
    type=click.Choice(list(DIALECTS)),
    default="duckdb",
    show_default=True,
    help="Mesin yang menghitung; hasilnya sama. spark perlu dipasang tersendiri.",
)
@as_json
def run_command(snapshot: Path, stage: str, out: Path, keep: tuple[str, ...], backend: str, as_json: bool) -> None:
    """Hitung hak setiap keluarga pada satu tahap, beserta alasannya.

    Bila terhenti di tengah jalan, jalankan lagi perintah yang sama: bagian yang sudah selesai tidak dihitung ulang.

    Contoh: harapan engine run snapshot --stage 2025-2 --out hasil
    """
    rules = default_policy().stage(stage)
    with progress(total=1, label=f"Menghitung {stage}") as bar:
        summary = run(snapshot, out, rules=rules, told=_steps_of(bar), keep=keep, backend=backend)
    answer(summary.as_json(), as_json=as_json, words=lambda: _told(summary, stage, out))


@command.command("simulate")
@snapshot_argument
@stage_option
@click.option(
    "--scenario",
    required=True,
    type=click.Path(path_type=Path),
    help="Berkas YAML berbentuk berkas kebijakan, berisi nilai yang berbeda.",
)
@as_json
def simulate_command(snapshot: Path, stage: str, scenario: Path, as_json: bool) -> None:
    """Bandingkan satu tahap menurut kebijakan yang berlaku dan menurut skenario.

    Contoh: harapan engine simulate snapshot --stage 2025-2 --scenario skenario.yaml
    """
    policy = default_policy()
    law, other = policy.stage(stage), policy.with_overlay(scenario).stage(stage)
    with progress(total=2, label=f"Membandingkan {stage}") as bar:
        found = simulate(snapshot, law=law, scenario=other, told=_steps_of(bar, runs=2))
    answer(found.as_json(), as_json=as_json, words=lambda: _compared(found))


def _steps_of(bar: Any, *, runs: int = 1) -> Callable[[int, int], None]:
    """Moves the bar by one range; how many there are is known once the first is done."""

    def told(done: int, of: int) -> None:
        bar.length = of * runs
        bar.update(1)

    return told


def _told(summary: Summary, stage: str, out: Path) -> str:
    totals = summary.totals
    return "\n".join(
        [
            f"Tahap {stage}: {thousands(totals.paid)} dari {thousands(totals.families)} keluarga menerima bantuan.",
            f"Hak {rupiah(totals.gross_idr)}, potongan {rupiah(totals.cut_idr)}, bersih {rupiah(totals.net_idr)}.",
            f"Hasil di {out}, sidik {summary.output_sha256}.",
            f"Selesai dalam {summary.seconds:.1f} detik, memori tertinggi {summary.peak_rss_mb} MiB.",
        ]
    )


def _compared(found: Difference) -> str:
    sign = "naik" if found.net_idr >= 0 else "turun"
    persons = [
        f"  {code}: {thousands(before)} menjadi {thousands(after)} orang"
        for code, (before, after) in found.persons.items()
        if before != after
    ]
    return "\n".join(
        [
            f"Tahap {found.stage}: bantuan bersih {sign} {rupiah(abs(found.net_idr))}, dari "
            f"{rupiah(found.before['net_idr'])} menjadi {rupiah(found.after['net_idr'])}.",
            f"Penerima: {thousands(found.before['paid'])} menjadi {thousands(found.after['paid'])} keluarga.",
            f"Lebih banyak: {thousands(found.families_more)} keluarga (sampai {rupiah(found.largest_gain_idr)}); "
            f"lebih sedikit: {thousands(found.families_less)} (sampai {rupiah(-found.largest_loss_idr)}); "
            f"tetap: {thousands(found.families_same)}.",
            *(["Yang dihitung per komponen:", *persons] if persons else []),
        ]
    )
