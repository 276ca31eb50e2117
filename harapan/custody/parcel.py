"""A backup as it lies in its folder: a dump, encrypted files, anchors, and a signed manifest with the hash of each.

    manifest.json   what it is, of which installation and moment, how many rows a table has, and size and SHA-256 of
                    every other file; manifest.sig is its Ed25519 signature under the installation's key of seals
    database.dump   pg_dump, custom format
    files/, anchors/, demonstration-day   as in the installation's folder

No key is in it. It has its true name only when all is there; until then it is NAME.sebagian.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from harapan.core.errors import Refused, Unreadable
from harapan.database import places

FORMAT = 1
MANIFEST, SIGNATURE, DUMP = "manifest.json", "manifest.sig", "database.dump"
PARTIAL = ".sebagian"
PIECE = 1 << 20


@dataclass
class Manifest:
    """What a backup says of itself."""

    id: str
    made_at: str
    harapan: str
    database: str  # its name, which is also what its roles are named after
    server: int  # PostgreSQL's major version that it was taken from
    dumped_by: int  # major version of pg_dump
    era: int
    seal: dict[str, Any] | None  # the last one: no, hash, entries; an anchor in itself
    keys: dict[str, str]  # fingerprints of the key files it needs
    migrations: list[list[str]]
    counts: dict[str, int]
    format: int = FORMAT
    files: dict[str, dict[str, Any]] = field(default_factory=dict)  # path -> size, sha256


class Draft:
    """A backup in the making: `copy` or `note` what belongs to it, then `finish`. Left otherwise, nothing stays."""

    def __init__(self, folder: Path) -> None:
        """Refuses a folder with something in it. What a killed backup left beside it is removed."""
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise Refused("Folder {folder} sudah berisi. Pilih folder baru untuk setiap cadangan.", folder=folder)
        self.folder = folder
        self.partial = folder.with_name(folder.name + PARTIAL)
        shutil.rmtree(self.partial, ignore_errors=True)
        self.partial.mkdir(mode=places.PRIVATE, parents=True)
        self.files: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *trouble: object) -> None:
        shutil.rmtree(self.partial, ignore_errors=True)  # gone already when it was finished

    def path(self, name: str) -> Path:
        """Where the file of that name belongs."""
        path = self.partial / name
        path.parent.mkdir(mode=places.PRIVATE, parents=True, exist_ok=True)
        return path

    def copy(self, source: Path, name: str) -> None:
        """Take over one file."""
        private_copy(source, self.path(name))
        self.note(name)

    def note(self, name: str) -> None:
        """Put a file that is there into the manifest."""
        path = self.path(name)
        self.files[name] = {"size": path.stat().st_size, "sha256": sha256(path)}

    def finish(self, manifest: Manifest, key: Ed25519PrivateKey) -> None:
        """Write and sign the manifest and give the folder its true name."""
        manifest.files = self.files
        text = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        for name, content in ((MANIFEST, text), (SIGNATURE, key.sign(text).hex().encode())):
            private_write(self.path(name), content)
        os.replace(self.partial, self.folder)


@dataclass(frozen=True)
class Parcel:
    """A finished backup."""

    folder: Path
    manifest: Manifest
    signature: bytes
    text: bytes

    @classmethod
    def open(cls, folder: Path) -> Parcel:
        """Raises Unreadable where the folder is no backup, or one of a format we do not know."""
        if folder.with_name(folder.name + PARTIAL).exists() and not (folder / MANIFEST).exists():
            raise Unreadable("Cadangan {folder} tidak selesai dibuat. Pakai cadangan lain.", folder=folder)
        try:
            text = (folder / MANIFEST).read_bytes()
            signature = bytes.fromhex((folder / SIGNATURE).read_text())
            said = json.loads(text)
            if said.get("format") != FORMAT:
                raise Unreadable(
                    "Cadangan {folder} berbentuk {format}, sedangkan Harapan ini mengenal {ours}. "
                    "Pakai versi Harapan yang membuatnya.",
                    folder=folder,
                    format=said.get("format"),
                    ours=FORMAT,
                )
            return cls(folder, Manifest(**said), signature, text)
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise Unreadable(
                "Folder {folder} bukan cadangan Harapan: {manifest} atau {signature} tidak ada atau rusak.",
                folder=folder,
                manifest=MANIFEST,
                signature=SIGNATURE,
            ) from error

    def check(self, key: Ed25519PrivateKey, moved: Callable[[], None] = lambda: None) -> None:
        """Raises Refused where the manifest was not signed with this key, or a file is not what it says."""
        try:
            key.public_key().verify(self.signature, self.text)
        except InvalidSignature:
            raise Refused(
                "Tanda tangan cadangan {folder} tidak sah: isinya diubah, atau kuncinya dari pemasangan lain.",
                folder=self.folder,
            ) from None
        for name, told in self.manifest.files.items():
            path = self.path(name)
            if not path.is_file():
                raise Refused(
                    "Berkas {name} tidak ada di cadangan {folder}. Pakai cadangan lain.", name=name, folder=self.folder
                )
            if {"size": path.stat().st_size, "sha256": sha256(path)} != told:
                raise Refused(
                    "Berkas {name} di cadangan {folder} rusak atau diubah. Pakai cadangan lain.",
                    name=name,
                    folder=self.folder,
                )
            moved()

    def path(self, name: str) -> Path:
        parts = PurePosixPath(name)
        if parts.is_absolute() or ".." in parts.parts:
            raise Refused(
                "Cadangan {folder} menyebut berkas di luar foldernya ({name}). Jangan dipakai.",
                folder=self.folder,
                name=name,
            )
        return self.folder / parts

    def below(self, *folders: str) -> Iterator[tuple[str, Path]]:
        """The files of the manifest that stand in these folders, or are named so."""
        for name in self.manifest.files:
            if PurePosixPath(name).parts[0] in folders:
                yield name, self.path(name)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def private_copy(source: Path, target: Path) -> None:
    """A copy only its owner may read (0600), on the disk when this returns; whole or not at all."""
    target.parent.mkdir(mode=places.PRIVATE, parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    with source.open("rb") as clear, open(_new(draft), "wb") as file:
        shutil.copyfileobj(clear, file, PIECE)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)


def private_write(target: Path, content: bytes) -> None:
    """A file only its owner may read (0600), whole or not at all."""
    draft = target.with_name(f".{target.name}.new")
    draft.unlink(missing_ok=True)
    with open(_new(draft), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, target)


def _new(path: Path) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
