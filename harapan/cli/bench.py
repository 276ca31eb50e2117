"""`harapan bench`: speed and memory, measured on data of its own; docs/benchmarks.md holds what was found."""

from __future__ import annotations

import sys
from typing import Any

import click

from bench import integrity as bench_integrity
from bench.caseload import bench_caseload
from bench.fabricators import kinds
from bench.ground import in_own_database  # beside the package: measuring is done in a checkout
from harapan.cli.output import answer, as_json
from harapan.engine.bench import bench_engine
from harapan.performance.law import law_on
from harapan.policy.reader import default_policy

families = click.option("--families", type=click.IntRange(min=1), default=1_000_000, show_default=True, metavar="N")
keep = click.option("--keep", is_flag=True, help="Biarkan basis data ukur, untuk diukur lagi.")


@click.group()
def command() -> None:
    """Ukur kecepatan dan memori pada data buatan. Data pemasangan ini tidak disentuh.

    Contoh: harapan bench engine --families 1000000
    """


@command.command()
@families
@click.option("--stage", default="2025-2", show_default=True, help="Aturan tahap yang dipakai.")
@as_json
def engine(families: int, stage: str, as_json: bool) -> None:
    """Mesin hitung, dari Parquet ke Parquet.

    Contoh: harapan bench engine --families 10000000
    """
    figures = bench_engine(families=families, rules=default_policy().stage(stage))
    answer(figures, as_json=as_json, words=lambda: _table(figures))


@command.command()
@families
@click.option("--rounds", type=click.IntRange(min=3), default=30, show_default=True, metavar="N")
@keep
@as_json
def pages(families: int, rounds: int, keep: bool, as_json: bool) -> None:
    """Halaman di bawah keamanan per baris, sebagai pembaca dari tiap jangkauan.

    Contoh: harapan bench pages --families 1000000
    """
    arguments = ["--families", str(families), "--rounds", str(rounds), *(["--json"] if as_json else [])]
    sys.exit(in_own_database("bench.pages", arguments, keep=keep))


@command.command()
@click.option("--families", type=click.IntRange(min=1), default=111_671, show_default=True, metavar="N")
@as_json
def caseload(families: int, as_json: bool) -> None:
    """Usulan pembagian dampingan untuk satu provinsi, di memori, dalam keempat cara.

    Contoh: harapan bench caseload --families 111671
    """
    figures = bench_caseload(families=families)
    answer(figures, as_json=as_json, words=lambda: "\n".join(_table(each) for each in figures))


@command.command()
@click.option("--applications", type=click.IntRange(min=1), default=150_000, show_default=True, metavar="N")
@keep
@as_json
def recruitment(applications: int, keep: bool, as_json: bool) -> None:
    """Satu putaran rekrutmen di basis data: ditutup, diperiksa, dipanggil, dibekukan, diurutkan, dihitung ulang.

    Contoh: harapan bench recruitment --applications 150000
    """
    arguments = ["--applications", str(applications), *(["--json"] if as_json else [])]
    sys.exit(in_own_database("bench.recruitment", arguments, keep=keep))


@command.command("import")
@click.option("--rows", type=click.IntRange(min=1), default=100_000, show_default=True, metavar="N")
@keep
@as_json
def import_(rows: int, keep: bool, as_json: bool) -> None:
    """Impor daftar kementerian dengan jawaban per baris, dua kali, lalu bandingkan kedua daftar.

    Contoh: harapan bench import --rows 100000
    """
    arguments = ["--rows", str(rows), *(["--json"] if as_json else [])]
    sys.exit(in_own_database("bench.imports", arguments, keep=keep))


@command.command()
@families
@click.option("--rivals", type=click.IntRange(min=0), default=10_000, show_default=True, metavar="N",
              help="Ukur juga cara lain pada sekian keluarga; 0: tidak.")  # fmt: skip
@keep
@as_json
def stage(families: int, rivals: int, keep: bool, as_json: bool) -> None:
    """Satu tahap utuh di basis data: dibekukan, dihitung, disimpan, diperiksa, order, berkas dibaca ulang, audit.

    Contoh: harapan bench stage --families 1000000
    """
    arguments = ["--families", str(families), "--rivals", str(rivals), *(["--json"] if as_json else [])]
    sys.exit(in_own_database("bench.stage", arguments, keep=keep))


@command.command()
@click.option("--facilitators", type=click.IntRange(min=200), default=2000, show_default=True, metavar="N")
@click.option("--per-kind", type=click.IntRange(min=1), default=8, show_default=True, metavar="N",
              help="Pengarang catatan dari tiap jenis.")  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True)
@as_json
def integrity(facilitators: int, per_kind: int, seed: int, as_json: bool) -> None:
    """Catatan yang dikarang: berapa yang ditemukan, berapa yang jujur ikut terganggu, per jenis.

    Contoh: harapan bench integrity --facilitators 2000 --seed 7
    """
    inventing = per_kind * len(kinds.SEEN | kinds.UNSEEN)
    if inventing * 2 > facilitators:
        raise click.UsageError(
            f"{inventing} pengarang lebih dari separuh {facilitators} pendamping, padahal yang lain pembandingnya. "
            "Kecilkan --per-kind atau besarkan --facilitators."
        )
    figures = bench_integrity.measured(
        seed=seed, workers=facilitators, per_kind=per_kind, law=law_on(bench_integrity.RUN_ON)
    )
    answer(figures, as_json=as_json, words=lambda: bench_integrity.words(figures))


@command.command()
@click.option("--facilitators", type=click.IntRange(min=1), default=40, show_default=True, metavar="N")
@click.option("--pictures", type=click.IntRange(min=0), default=2, show_default=True, metavar="N",
              help="Foto pada tiap pertemuan.")  # fmt: skip
@keep
@as_json
def reports(facilitators: int, pictures: int, keep: bool, as_json: bool) -> None:
    """Paket laporan sebulan: sembilan laporan untuk tiap pendamping, lalu sekali lagi tanpa perubahan.

    Contoh: harapan bench reports --facilitators 40
    """
    arguments = ["--facilitators", str(facilitators), "--pictures", str(pictures), *(["--json"] if as_json else [])]
    sys.exit(in_own_database("bench.reports", arguments, keep=keep))


def _table(figures: dict[str, Any]) -> str:
    width = max(map(len, figures))
    return "\n".join(f"{name:<{width}}  {value}" for name, value in figures.items())
