"""`harapan import`: bring lists in from outside, rehearsed unless told to commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from harapan.accounts.models import User
from harapan.audit import log
from harapan.cli.output import ROWS_REFUSED, answer, as_json, progress
from harapan.cli.session import acting
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.database import day
from harapan.database.scope import put_on
from harapan.files import storage
from harapan.intake.actions import bring_in, layout_named
from harapan.intake.errand import Advance
from harapan.intake.models import ImportRun, Verdict

SHOWN_MAX = 20  # refused rows named on the screen; the file of refused rows has them all
COUNTS = ("rows", "accepted", "changed", "unchanged", "refused")


@click.command()
@click.argument("layout", metavar="JENIS")
@click.argument("files", metavar="BERKAS...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--stage", default="", metavar="TAHAP", help="Tahap daftar ini, misalnya 2025-2.")
@click.option("--commit", is_flag=True, help="Tulis yang diterima; tanpa ini hanya diuji.")
@click.option("--facilitator", metavar="PENGGUNA", help="Pendamping pemilik buku kerja: kelompoknya menjadi miliknya.")
@click.option("--refused-to", metavar="FOLDER", type=click.Path(file_okay=False, path_type=Path),
              help="Simpan baris yang ditolak ke folder ini, dalam susunan aslinya dengan alasannya.")  # fmt: skip
@acting
@as_json
def command(
    layout: str, files: tuple[Path, ...], stage: str, commit: bool, facilitator: str | None, refused_to: Path | None,
    by: Any, why: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Baca daftar dari luar: diuji dulu, ditulis dengan --commit.

    \b
    JENIS: beneficiaries, caseload, components, settlement, status, bnba, desil,
           verification-school, verification-health, verification-welfare,
           candidates, staff, formations, atau scores.

    \b
    Contoh:
      harapan import beneficiaries daftar.xlsx --stage 2025-2
      harapan import beneficiaries daftar.xlsx --stage 2025-2 --commit
      harapan import caseload melati.xlsx --facilitator hartati --commit
    """
    layout_named(layout)
    runs = []
    # one transaction for all files: where one cannot be read, none is written
    with put_on(by.scope):
        of = _facilitator(facilitator)
        for file in files:
            with _bar(file) as advance:
                runs.append(
                    bring_in(
                        file, layout=layout, stage=stage, commit=commit, by=by.user, post=by.post,
                        on=day.today(), facilitator=of, advance=advance,
                    )
                )  # fmt: skip
        value = _value(runs, commit=commit)
        saved = _save_refused(runs, refused_to) if refused_to else []
    answer(value, as_json=as_json, words=lambda: _words(runs, value, saved, commit=commit))
    return ROWS_REFUSED if value["refused"] else 0


def _facilitator(username: str | None) -> User | None:
    if username is None:
        return None
    found = User.objects.filter(username=username).first()
    if found is None:
        raise Refused(f"Pengguna “{username}” tidak ada. Tulis nama pengguna pendampingnya, misalnya hartati.")
    return found


@contextmanager
def _bar(file: Path) -> Iterator[Advance]:
    with progress(total=100, label=file.name) as bar:
        reached = 0

        def advance(done: int, total: int, doing: str) -> None:
            nonlocal reached
            bar.label = f"{file.name}: {doing}"
            step = max(0, 100 * done // max(total, 1) - reached)
            reached += step
            bar.update(step)

        yield advance


def _value(runs: list[ImportRun], *, commit: bool) -> dict[str, Any]:
    """What `--json` prints: counts over all files and every refused row with its place."""
    counts = {name: sum(getattr(run, name) for run in runs) for name in COUNTS}
    refusals = [
        {"file": run.file.name, "row": refused.line, "column": refused.column, "reason": refused.words}
        for run in runs
        for refused in run.answers.filter(verdict=Verdict.REFUSED).order_by("line")
    ]
    return {**counts, "committed": commit, "refusals": refusals}


def _save_refused(runs: list[ImportRun], folder: Path) -> list[Path]:
    saved = []
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        if run.refused_file is not None:
            place = folder / run.refused_file.name
            place.write_bytes(storage.read(run.refused_file))
            log.record("file.opened", kind="file", body={"file": str(run.refused_file.pk), "to": place.name})
            saved.append(place)
    return saved


def _words(runs: list[ImportRun], value: dict[str, Any], saved: list[Path], *, commit: bool) -> str:
    titles = {"rows": "baris", "accepted": "diterima", "changed": "berubah", "unchanged": "tetap", "refused": "ditolak"}
    lines = [f"{run.file.name}: {run.notice}" for run in runs if run.notice]
    lines.append(", ".join(f"{thousands(value[name])} {title}" for name, title in titles.items()) + ".")
    for refusal in value["refusals"][:SHOWN_MAX]:
        lines.append(f"  {refusal['file']} baris {refusal['row']}: {refusal['reason']}")
    if len(value["refusals"]) > SHOWN_MAX:
        lines.append(f"  … dan {thousands(len(value['refusals']) - SHOWN_MAX)} baris lain.")
    lines += [f"Baris yang ditolak disimpan di {place}." for place in saved]
    if not commit:
        lines.append("Baru diuji, belum ada yang ditulis. Tambahkan --commit untuk menulisnya.")
    return "\n".join(lines)
