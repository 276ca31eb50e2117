"""`harapan restore`: a backup into an empty installation. Django is loaded only after its keys are in place."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any

import click

from harapan.cli import session
from harapan.cli.output import answer, as_json, progress
from harapan.core.money import thousands
from harapan.custody import keyfiles
from harapan.custody.parcel import Parcel

BROKEN = 1


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--keys", metavar="FOLDER_LAIN", type=click.Path(path_type=Path),
              help="Folder salinan kunci; tanpa ini kuncinya harus sudah ada di pemasangan ini.")  # fmt: skip
@click.option("--why", metavar="TEKS", help="Alasan, dicatat di jejak audit.")
@as_json
@click.pass_context
def command(ctx: click.Context, folder: Path, keys: Path | None, why: str | None, as_json: bool) -> int:
    """Pulihkan cadangan ke pemasangan yang kosong (HARAPAN_VAR baru, atau DATABASE_URL yang kosong).

    Semua berkas dicocokkan dengan daftarnya sebelum apa pun ditulis. Sesudahnya catatan akses memulai masa baru,
    pemulihan itu sendiri dicatat, seluruh catatan diperiksa, dan satu nomor dari tiap kolom dibuka sebagai bukti.
    Bila terhenti, ulangi perintah yang sama. Semua orang perlu masuk lagi.

    Contoh: HARAPAN_VAR=/srv/harapan harapan restore /media/usb1/harapan-2025-06-02 --keys /media/usb2/kunci-harapan
    """
    found = Parcel.open(folder)
    keyfiles.refuse_others(found.manifest.keys, keys)
    with progress(total=2 * len(found.manifest.files), label="Memulihkan") as bar:
        found.check(keyfiles.signing_key(keys), moved=lambda: bar.update(1))
        if keys:
            keyfiles.put_back(keys)
        session.open_for(ctx, tables=False, help_only=False)
        restoring = import_module("harapan.custody.restore")
        era = restoring.restore(found, why=why or "", moved=lambda: bar.update(1))
    import_module("harapan.cli.setup").run_steps(say=lambda line: click.echo(line, err=True))
    proof = restoring.prove()
    value = {
        "id": found.manifest.id,
        "rows": sum(found.manifest.counts.values()),
        "files": len(found.manifest.files),
        "era": era,
        "intact": proof.report.intact,
        "first_broken": proof.report.first_broken,
        "opened": proof.opened,
    }
    answer(value, as_json=as_json, words=lambda: words(found, proof))
    return BROKEN if proof.report.broken else 0


def words(found: Parcel, proof: Any) -> str:
    manifest, report = found.manifest, proof.report
    state = report.first_broken or report.doubt or "utuh"
    return (
        f"Cadangan {manifest.id} dari {manifest.made_at} dipulihkan: {thousands(sum(manifest.counts.values()))} baris, "
        f"{thousands(len(manifest.files))} berkas.\n"
        f"Catatan akses: {thousands(report.entries)} catatan, {state}. "
        f"Nomor tersandi: {proof.opened} kolom dicoba, semuanya terbuka."
    )
