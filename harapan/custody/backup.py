"""Making a backup: one moment of the database, the files and anchors of that moment, and a signed manifest.

Pages and jobs go on meanwhile; only keys cannot be changed and files are not swept. What it is not: no log of
transactions is kept (point-in-time recovery), so what is written after the moment of a backup is not in it.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations.recorder import MigrationRecorder

from harapan import __version__
from harapan.audit import log
from harapan.audit.seal import seal_all, signing_key
from harapan.core.errors import Refused
from harapan.custody import keyfiles, notes, parcel, postgres
from harapan.database import environment, places
from harapan.database import keys as data_keys
from harapan.database.roles import quoted
from harapan.database.scope import Scope, put_on
from harapan.files import storage

OWNER = "owner"
SMALL_FILES = ("demonstration-day",)


@dataclass(frozen=True)
class Made:
    """A backup just made. `keys`: how many key files were copied elsewhere, None when not asked for."""

    manifest: parcel.Manifest
    bytes: int
    keys: int | None


def backup(
    target: Path, *, keys: Path | None, actor: int, why: str = "", moved: Callable[[], None] = lambda: None
) -> Made:
    """Back this installation up into a new folder; the key files, where asked for, into another one.

    Needs the owner's login. Raises Misuse where keys and data would lie together, Refused where the folder has
    something in it or lies within the installation's own.
    """
    refuse_places(target, keys)
    try:
        with places.lock("backup", wait=False):
            with parcel.Draft(target) as draft:
                manifest = _fill(draft, moved)
                saved = keyfiles.save(keys) if keys else None
                draft.finish(manifest, signing_key())
    except OSError as error:
        raise Refused(
            "Cadangan tidak dapat ditulis ke {path}: {reason}.", path=error.filename or target, reason=error.strerror
        ) from error
    made = Made(manifest, sum(file["size"] for file in draft.files.values()), saved)
    _remember(made, target, keys)
    with put_on(Scope.batch(actor=actor, why=why, via="cli")):
        body = {"id": manifest.id, "seal": manifest.seal, "files": len(manifest.files), "with_keys": keys is not None}
        log.record("backup.made", kind="backup", body=body)
    return made


def refuse_places(target: Path, keys: Path | None) -> None:
    """Raises Misuse where key files and data would come to lie in one folder, Refused where others lie there."""
    keyfiles.refuse_together(target, places.folder("keys"))
    if places.var().resolve() in target.resolve().parents:
        raise Refused(
            "Folder {target} ada di dalam {var}, di samping kuncinya. Pilih tempat di luar itu.",
            target=target,
            var=places.var(),
        )
    if keys:
        keyfiles.refuse_together(target, keys)
        keyfiles.refuse_overwriting(keys)


def counts(cursor: Any) -> dict[str, int]:
    """Table -> rows, of every table whose rows a backup holds."""
    cursor.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('public', 'harapan') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, 2"
    )
    found = {}
    for schema, table in cursor.fetchall():
        name = f"{schema}.{table}"
        if name not in postgres.NOT_DUMPED:
            cursor.execute(f"SELECT count(*) FROM {quoted(schema)}.{quoted(table)}")  # noqa: S608
            found[name] = int(cursor.fetchone()[0])
    return found


def owner_url() -> str:
    """The owner's address, which only commands know."""
    return os.environ[environment.OWNER_VARIABLE]


def _fill(draft: parcel.Draft, moved: Callable[[], None]) -> parcel.Manifest:
    seal_all()  # so that the log in the backup is sealed to its end
    with places.lock("keys", wait=False), storage.kept():  # a file under a younger key than the dump's would not open
        with _one_moment() as (cursor, snapshot):
            data_keys.refuse_unsettled(cursor)
            manifest = _manifest(cursor)
            dump = draft.path(parcel.DUMP)
            manifest.dumped_by = postgres.dump(owner_url(), dump, snapshot=snapshot, server=manifest.server)
            draft.note(parcel.DUMP)
            moved()
        for name, path in _beside():
            draft.copy(path, name)
            moved()
    return manifest


def _beside() -> Iterator[tuple[str, Path]]:
    """What lies beside the database: name in the backup, path here."""
    var = places.var()
    for path, _ in storage.stored():
        yield f"files/{path.parent.name}/{path.name}", path
    for path in sorted(places.folder("anchors").glob("*.json*")):
        yield f"anchors/{path.name}", path
    for name in SMALL_FILES:
        if (var / name).exists():
            yield name, var / name


@contextmanager
def _one_moment() -> Iterator[tuple[Any, str]]:
    """The owner's cursor in a transaction that sees one moment, and the name by which pg_dump joins it."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        yield cursor, cursor.fetchone()[0]


def _manifest(cursor: Any) -> parcel.Manifest:
    cursor.execute("SELECT current_setting('server_version_num')::int / 10000, (SELECT era FROM harapan.era)")
    server, era = cursor.fetchone()
    cursor.execute("SELECT no, encode(hash, 'hex'), entries FROM audit_seal ORDER BY no DESC LIMIT 1")
    seal = cursor.fetchone()
    applied = MigrationRecorder(connections[OWNER]).applied_migrations()
    return parcel.Manifest(
        id=secrets.token_hex(8),
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        harapan=__version__,
        database=settings.ROLE_PREFIX,
        server=server,
        dumped_by=0,
        era=era,
        seal=dict(zip(("no", "hash", "entries"), seal, strict=True)) if seal else None,
        keys=keyfiles.fingerprints(),
        migrations=sorted(map(list, applied)),
        counts=counts(cursor),
    )


def _remember(made: Made, target: Path, keys: Path | None) -> None:
    moment = made.manifest.made_at
    notes.remember({"id": made.manifest.id, "made_at": moment, "where": str(target.absolute())})
    if keys:
        notes.remember({"keys_at": moment, "keys": made.manifest.keys})
