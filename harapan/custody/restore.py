"""Restoring a backup into an empty installation, in steps that may be repeated after a kill.

The key that signs scopes is not in the dump: until the last step has put it back, together with a new era and the entry
that records it, no login sees or changes anything. The era (63 random bits) qualifies every transaction number that is
stored, because these begin again in a restored database.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.loader import MigrationLoader

from harapan.audit.seal import seal_all
from harapan.audit.verify import ERA_BEGAN, Report, verify
from harapan.core.errors import Refused
from harapan.custody import backup, parcel, postgres
from harapan.custody.holders import SealedTable, holders
from harapan.custody.parcel import Parcel
from harapan.database import keys, places, roles, sealing
from harapan.database.environment import login_password
from harapan.database.roles import quoted
from harapan.database.scope import SYSTEM, Scope, active_alias, pads, put_on

ERA_BITS = 63
FOLDERS = ("files", "anchors")


class State(Enum):
    """How far an earlier try of the same restore came."""

    EMPTY = "empty"
    FILLED = "filled"  # all rows are there, no scope can be signed yet
    DONE = "done"


@dataclass(frozen=True)
class Proof:
    """What was looked at afterwards: the log, and how many sealed numbers, one of each column, opened."""

    report: Report
    opened: int


def restore(found: Parcel, *, why: str = "", moved: Callable[[], None] = lambda: None) -> int:
    """Fill this installation, whose keys are in place already, from a checked backup; the new era.

    Needs the owner's login. Raises Refused where the database holds anything, has another name, or is older than the
    backup; nothing is then written. Does nothing where the same backup was restored already.
    """
    _refuse_misfit(found)
    with places.lock("restore", wait=False):
        with connections[backup.OWNER].cursor() as cursor:
            state = _state(cursor, found)
            server = _server(cursor)
            if state is State.EMPTY:
                passwords = {name: login_password(settings.ROLE_PREFIX, name) for name in roles.LOGINS}
                roles.ensure(cursor, settings.ROLE_PREFIX, passwords)
        _put_files(found, moved)
        if state is State.EMPTY:
            dumped_by = found.manifest.dumped_by
            postgres.restore(backup.owner_url(), found.path(parcel.DUMP), dumped_by=dumped_by, server=server)
        moved()
        keys.hold(None)
        with transaction.atomic(using=backup.OWNER), connections[backup.OWNER].cursor() as cursor:
            if state is not State.DONE:
                _begin_era(cursor, found, why)
            cursor.execute("SELECT era FROM harapan.era")
            return int(cursor.fetchone()[0])


def prove() -> Proof:
    """Seal what came since, verify the log against its anchors, and open one number of each sealed column.

    Raises SealBroken where a number does not open, Refused where its index is not the one these peppers give.
    """
    seal_all()
    with put_on(Scope.batch(via="restore")):
        report = verify()
        opened = sum(_open_one(holder) for holder in holders() if isinstance(holder, SealedTable))
    return Proof(report, opened)


def _refuse_misfit(found: Parcel) -> None:
    manifest = found.manifest
    if manifest.database != settings.ROLE_PREFIX:
        raise Refused(
            "Cadangan ini dari basis data bernama {source}, sedangkan yang dituju {database}. "
            "Hak aksesnya memakai nama itu: buat basis data kosong dengan nama yang sama, di server lain bila perlu.",
            source=manifest.database,
            database=settings.ROLE_PREFIX,
        )
    known = MigrationLoader(None).disk_migrations
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("harapan.")}
    if newer := [(app, name) for app, name in manifest.migrations if app in ours and (app, name) not in known]:
        raise Refused(
            "Cadangan ini dibuat oleh Harapan yang lebih baru ({version}; {count} perubahan tabel "
            "tidak dikenal). Pasang versi itu lebih dahulu.",
            version=manifest.harapan,
            count=len(newer),
        )
    strays = [path.name for path in places.folder("files").glob("??/[!.]*") if _as_named(path) not in manifest.files]
    if strays:
        raise Refused(
            "Folder {folder} sudah berisi berkas lain. Pulihkan ke HARAPAN_VAR yang baru.",
            folder=places.folder("files"),
        )


def _as_named(path: Any) -> str:
    return f"files/{path.parent.name}/{path.name}"


def _server(cursor: Any) -> int:
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000")
    return int(cursor.fetchone()[0])


def _state(cursor: Any, found: Parcel) -> State:
    """What the database holds. Raises Refused where it holds anything but this backup."""
    cursor.execute(
        "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('public', 'harapan') AND c.relkind IN ('r', 'p')"
    )
    if not cursor.fetchone()[0]:
        return State.EMPTY
    cursor.execute("SELECT to_regclass('harapan.scope_key') IS NOT NULL AND to_regclass('harapan.era') IS NOT NULL")
    if cursor.fetchone()[0]:
        cursor.execute("SELECT era, EXISTS (SELECT FROM harapan.scope_key) FROM harapan.era")
        era, signed = cursor.fetchone()
        if era == found.manifest.era and not signed:
            return State.FILLED
        cursor.execute("SELECT body FROM audit_entry WHERE verb = %s AND era = %s", [ERA_BEGAN, era])
        if any(json.loads(body)["id"] == found.manifest.id for (body,) in cursor.fetchall() if body):
            return State.DONE
    raise Refused(
        "Basis data {database} sudah berisi. Cadangan hanya dipulihkan ke basis data kosong: "
        "tunjuk HARAPAN_VAR yang baru, atau DATABASE_URL yang kosong.",
        database=settings.ROLE_PREFIX,
    )


def _put_files(found: Parcel, moved: Callable[[], None]) -> None:
    """Files, anchors and small notes into the installation's folder. What is there already is left."""
    listed = [*found.below(*FOLDERS), *found.below(*backup.SMALL_FILES)]
    for folder in FOLDERS:
        places.folder(folder)
    for name, source in listed:
        target = places.var() / name
        if not target.exists():
            parcel.private_copy(source, target)
        moved()


