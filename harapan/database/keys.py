"""The data keys: drawn at random, wrapped by the master key in the table `harapan.data_key`, numbered 1 to 65535.

What is written now is sealed with the current key; a retired one still opens what it sealed. Number 0 seals nothing:
installations from before keys were wrapped keep there what the keys of their stored files were drawn from.

A process reads the table when it first needs a key, again for a number it does not know, and before sealing when it
has not looked for REFRESHED_SECONDS: so long may a running process go on with a key that was retired meanwhile.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connections
from psycopg.pq import TransactionStatus

from harapan.core.errors import Refused
from harapan.database import masters, places
from harapan.database.scope import active_alias

BEFORE_WRAPPING = 0
FIRST, LAST = 1, 0xFFFF
REFRESHED_SECONDS = 10.0
TRIES = 3  # a rotation of the master key may fall between reading the table and reading the file


class DataKey(NamedTuple):
    """One row of the table, without the key."""

    number: int
    made_at: datetime
    retired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Ring:
    """The keys in clear, in memory only, and the number of the one that seals."""

    keys: dict[int, bytes]
    ciphers: dict[int, AESGCM]
    current: int
    read_at: float

    @classmethod
    def of(cls, keys: dict[int, bytes], current: int) -> Ring:
        return cls(keys, {number: AESGCM(key) for number, key in keys.items()}, current, time.monotonic())


_ring: Ring | None = None


def hold(ring: Ring | None) -> None:
    """Use these keys in this process; None has them read again."""
    global _ring
    _ring = ring


def current() -> int:
    """The number of the key that seals what is written now."""
    ring = _ring
    if ring is None or (time.monotonic() - ring.read_at > REFRESHED_SECONDS and not _speaking()):
        ring = _read()
    return ring.current


def cipher(number: int) -> AESGCM:
    """The data key of that number. Raises KeyError where the table has none."""
    return _with(number).ciphers[number]


def drawn_from(number: int, purpose: str, *, salt: bytes) -> bytes:
    """32 bytes for one purpose and salt, drawn from the data key of that number. Raises KeyError as `cipher`."""
    key = _with(number).keys[number]
    return HKDF(hashes.SHA256(), 32, salt=salt, info=f"harapan {purpose}".encode()).derive(key)


def listed() -> list[DataKey]:
    """Every key of the table, by number. Needs a scope or the plain login."""
    with connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT id, made_at, retired_at FROM harapan.data_key ORDER BY id")
        return [DataKey(*row) for row in cursor.fetchall()]


def make(cursor: Any, key: bytes | None = None, *, number: int | None = None, retired: bool = False) -> int:
    """Store a key, fresh unless given, under the next number unless given; its number. The caller retires others."""
    cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM harapan.data_key")
    number = int(cursor.fetchone()[0]) if number is None else number
    if number > LAST:
        raise Refused(f"Nomor kunci data habis ({LAST}).")
    blob = masters.wrapped(key or secrets.token_bytes(masters.KEY_BYTES), number=number, master=masters.in_force())
    cursor.execute(
        "INSERT INTO harapan.data_key (id, wrapped, retired_at) VALUES (%s, %s, CASE WHEN %s THEN now() END)",
        [number, blob, retired],
    )
    return number


def succeed(cursor: Any) -> int:
    """A fresh key for what is written from now on; those before are retired. Call in a transaction; its number."""
    _held(cursor)
    cursor.execute("UPDATE harapan.data_key SET retired_at = now() WHERE retired_at IS NULL")
    return make(cursor)


def rewrap(cursor: Any) -> int:
    """Wrap every key under the master key to come; how many. After the commit call `masters.take_over`."""
    keys = _held(cursor)
    coming = masters.coming()
    for number, key in keys.items():
        blob = masters.wrapped(key, number=number, master=coming)
        cursor.execute("UPDATE harapan.data_key SET wrapped = %s WHERE id = %s", [blob, number])
    return len(keys)


def refuse_unsettled(cursor: Any) -> None:
    """Raises Refused unless the master key in force opens every key by itself, so that a copy of it will do."""
    cursor.execute("SELECT id, wrapped FROM harapan.data_key ORDER BY id")
    if not all(_opens(number, blob, masters.in_force()) for number, blob in cursor.fetchall()):
        raise Refused(
            "Pergantian kunci induk belum selesai. Jalankan `harapan keys rotate --master` sekali lagi, lalu ulangi; "
            f"bila kuncinya dari {masters.VARIABLE}, jadikan dulu yang baru sebagai isinya."
        )


def _held(cursor: Any) -> dict[int, bytes]:
    """The keys, opened, their rows held for a change: one at a time, and none under a wrong master key.

    A change of the master key that was killed is settled first, so that the table never stands under two of them.
    """
    cursor.execute("SELECT id, wrapped FROM harapan.data_key ORDER BY id FOR UPDATE")
    rows = cursor.fetchall()
    keys = _opened(rows)
    if masters.path(masters.NEXT_FILE).exists():
        left = places.secret(masters.NEXT_FILE)
        under = {_opens(number, blob, left) for number, blob in rows}
        if under == {True}:
            masters.take_over()  # it had been committed
        elif under == {False}:
            masters.give_up()  # it had wrapped nothing
    return keys


def _opens(number: int, blob: bytes, master: bytes) -> bool:
    try:
        masters.unwrapped(bytes(blob), number=number, masters=[master])
    except masters.KeyClosed:
        return False
    return True


def _opened(rows: list[tuple[int, bytes]]) -> dict[int, bytes]:
    known = masters.known()
    return {number: masters.unwrapped(bytes(blob), number=number, masters=known) for number, blob in rows}


def _speaking() -> bool:
    """Whether the connection is in the middle of a COPY, whose rows are being sealed: asking it now would never end."""
    connection = connections[active_alias()].connection
    return connection is not None and connection.info.transaction_status == TransactionStatus.ACTIVE


def _with(number: int) -> Ring:
    ring = _ring
    return ring if ring and number in ring.keys else _read()


def _read() -> Ring:
    """The table, opened. Read on the connection itself: it is no part of what a page asks of the database."""
    connection = connections[active_alias()]
    connection.ensure_connection()
    for tried in range(TRIES):
        rows = connection.connection.execute(
            "SELECT id, wrapped, retired_at IS NULL FROM harapan.data_key ORDER BY id"
        ).fetchall()
        try:
            keys = _opened([(number, blob) for number, blob, _ in rows])
            break
        except masters.KeyClosed:
            if tried == TRIES - 1:
                raise
    live = [number for number, _, sealing in rows if sealing]
    if not live:
        raise Refused("Basis data ini belum mempunyai kunci data. Jalankan `harapan setup`.")
    ring = Ring.of(keys, live[-1])
    hold(ring)
    return ring
