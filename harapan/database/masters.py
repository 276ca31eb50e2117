"""The master key: what wraps the data keys, and nothing else. It stands in the environment, else in a key file.

    HARAPAN_MASTER_KEY        64 hexadecimal digits; where it is set, no file is looked at
    HARAPAN_MASTER_KEY_NEXT   the one to come: `harapan keys rotate --master` wraps anew under it

A file is changed in two steps, so that a kill leaves one of both that opens: the new one is written beside the old,
and takes its place when the table has been committed.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from harapan.core.errors import HarapanError, Refused
from harapan.database import places

VARIABLE = "HARAPAN_MASTER_KEY"
NEXT_VARIABLE = "HARAPAN_MASTER_KEY_NEXT"
FILE, NEXT_FILE = "master", "master-next"
KEY_BYTES, NONCE_BYTES = 32, 12


class KeyClosed(HarapanError):
    """A data key does not open: another master key is in place than the one that wrapped it."""


def known() -> list[bytes]:
    """The master keys that may have wrapped a data key, the one in force first. Draws none."""
    if os.environ.get(VARIABLE):
        return [key for key in (_named(VARIABLE), _named(NEXT_VARIABLE)) if key]
    kept = [places.secret(name) for name in (FILE, NEXT_FILE) if path(name).exists()]
    coming = _named(NEXT_VARIABLE)
    return [*kept, coming] if coming else kept


def in_force() -> bytes:
    """The master key of this installation; the first time it is drawn and written to its file."""
    return _named(VARIABLE) or places.secret(FILE)


def path(name: str = FILE) -> Path:
    """Where the file of that master key stands, or would."""
    return places.folder("keys") / f"{name}.key"


def in_environment(variable: str = VARIABLE) -> bool:
    """Whether the master key comes from the environment, so that no copy of the key files holds it."""
    return bool(os.environ.get(variable))


def coming() -> bytes:
    """The master key to come: named in the environment, else drawn into a file beside the one in force.

    Raises Refused where the one in force is in the environment and the next is not: we cannot write there.
    """
    named = _named(NEXT_VARIABLE)
    if named:
        return named
    if in_environment():
        raise Refused(
            f"Kunci induk ada di {VARIABLE}, jadi yang baru juga harus dari sana: isi {NEXT_VARIABLE} "
            "dengan 64 angka heksadesimal (`openssl rand -hex 32`), lalu ulangi."
        )
    return places.secret(NEXT_FILE)


def take_over() -> None:
    """Put the file of the master key to come in the place of the one before. Nothing where there is none."""
    if path(NEXT_FILE).exists():
        os.replace(path(NEXT_FILE), path(FILE))


def give_up() -> None:
    """Remove a master key to come that has wrapped nothing."""
    path(NEXT_FILE).unlink(missing_ok=True)


def wrapped(key: bytes, *, number: int, master: bytes) -> bytes:
    """A data key as the table keeps it: nonce 12 bytes | ciphertext | tag 16 bytes, bound to its number."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + _wrapper(master).encrypt(nonce, key, _bound_to(number))


def unwrapped(blob: bytes, *, number: int, masters: list[bytes]) -> bytes:
    """The data key again. Raises KeyClosed when none of the master keys wrapped it."""
    for master in masters:
        try:
            return _wrapper(master).decrypt(blob[:NONCE_BYTES], blob[NONCE_BYTES:], _bound_to(number))
        except (InvalidTag, ValueError):  # ValueError: cut off
            continue
    where = VARIABLE if in_environment() else str(path())
    state = "bukan yang membungkusnya" if masters else "tidak ada"
    raise KeyClosed(
        f"Kunci data {number} tidak terbuka: kunci induk di {where} {state}. "
        "Kembalikan kunci induk yang benar dari cadangan kunci."
    )


def fingerprint(key: bytes) -> str:
    """16 hexadecimal digits by which two copies of a key are told equal; they tell nothing of the key."""
    return HKDF(hashes.SHA256(), 8, salt=None, info=b"harapan fingerprint").derive(key).hex()


def _named(variable: str) -> bytes | None:
    text = os.environ.get(variable, "").strip()
    if not text:
        return None
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise Refused(
            f"{variable} berisi {len(text)} huruf, padahal harus tepat 64 angka heksadesimal. "
            "Buat dengan `openssl rand -hex 32`."
        )
    return key


def _wrapper(master: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), KEY_BYTES, salt=None, info=b"harapan wrap").derive(master))


def _bound_to(number: int) -> bytes:
    return f"data key {number}".encode()
