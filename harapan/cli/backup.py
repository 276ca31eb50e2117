"""`harapan backup`: database, files and anchors into a new folder; keys, where asked for, into another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.db import connections

from harapan.accounts.permission import demand
from harapan.cli.output import answer, as_json, progress
from harapan.cli.session import OWNER, acting
from harapan.core.errors import Refused
from harapan.core.money import thousands
from harapan.custody import backup

PERMISSION = "backup.make"


@click.command()
@click.argument("folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--keys", metavar="FOLDER_LAIN", type=click.Path(path_type=Path),
              help="Salin juga berkas kunci, ke folder yang terpisah dari datanya.")  # fmt: skip
@acting
@as_json
def command(folder: Path, keys: Path | None, by: Any, why: str | None, as_json: bool) -> None:
    """Cadangkan basis data, berkas, dan jangkar ke folder baru. Pekerjaan lain boleh terus berjalan.

    Kunci tidak ikut, supaya cadangan yang hilang tidak membuka nomor siapa pun. Salin sekali dengan --keys ke tempat
    lain, dan ulangi setiap kali kunci induk diganti. Yang ditulis sesudah cadangan dimulai tidak ada di dalamnya:
    untuk memulihkan sampai menit tertentu (PITR), pakai alat PostgreSQL di servernya.

    Contoh: harapan backup /media/usb1/harapan-2025-06-02 --keys /media/usb2/kunci-harapan
    """
    demand(by.post, PERMISSION)
    _refuse_without_owner()
    with progress(total=None, label="Mencadangkan") as bar:
        made = backup.backup(folder, keys=keys, actor=by.user.pk, why=why or "", moved=lambda: bar.update(1))
    manifest = made.manifest
    value = {
        "id": manifest.id,
        "folder": folder,
        "files": len(manifest.files),
        "bytes": made.bytes,
        "rows": sum(manifest.counts.values()),
        "era": manifest.era,
        "seal": manifest.seal["no"] if manifest.seal else None,
        "keys": made.keys,
    }
    answer(value, as_json=as_json, words=lambda: words(made, folder, keys))


def words(made: backup.Made, folder: Path, keys: Path | None) -> str:
    manifest = made.manifest
    size = f"{made.bytes / (1 << 20):.1f}".replace(".", ",")
    lines = [
        f"Cadangan {manifest.id}: {thousands(sum(manifest.counts.values()))} baris dan {thousands(len(manifest.files))}"
        f" berkas, {size} MiB, di {folder}."
    ]
    if keys:
        lines.append(f"{made.keys} berkas kunci disalin ke {keys}. Simpan di tempat lain.")
    else:
        lines.append("Kunci tidak ikut. Tanpa kunci cadangan ini tidak terbuka: pastikan salinannya ada (--keys).")
    return "\n".join(lines)


def _refuse_without_owner() -> None:
    if OWNER not in connections.databases:
        raise Refused("Cadangan memerlukan pemilik basis data. Isi DATABASE_URL dengan alamat pemiliknya.")
