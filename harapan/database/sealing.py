"""Numbers of persons sealed in their row: AES-256-GCM bound to kind, table and row; found by a keyed index.

Format of a sealed value: version 1 byte | data key 2 bytes | nonce 12 bytes | ciphertext | tag 16 bytes.
Additional data: "kind|table|row id", so that a ciphertext copied into another row does not open.
Index: HMAC-SHA256 under a pepper of its kind of number, cut to 128 bits. The same NIK is found across tables.
Data keys stand wrapped in a table (`keys`); the peppers lie in a file of their own, apart from the master key. A leaked
pepper means: treat every number of that kind as known.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from harapan.core.errors import HarapanError
from harapan.database import keys
from harapan.database.places import secret

KINDS = ("nik", "kk", "account", "card", "phone", "text")
VERSION = 1
KEY_BYTES = 2
NONCE_BYTES = 12
INDEX_BYTES = 16


class SealBroken(HarapanError):
    """A stored number does not open: the wrong key files are in place, or the value was moved from another row."""


def derived(key_file: str, purpose: str, *, salt: bytes | None = None) -> bytes:
    """32 bytes for one purpose, drawn from a key file (master for contents, pepper for what is compared)."""
    return HKDF(hashes.SHA256(), 32, salt=salt, info=f"harapan {purpose}".encode()).derive(secret(key_file))


@lru_cache(maxsize=16)
def pepper(kind: str) -> bytes:
    """The secret of one kind of number, kept apart from the data keys."""
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of sealed number; known are {', '.join(KINDS)}.")
    return derived("pepper", f"index {kind}")


def bound_to(kind: str, table: str, row_id: int) -> bytes:
    return f"{kind}|{table}|{row_id}".encode()


def seal(value: str, *, kind: str, table: str, row_id: int) -> bytes:
    """The value locked into its row, under the current data key."""
    number = keys.current()
    nonce = os.urandom(NONCE_BYTES)
    locked = keys.cipher(number).encrypt(nonce, value.encode(), bound_to(kind, table, row_id))
    return bytes((VERSION,)) + number.to_bytes(KEY_BYTES, "big") + nonce + locked


def key_number(blob: bytes) -> int:
    """Which data key sealed the value."""
    return int.from_bytes(blob[1 : 1 + KEY_BYTES], "big")


def unseal(blob: bytes, *, kind: str, table: str, row_id: int) -> str:
    """The value again. Raises SealBroken when it belongs to another row or another key."""
    blob = bytes(blob)
    try:
        if blob[:1] != bytes((VERSION,)):
            raise InvalidTag
        cipher = keys.cipher(key_number(blob))
        return cipher.decrypt(blob[3:15], blob[15:], bound_to(kind, table, row_id)).decode()
    except (InvalidTag, ValueError, KeyError):  # ValueError: cut off; KeyError: a key that the table does not have
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
