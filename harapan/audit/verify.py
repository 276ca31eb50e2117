"""Verifying: every seal against the chain and its signature, every entry against its seal, the end against anchors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from django.db import connections

from harapan.audit import anchors
from harapan.audit.merkle import LEAF_COLUMNS, NOTHING, Seal, leaf, root, unpacked
from harapan.audit.seal import signing_key
from harapan.core.errors import Refused
from harapan.database.places import folder
from harapan.database.scope import active_alias

UNSEALED_SECONDS_MAX = 600
ERA_BEGAN = "database.restored"  # the entry without which an era may not begin


@dataclass
class Report:
    """`intact` is None when nothing was found broken, and yet too little is there to call it whole: see `doubt`."""

    entries: int = 0
    sealed: int = 0
    broken: list[str] = field(default_factory=list)
    doubt: str = ""

    @property
    def intact(self) -> bool | None:
        if self.broken:
            return False
        return None if self.doubt else True

    @property
    def first_broken(self) -> str | None:
        return self.broken[0] if self.broken else None


def verify(*, anchors_dir: Path | None = None, moved: Callable[[int], None] = lambda entries: None) -> Report:
    """Compare the whole log with its seals. Needs the batch scope. `moved` is told how many entries were compared.

    Raises Refused when `anchors_dir` is no folder, Unreadable when an anchor is no anchor.
    """
    if anchors_dir is not None and not anchors_dir.is_dir():
        raise Refused("Folder jangkar {anchors_dir} tidak ada. Periksa --anchors.", anchors_dir=anchors_dir)
    known = anchors.read(anchors_dir or folder("anchors"))
    report = Report()
    with connections[active_alias()].cursor() as cursor:
        chain = _Chain(cursor, report)
        for number in _numbers(cursor):
            chain.check(number)
            moved(report.sealed)
        _check_outside_of_seals(cursor, report, chain.latest)
    _check_anchors(known, chain.hashes, report)
    if not known and not report.doubt:
        report.doubt = "Belum ada jangkar di luar basis data, jadi bagian akhir yang dipotong tidak akan terlihat."
    return report


class _Chain:
    """Seals one after the other, each with its entries."""

    def __init__(self, cursor: Any, report: Report) -> None:
        self.cursor = cursor
        self.report = report
        self.latest: Seal | None = None
        self.hashes: dict[int, str] = {}
        self.redactions = _redactions(cursor)

    def check(self, number: int) -> None:
        self.cursor.execute(
            "SELECT no, era, after_xid::text::bigint, upto_xid::text::bigint, entries, root, prev,"
            " (extract(epoch FROM at) * 1000000)::bigint, leaves, hash, signature FROM audit_seal WHERE no = %s",
            [number],
        )
        *facts, blob, kept, signature = self.cursor.fetchone()
        seal = Seal(*facts)
        leaves = dict(unpacked(blob))
        self.hashes[seal.no] = seal.hash.hex()
        for wrong in self._faults(seal, leaves, kept, signature):
            self.report.broken.append(f"Segel {seal.no}: {wrong}")
        self._compare(seal, leaves)
        self.report.sealed += seal.entries
        self.latest = seal

    def _faults(self, seal: Seal, leaves: dict[int, bytes], kept: bytes, signature: bytes) -> Iterator[str]:
        before = self.latest
        if seal.no != (before.no + 1 if before else 1):
            yield f"segel {before.no + 1 if before else 1} sampai {seal.no - 1} hilang."
        elif seal.prev != (before.hash if before else NOTHING):
            yield "tidak menyambung dengan segel sebelumnya."
        if seal.hash != kept:
            yield "isinya diubah sesudah disegel."
        if not _signed(seal.hash, signature):
            yield "tanda tangannya tidak sah."
        if seal.root != root(list(leaves.values())) or len(leaves) != seal.entries:
            yield "daftar daunnya diubah."
        if before and before.era == seal.era and seal.after_xid != before.upto_xid:
            yield "ada celah sesudah segel sebelumnya."
        if before and before.era != seal.era and not _era_was_recorded(self.cursor, seal.era):
            yield "basis data berganti masa tanpa catatan pemulihan."

    def _compare(self, seal: Seal, leaves: dict[int, bytes]) -> None:
        """The entries of the table against the leaves kept when they were sealed."""
        left = dict(leaves)
        self.cursor.execute(
            f"SELECT {LEAF_COLUMNS}, redacted IS NOT NULL OR salt IS NULL FROM audit_entry WHERE era = %s"  # noqa: S608
            " AND xid >= %s::text::xid8 AND xid < %s::text::xid8 ORDER BY xid, id",
            [seal.era, seal.after_xid, seal.upto_xid],
        )
        for *row, redacted in self.cursor:
            self.report.entries += 1
            sealed = left.pop(row[0], None)
            if sealed is None:
                self.report.broken.append(f"Catatan {row[0]} disisipkan sesudah segel {seal.no}.")
            elif sealed != leaf(row):
                self.report.broken.append(f"Catatan {row[0]} diubah (segel {seal.no}).")
            elif redacted and row[0] not in self.redactions:
                self.report.broken.append(f"Isi catatan {row[0]} dihapus tanpa catatan penghapusan.")
        for number in left:
            self.report.broken.append(f"Catatan {number} dihapus (segel {seal.no}).")


def _numbers(cursor: Any) -> list[int]:
    cursor.execute("SELECT no FROM audit_seal ORDER BY no")
    return [number for (number,) in cursor.fetchall()]


def _signed(digest: bytes, signature: bytes) -> bool:
    try:
        signing_key().public_key().verify(bytes(signature), digest)
    except InvalidSignature:
        return False
    return True


def _redactions(cursor: Any) -> set[int]:
    cursor.execute("SELECT subject FROM audit_entry WHERE verb = 'audit.redacted' AND subject_kind = 'audit'")
    return {subject for (subject,) in cursor.fetchall()}


def _era_was_recorded(cursor: Any, era: int) -> bool:
    cursor.execute("SELECT EXISTS (SELECT FROM audit_entry WHERE era = %s AND verb = %s)", [era, ERA_BEGAN])
    return bool(cursor.fetchone()[0])


def _check_outside_of_seals(cursor: Any, report: Report, latest: Seal | None) -> None:
    """Entries under no seal: the newest wait for theirs, any other was put there by hand."""
    era, upto = (latest.era, latest.upto_xid) if latest else (None, 0)
    cursor.execute(
        "SELECT id FROM audit_entry WHERE era NOT IN (SELECT era FROM audit_seal UNION SELECT harapan.era_now())"
        " ORDER BY id LIMIT 10"
    )
    report.broken += [f"Catatan {number} berasal dari masa yang tidak dikenal." for (number,) in cursor.fetchall()]
    cursor.execute(
        "SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(at)), 0) FROM audit_entry"
        " WHERE era = harapan.era_now() AND (era IS DISTINCT FROM %s OR xid >= %s::text::xid8)",
        [era, upto],
    )
    waiting, age = cursor.fetchone()
    report.entries += waiting
    if waiting and age > UNSEALED_SECONDS_MAX:
        report.doubt = (
            f"{waiting} catatan belum disegel, yang tertua sejak {int(age // 60)} menit: "
            "jalankan `harapan serve`, yang menyegelnya, lalu periksa lagi."
        )


def _check_anchors(known: list[anchors.Anchor], hashes: dict[int, str], report: Report) -> None:
    highest = max(hashes, default=0)
    for anchor in known:
        if anchor.no > highest:
            report.broken.append(f"Terpotong: segel {anchor.no} ada di jangkar {anchor.source}, tidak di basis data.")
        elif hashes.get(anchor.no) != anchor.hash:
            report.broken.append(f"Segel {anchor.no} bukan yang tercatat di jangkar {anchor.source}: ditulis ulang.")