def _begin_era(cursor: Any, found: Parcel, why: str) -> None:
    """The last step, in the caller's transaction: from here on scopes can be signed, and in a new era only."""
    manifest = found.manifest
    have = backup.counts(cursor)
    for table, rows in manifest.counts.items():
        if have.get(table) != rows:
            raise Refused(
                "Tabel {table} berisi {found} baris sesudah dipulihkan, padahal cadangannya {rows}. "
                "Kosongkan basis data itu dan ulangi dengan cadangan lain.",
                table=table,
                found=have.get(table, 0),
                rows=rows,
            )
    cursor.execute("INSERT INTO harapan.scope_key VALUES (%s, %s)", list(pads()))
    era = secrets.randbits(ERA_BITS)
    cursor.execute("UPDATE harapan.era SET era = %s", [era])
    body = {"id": manifest.id, "made_at": manifest.made_at, "era_before": manifest.era, "seal": manifest.seal}
    cursor.execute(
        "INSERT INTO audit_entry (actor, via, verb, subject_kind, why, body)"
        " VALUES (%s, 'restore', %s, 'backup', %s, %s)",
        [SYSTEM, ERA_BEGAN, why or None, json.dumps(body, sort_keys=True)],
    )


def _open_one(table: SealedTable) -> int:
    opened = 0
    with connections[active_alias()].cursor() as cursor:
        for column, kind in table.kinds.items():
            index = "NULL" if kind == "text" else quoted(f"{column}_ix")
            cursor.execute(
                f"SELECT id, {quoted(column)}, {index} FROM {quoted(table.name)}"  # noqa: S608
                f" WHERE {quoted(column)} IS NOT NULL ORDER BY id DESC LIMIT 1"
            )
            for row_id, blob, kept in cursor.fetchall():
                clear = sealing.unseal(blob, kind=kind, table=table.name, row_id=row_id)
                if kept is not None and bytes(kept) != sealing.index(kind, clear):
                    raise Refused(
                        "Indeks {table}.{column} tidak cocok dengan kunci pepper yang dipulihkan.",
                        table=table.name,
                        column=column,
                    )
                opened += 1
    return opened
