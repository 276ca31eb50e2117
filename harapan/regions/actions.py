"""Taking over an official list of regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.db import connections, transaction
from django.db.backends.utils import CursorWrapper

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database.scope import active_alias
from harapan.regions import codes
from harapan.regions.naming import name_key

CLOSED_SHARE_MAX = 0.05  # a list that closes more than this is taken for incomplete


class LoadReport(NamedTuple):
    """How many regions a load added, renamed, closed (gone from the list) and reopened, of how many in the list."""

    listed: int
    added: int
    renamed: int
    closed: int
    reopened: int


class IncompleteList(Refused):
    """The list lacks regions that it must have."""


def load_regions(rows: Sequence[tuple[int, str]], *, on: date, using: str | None = None) -> LoadReport:
    """Take over a whole official list: (number, name) of every region, as it holds from `on`.

    Repeating it changes nothing. Regions gone from the list are closed, never deleted; a changed name is kept as a
    former name. Refuses a list that lacks the parent of a region, or that would close more than a twentieth of those
    known. Needs the batch scope, or `using` the owner's connection in setup; nobody else may write regions.
    """
    using = using or active_alias()
    _refuse_orphans(rows)
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _receive(cursor, rows)
        closing, known = _one(cursor, _COUNT_CLOSING)
        if closing > CLOSED_SHARE_MAX * known:
            raise IncompleteList(
                Phrase(
                    "Daftar ini memuat {count} wilayah dan akan menutup {closing} dari {known} wilayah yang "
                    "berlaku. Tampaknya tidak lengkap; muat daftar nasional yang utuh.",
                    count=len(rows),
                    closing=closing,
                    known=known,
                )
            )
        day = {"on": on}
        renamed = _count(cursor, _RENAME, day)
        closed = _count(cursor, _CLOSE, day)
        reopened = _count(cursor, _REOPEN, day)
        added = _count(cursor, _ADD, day)
        cursor.execute("DROP TABLE regions_incoming")
    return LoadReport(len(rows), added, renamed, closed, reopened)


def _refuse_orphans(rows: Sequence[tuple[int, str]]) -> None:
    numbers = {number for number, _ in rows}
    if len(numbers) != len(rows):
        raise IncompleteList(Phrase("Daftar wilayah memuat kode yang sama lebih dari sekali. Hapus baris gandanya."))
    for number in numbers:
        parent = codes.parent_of(number)
        if parent is not None and parent not in numbers:
            raise IncompleteList(
                Phrase(
                    "Wilayah {number} ada dalam daftar, tetapi induknya {parent} tidak ada. Lengkapi daftarnya "
                    "lalu muat kembali.",
                    number=codes.dotted(number),
                    parent=codes.dotted(parent),
                )
            )


def _receive(cursor: CursorWrapper, rows: Sequence[tuple[int, str]]) -> None:
    cursor.execute(
        "CREATE TEMPORARY TABLE regions_incoming (no bigint PRIMARY KEY, level smallint NOT NULL, name text NOT NULL, "
        "name_key text NOT NULL, parent_id bigint) ON COMMIT DROP"
    )
    with cursor.copy("COPY regions_incoming (no, level, name, name_key, parent_id) FROM STDIN") as copy:
        for number, name in rows:
            copy.write_row((number, int(codes.level_of(number)), name, name_key(name), codes.parent_of(number)))
    cursor.execute("ANALYZE regions_incoming")


def _one(cursor: CursorWrapper, sql: str) -> tuple[int, int]:
    cursor.execute(sql)
    row: tuple[int, int] = cursor.fetchone()
    return row


def _count(cursor: CursorWrapper, sql: str, values: Mapping[str, date | None]) -> int:
    cursor.execute(sql, values)
    return cursor.rowcount


_GONE = "NOT EXISTS (SELECT FROM regions_incoming incoming WHERE incoming.no = region.no)"
_COUNT_CLOSING = f"SELECT count(*) FILTER (WHERE {_GONE}), count(*) FROM regions_region region WHERE until IS NULL"  # noqa: S608
_CLOSE = f"UPDATE regions_region region SET until = %(on)s WHERE until IS NULL AND {_GONE}"  # noqa: S608
_REOPEN = """
    UPDATE regions_region region SET until = NULL FROM regions_incoming incoming
    WHERE incoming.no = region.no AND region.until IS NOT NULL AND %(on)s >= region.until"""
# A change of capitals or dots only is taken over but is no former name: its key finds the region as before.
_RENAME = """
    WITH changed AS (
        SELECT region.no, region.name AS old_name, region.name_key AS old_key, incoming.name, incoming.name_key
        FROM regions_region region JOIN regions_incoming incoming USING (no) WHERE region.name <> incoming.name),
    kept AS (
        INSERT INTO regions_formername (region_id, name, until)
        SELECT no, old_name, %(on)s FROM changed WHERE old_key <> name_key ON CONFLICT DO NOTHING)
    UPDATE regions_region region SET name = changed.name, name_key = changed.name_key
    FROM changed WHERE changed.no = region.no"""
# When a province is first loaded, nothing is known of when its regions began; later ones began with their list.
_ADD = """
    INSERT INTO regions_region (no, level, name, name_key, parent_id, since)
    SELECT no, level, name, name_key, parent_id,
           CASE WHEN EXISTS (SELECT FROM regions_region known WHERE known.no = incoming.no / 100000000 * 100000000)
                THEN %(on)s::date END
    FROM regions_incoming incoming ON CONFLICT (no) DO NOTHING"""
