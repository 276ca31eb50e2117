"""Where an installation keeps what is its own: one folder, named by HARAPAN_VAR, with keys, passwords, logs and locks.

Two folders are two installations that know nothing of each other.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harapan.core.errors import Refused

CHECKOUT = Path(__file__).resolve().parents[2]

PRIVATE = 0o700
# As root the server of the database runs as another user, who must pass through this folder to reach his own.
PASSABLE = 0o711


def var() -> Path:
    """The installation's folder, made when missing: HARAPAN_VAR, else `var/` of the checkout or working folder."""
    named = os.environ.get("HARAPAN_VAR")
    home = CHECKOUT if (CHECKOUT / "pyproject.toml").exists() else Path.cwd()
    path = Path(named).expanduser().absolute() if named else home / "var"
    return _made(path, PASSABLE if os.geteuid() == 0 else PRIVATE)


def folder(name: str) -> Path:
    """A folder below var() that only its owner may open: keys, secrets, log, files."""
    return _made(var() / name, PRIVATE)


def secret(name: str, size: int = 32) -> bytes:
    """The key of this name, `size` random bytes, drawn once. Processes that ask at the same time get the same key."""
    path = folder("keys") / f"{name}.key"
    key = _written_once(path, secrets.token_bytes(size))
    if len(key) != size:
        raise Refused(
            f"Berkas kunci {path} berisi {len(key)} bita, seharusnya {size}: berkas itu rusak. "
            "Kembalikan dari cadangan; jangan dihapus, karena data yang disandikan dengannya tidak akan terbaca lagi."
        )
    return key


def password(name: str) -> str:
    """The password of this name, 43 characters safe inside an address, drawn once."""
    path = folder("secrets") / f"{name}.password"
    return _written_once(path, secrets.token_urlsafe(32).encode()).decode().strip()


@contextmanager
def thrown_away(name: str) -> Iterator[Path]:
    """A fresh folder below folder(name), for one block. What a killed process left there goes with the next call.

    Each is locked by whoever uses it, so that several may be at work and only the dead are swept.
    """
    home = folder(name)
    with lock(f"{name}.sweep"):
        for left in home.iterdir():
            if left.is_dir() and (held := _held(left)) is not None:
                shutil.rmtree(left, ignore_errors=True)
                os.close(held)
        ours = Path(tempfile.mkdtemp(dir=home))
        descriptor = _held(ours)
    try:
        yield ours
    finally:
        shutil.rmtree(ours, ignore_errors=True)
        if descriptor is not None:
            os.close(descriptor)


def _held(path: Path) -> int | None:
    """The lock on a folder, as an open descriptor; None while another process or thread holds it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


class Busy(Refused):
    """Another process holds the lock and we were told not to wait."""


@contextmanager
def lock(name: str, *, wait: bool = True) -> Iterator[None]:
    """Hold the installation's lock of this name; without `wait`, Busy when another holds it. Freed when we die."""
    descriptor = os.open(folder("locks") / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(f"Pekerjaan `{name}` di {var()} sedang dijalankan oleh proses lain.") from error
        yield
    finally:
        os.close(descriptor)


def _made(path: Path, mode: int) -> Path:
    try:
        path.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as error:
        raise Refused(
            f"Folder {path} tidak dapat dibuat ({error.strerror}). "
            "Beri izin menulis di sana, atau tunjuk folder lain dengan HARAPAN_VAR."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Refused(
            f"Folder {path} milik pengguna lain. "
            "Jalankan sebagai pemiliknya, atau tunjuk folder lain dengan HARAPAN_VAR."
        )
    return path


def _written_once(path: Path, fresh: bytes) -> bytes:
    """The contents of the file; when there is none, `fresh` becomes it, whole or not at all."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        pass
    except PermissionError as error:
        raise Refused(f"Berkas {path} tidak boleh dibaca oleh pengguna ini. Jalankan sebagai pemiliknya.") from error
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(fresh)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)  # unlike a rename, a link never replaces what another process wrote first
    except FileExistsError:
        pass
    finally:
        os.unlink(draft)
    return path.read_bytes()
