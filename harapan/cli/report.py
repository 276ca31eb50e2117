"""`harapan report`: the month's reports of one person, or of everybody in reach as one zip."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from harapan.accounts.models import Post, User
from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import acting
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.core.periods import parse_month
from harapan.database import day
from harapan.database.scope import put_on
from harapan.fieldwork import packs
from harapan.fieldwork.making import make_reports
from harapan.fieldwork.workers import Worker, worker_named, workers_in
from harapan.files import storage

address = click.option(
    "--address", default="", metavar="ALAMAT", envvar="HARAPAN_ADDRESS",
    help="Alamat pemasangan ini bagi kode periksa, misalnya https://pkh.tapinkab.go.id.",
)  # fmt: skip


@click.group()
def command() -> None:
    """Laporan RHK dan laporan bulanan, disusun dari catatan.

    Contoh: harapan report make 2025-06 --user pendamping-005 --out laporan
    """


@command.command()
@click.argument("month", metavar="BULAN")
@click.option("--user", "username", metavar="PENGGUNA", help="Milik siapa (bawaan: yang menjalankan).")
@click.option(
    "--rhk", "numbers", type=click.IntRange(1, 9), multiple=True, metavar="N", help="Hanya RHK ini; dapat diulang."
)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="FOLDER",
              help="Folder tempat PDF ditulis (bawaan: di sini).")  # fmt: skip
@address
@acting
@as_json
def make(
    month: str, username: str | None, numbers: tuple[int, ...], out: Path, address: str, by: Any, why: str | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Buat laporan satu orang. Yang catatannya tidak berubah tetap nomor dan versinya.

    Contoh: harapan report make 2025-06 --user pendamping-005 --rhk 2
    """
    demand(by.post, "report.write")
    with put_on(by.scope):
        worker = _worker(username or by.user.username, by.post)
        among = workers_in(worker.post, on=day.today())
        made = make_reports(
            [worker], parse_month(month), by=by.user, on=day.today(), address=address, among=among, results=numbers
        )
        out.mkdir(parents=True, exist_ok=True)
        for each in made:
            (out / each.version.file.name).write_bytes(storage.read(each.version.file))
    value = [
        {"number": each.report.number_text, "rhk": each.report.rhk, "version": each.version.version,
         "fresh": each.fresh, "file": str(out / each.version.file.name)}
        for each in made
    ]  # fmt: skip
    answer(value, as_json=as_json, words=lambda: "\n".join(f"{row['number']}  {row['file']}" for row in value))


def _worker(username: str, post: Post) -> Worker:
    user = User.objects.filter(username=username).first()
    found = worker_named(post, user.pk, on=day.today()) if user else None
    if found is None:
        raise Refused(
            "Pengguna {name} tidak mempunyai laporan di wilayah ini. Sebutkan pendamping atau ketua tim dengan --user.",
            name=username,
        )
    return found


@command.command()
@click.argument("month", metavar="BULAN")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, metavar="BERKAS", help="Berkas zip."
)
@address
@acting
@as_json
def pack(month: str, out: Path, address: str, by: Any, why: str | None, as_json: bool) -> None:
    """Kumpulkan laporan semua pendamping di wilayah dalam satu zip. Aman diulang setelah terhenti.

    Contoh: harapan report pack 2025-06 --out laporan-juni.zip --as katim-tapin
    """
    demand(by.post, "report.pack")
    if out.exists():
        raise Refused("Berkas {out} sudah ada. Pilih nama lain, atau hapus dahulu.", out=out)
    with progress(total=1, label="Laporan") as bar:

        def told(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        packed = packs.pack(
            by.post, parse_month(month), out, scope=by.scope, by=by.user, on=day.today(), address=address, told=told
        )
    value = {"people": packed.people, "reports": packed.reports, "fresh": packed.fresh, "file": str(out)}
    counted = f"{thousands(packed.reports)} laporan dari {thousands(packed.people)} orang"
    answer(value, as_json=as_json, words=lambda: f"{counted}, {thousands(packed.fresh)} baru: {out}")
