"""Sealing: every few seconds the finished entries since the last seal go under one signed Merkle root.

Nothing that appends waits for it: the watermark is the oldest transaction still open, so a long import only delays
the seal over what came after it began.
"""

from __future__ import annotations

import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connections

from harapan.audit import anchors
from harapan.audit.merkle import LEAF_COLUMNS, NOTHING, Seal, leaf, packed, root
from harapan.database.places import secret
from harapan.database.scope import Scope, active_alias, put_on

ENTRIES_MAX = 100_000  # per seal; more only when one transaction wrote more
EMPTY_AFTER_SECONDS = 3600  # without any entry a seal all the same, so that silence is told from a stopped sealer
LOCK = 0x48415241  # one sealer at a time
WATERMARK = "pg_snapshot_xmin(pg_current_snapshot())"  # whatever is older has ended, in every database of the server


def signing_key() -> Ed25519PrivateKey:
    """Kept as a file beside the other keys, never in the database."""
    return Ed25519PrivateKey.from_private_bytes(secret("audit-seal"))


def seal_all() -> int:
    """Seal whatever is finished, anchor the last seal outside the database; how many seals were made."""
    made = 0
    while _seal_next():
        made += 1
    with put_on(Scope.batch(via="seal")):
        latest = _latest()
    if latest:
        anchors.write(latest)
    return made


def _seal_next() -> Seal | None:
    """One seal in one transaction, or None when there is nothing to seal yet."""
    with put_on(Scope.batch(via="seal")), connections[active_alias()].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        latest = _latest()
        now_us = time.time_ns() // 1000
        found = _next_range(cursor, latest)
        if found is None:
            return None
        era, after, upto = found
        cursor.execute(
            f"SELECT {LEAF_COLUMNS} FROM audit_entry WHERE era = %s AND xid >= %s::text::xid8"  # noqa: S608
            " AND xid < %s::text::xid8 ORDER BY xid, id",
            [era, after, upto],
        )
        leaves = [(row[0], leaf(row)) for row in cursor]
        quiet = latest is not None and now_us - latest.at_us < EMPTY_AFTER_SECONDS * 1_000_000
        if not leaves and quiet:
            return None
        seal = Seal(
            no=latest.no + 1 if latest else 1,
            era=era,
            after_xid=after,
            upto_xid=upto,
            entries=len(leaves),
            root=root([digest for _, digest in leaves]),
            prev=latest.hash if latest else NOTHING,
            at_us=now_us,
        )
        _store(cursor, seal, packed(leaves))
        return seal


def _next_range(cursor: Any, latest: Seal | None) -> tuple[int, int, int] | None:
    """(era, from xid, up to xid) of the next seal. An era ended by a restore is sealed to its end first."""
    cursor.execute(f"SELECT harapan.era_now(), ({WATERMARK})::text::bigint")
    era, watermark = cursor.fetchone()
    if latest is None:
        after = 0
    elif latest.era == era:
        after = latest.upto_xid
    else:
        cursor.execute("SELECT max(xid::text::bigint) FROM audit_entry WHERE era = %s", [latest.era])
        last = cursor.fetchone()[0] or 0
        if last >= latest.upto_xid:
            return latest.era, latest.upto_xid, last + 1
        after = 0
    if watermark <= after:
        return None
    return era, after, _capped(cursor, era, after, watermark)


def _capped(cursor: Any, era: int, after: int, watermark: int) -> int:
    """The watermark, or the transaction before which about ENTRIES_MAX entries lie."""
    cursor.execute(
        "SELECT xid::text::bigint FROM audit_entry WHERE era = %s AND xid >= %s::text::xid8 AND xid < %s::text::xid8"
        " ORDER BY xid, id OFFSET %s LIMIT 1",
        [era, after, watermark, ENTRIES_MAX],
    )
    row = cursor.fetchone()
    if row is None:
        return watermark
    cursor.execute(
        "SELECT min(xid)::text::bigint FROM audit_entry WHERE era = %s AND xid >= %s::text::xid8", [era, after]
    )
    first = cursor.fetchone()[0]
    return int(row[0]) if row[0] > first else int(row[0]) + 1


def _latest() -> Seal | None:
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT no, era, after_xid::text::bigint, upto_xid::text::bigint, entries, root, prev,"
            " (extract(epoch FROM at) * 1000000)::bigint FROM audit_seal ORDER BY no DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return Seal(*row) if row else None


def _store(cursor: Any, seal: Seal, leaves: bytes) -> None:
    cursor.execute(
        "INSERT INTO audit_seal (no, era, after_xid, upto_xid, entries, leaves, root, prev, hash, signature, at)"
        " VALUES (%s, %s, %s::text::xid8, %s::text::xid8, %s, %s, %s, %s, %s, %s,"
        " timestamptz '1970-01-01 00:00+00' + %s * interval '1 microsecond')",
        [
            seal.no,
            seal.era,
            seal.after_xid,
            seal.upto_xid,
            seal.entries,
            leaves,
            seal.root,
            seal.prev,
            seal.hash,
            signing_key().sign(seal.hash),
            seal.at_us,
        ],
    )
