"""`harapan audit verify`: whether the log of who saw and changed what, and what it vouches for, is as it was sealed."""

from __future__ import annotations

from pathlib import Path

import click

from harapan.audit.verify import Report, verify
from harapan.benefits import proving as runs
from harapan.cli.output import answer, as_json, progress
from harapan.database.scope import Scope, put_on
from harapan.files import proving as files

BROKEN = 1
SHOWN_MAX = 20


@click.group()
def command() -> None:
    """Periksa keutuhan catatan siapa melihat dan mengubah apa.

    Contoh: harapan audit verify --anchors /media/usb/anchors
    """


@command.command("verify")
@click.option("--anchors", type=click.Path(path_type=Path), help="Folder jangkar dari luar mesin ini.")
@click.option("--deep", is_flag=True, help="Periksa juga isi: baris hasil hitung tahap dan berkas tersimpan.")
@as_json
def verify_command(anchors: Path | None, deep: bool, as_json: bool) -> int:
    """Bandingkan setiap catatan dengan segelnya, setiap segel dengan rantainya, dan akhirnya dengan jangkar.

    Dengan --deep juga yang dijamin oleh catatan: sidik setiap hasil hitung dihitung ulang dari barisnya, dan setiap
    berkas dibuka dan dibandingkan. Tanpa jangkar jawabannya tidak pernah "utuh": akhir catatan bisa saja dipotong.

    Contoh: harapan audit verify --deep --anchors /media/usb/anchors --json
    """
    with put_on(Scope.batch(via="cli")), progress(total=None, label="Memeriksa") as bar:
        report = verify(anchors_dir=anchors, moved=lambda entries: bar.update(1))
        if deep:
            for faults in (runs.faults, files.faults):
                report.broken += faults(lambda: bar.update(1))
    value = {
        "entries": report.entries,
        "sealed": report.sealed,
        "intact": report.intact,
        "first_broken": report.first_broken,
    }
    answer(value, as_json=as_json, words=lambda: words(report))
    return BROKEN if report.broken else 0


def words(report: Report) -> str:
    counted = f"{report.entries} catatan, {report.sealed} di antaranya tersegel."
    if report.broken:
        shown = [f"- {line}" for line in report.broken[:SHOWN_MAX]]
        rest = len(report.broken) - SHOWN_MAX
        more = [f"- dan {rest} lainnya"] if rest > 0 else []
        return "\n".join([counted, "Catatan TIDAK utuh:", *shown, *more])
    return f"{counted} {report.doubt or 'Semuanya utuh.'}"
