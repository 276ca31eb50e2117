"""Numbers of persons sealed in their row: AES-256-GCM bound to kind, table and row; found by a keyed index.

Format of a sealed value: version 1 byte | data key 2 bytes | nonce 12 bytes | ciphertext | tag 16 bytes.
Additional data: "kind|table|row id", so that a ciphertext copied into another row does not open.
Index: HMAC-SHA256 under a pepper of its kind of number, cut to 128 bits. The same NIK is found across tables.
The peppers lie in another file than the keys. A leaked pepper means: treat every number of that kind as known.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from harapan.core.errors import HarapanError
from harapan.database.places import secret

KINDS = ("nik", "kk", "account", "card", "phone", "text")
VERSION = 1
NONCE_BYTES = 12
INDEX_BYTES = 16


class SealBroken(HarapanError):
    """A stored number does not open: the wrong key files are in place, or the value was moved from another row."""


def derived(key_file: str, purpose: str, *, salt: bytes | None = None) -> bytes:
    """32 bytes for one purpose, drawn from a key file (master for contents, pepper for what is compared)."""
    return HKDF(hashes.SHA256(), 32, salt=salt, info=f"harapan {purpose}".encode()).derive(secret(key_file))


@lru_cache(maxsize=8)
def data_key(key_id: int) -> AESGCM:
    """The data key of that number, derived from the master key file."""
    return AESGCM(derived("master", f"data key {key_id}"))


@lru_cache(maxsize=16)
def pepper(kind: str) -> bytes:
    """The secret of one kind of number, kept apart from the data keys."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of sealed number; known are {', '.join(KINDS)}.")
    return derived("pepper", f"index {kind}")


CURRENT_KEY = 1


def bound_to(kind: str, table: str, row_id: int) -> bytes:
    return f"{kind}|{table}|{row_id}".encode()


def seal(value: str, *, kind: str, table: str, row_id: int) -> bytes:
    """The value locked into its row."""
    nonce = os.urandom(NONCE_BYTES)
    locked = data_key(CURRENT_KEY).encrypt(nonce, value.encode(), bound_to(kind, table, row_id))
    return bytes((VERSION,)) + CURRENT_KEY.to_bytes(2, "big") + nonce + locked


def unseal(blob: bytes, *, kind: str, table: str, row_id: int) -> str:
    """The value again. Raises SealBroken when it belongs to another row or another key."""
    blob = bytes(blob)
    key = data_key(int.from_bytes(blob[1:3], "big"))
    try:
        if blob[:1] != bytes((VERSION,)):
            raise InvalidTag
        return key.decrypt(blob[3:15], blob[15:], bound_to(kind, table, row_id)).decode()
    except (InvalidTag, ValueError):  # ValueError: cut off
        raise SealBroken(
            f"A sealed {kind} in {table}, row {row_id}, does not open. Put back the key files it was written with "
            "(var/keys), or look in the audit for who wrote this row."
        ) from None


def index(kind: str, value: str) -> bytes:
    """What an exact search compares: equal numbers give equal indexes, and nothing else is told."""
    return hmac.digest(pepper(kind), value.encode(), "sha256")[:INDEX_BYTES]


def seal_column(
    values: Sequence[str | None], *, kind: str, table: str, row_ids: Sequence[int]
) -> tuple[list[bytes | None], list[bytes | None]]:
    """Whole columns for bulk writing: (sealed, index), None where there is no value."""
    sealed: list[bytes | None] = []
    indexes: list[bytes | None] = []
    for value, row_id in zip(values, row_ids, strict=True):
        sealed.append(None if value is None else seal(value, kind=kind, table=table, row_id=row_id))
        indexes.append(None if value is None else index(kind, value))
    return sealed, indexes


MASK = "••••"


def masked(kind: str, value: str) -> str:
    """What a screen may show. The last four of a NIK are the secret part and are never shown; a text may hold one."""
    if kind == "text" or len(value) < 8:
        return MASK + MASK
    if kind == "nik":
        return f"{value[:4]} {MASK} {MASK} {MASK}"
    if kind == "kk":
        return f"{value[:4]} {MASK} {MASK} {value[-4:]}"
    return f"{MASK}{MASK}{value[-4:]}"
