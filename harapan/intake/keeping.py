"""The file as it came, and what we answer with: kept encrypted under var/files, named by a keyed hash."""

from __future__ import annotations

import hmac
import os
import uuid
from pathlib import Path

from harapan.core.errors import Unreadable
from harapan.database.places import folder
from harapan.database.sealing import CURRENT_KEY, data_key, pepper
from harapan.exchange.files import BYTES_MAX
from harapan.files.models import StoredFile

MEDIA = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def read_path(path: Path) -> bytes:
    """The bytes of a file on this machine. Raises Unreadable when there is none, or more than any list holds."""
    if not path.is_file():
        raise Unreadable(f"Berkas “{path.name}” tidak ditemukan; periksa nama dan foldernya.")
    if path.stat().st_size > BYTES_MAX:
        raise Unreadable(
            f"Berkas “{path.name}” lebih besar dari {BYTES_MAX // 2**20} MB; pecah menjadi beberapa berkas."
        )
    return path.read_bytes()


def keep(raw: bytes, *, name: str, kind: str, owner: int, region_no: int) -> StoredFile:
    """Store the bytes encrypted; the row carries owner and region, the name on disk tells nothing."""
    file = StoredFile(
        id=uuid.uuid4(), name=Path(name).name[:200] or "berkas", kind=kind, size=len(raw), owner=owner,
        media_type=MEDIA.get(Path(name).suffix.lower(), "application/octet-stream"), region_no=region_no,
        digest=hmac.digest(pepper("text"), raw, "sha256").hex(),
    )  # fmt: skip
    nonce = os.urandom(12)
    sealed = data_key(CURRENT_KEY).encrypt(nonce, raw, file.id.bytes)
    descriptor = os.open(_place(file), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(nonce + sealed)
        out.flush()
        os.fsync(out.fileno())
    file.save(force_insert=True)
    return file


def contents(file: StoredFile) -> bytes:
    """The bytes again."""
    blob = _place(file).read_bytes()
    return data_key(CURRENT_KEY).decrypt(blob[:12], blob[12:], file.id.bytes)


def _place(file: StoredFile) -> Path:
    return folder("files") / file.id.hex
