"""What `harapan doctor` looks at in keys, log and backups. Every check but the last asks the database."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import click
from django.apps import apps
from django.db import OperationalError, connections

from harapan.audit import anchors
from harapan.cli.finding import Answers, State
from harapan.custody import keyfiles, notes
from harapan.database import keys, masters, places
from harapan.database.scope import Scope, active_alias, put_on
from harapan.ui import words

OLDEST_BACKUP = timedelta(days=7)
UNSEALED_MAX = timedelta(minutes=10)


def key_files(ctx: click.Context) -> Answers:
    """Whoever finds one file must not have found both: contents and what finds them are apart."""
    found = {name: path.read_bytes() for name, path in keyfiles.files().items()}
    if "master" in found and found["master"] == found.get("pepper"):
        yield State.WRONG, "kunci induk dan pepper sama; pepper harus kunci lain di berkas lain. Hubungi pengembang."
    if masters.in_environment() and "master" in found:
        yield (
            State.MIND,
            f"kunci induk ada di {masters.VARIABLE}; hapus {masters.path()} bila sudah dicadangkan.",
        )
    elif "master" in found and "pepper" in found:
        yield State.GOOD, "kunci induk dan pepper di berkas terpisah"


def data_keys(ctx: click.Context) -> Answers:
    if not _reachable():
        yield State.MIND, "tidak diperiksa, karena basis data tidak terbuka."
        return
    if masters.path(masters.NEXT_FILE).exists():
        yield State.MIND, "pergantian kunci induk terhenti di tengah; ulangi `harapan keys rotate --master`."
    keys.hold(None)
    with put_on(Scope.batch(via="cli")):
        number, count = keys.current(), len(keys.listed())
    yield State.GOOD, f"{count} kunci data terbuka; yang dipakai nomor {number}"


def log_anchors(ctx: click.Context) -> Answers:
    exposed = [path for path in places.folder("anchors").iterdir() if stat.S_IMODE(path.stat().st_mode) & 0o077]
    for path in exposed:
        yield State.WRONG, f"{path} dapat dibaca pengguna lain; jalankan `chmod 600 {path}`."
    if not _reachable():
        yield State.MIND, "tidak dibandingkan, karena basis data tidak terbuka."
        return
    highest = max((anchor.no for anchor in anchors.read(places.folder("anchors"))), default=0)
    with put_on(Scope.batch(via="cli"), read_only=True), connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(no), 0), (SELECT min(at) FROM audit_entry WHERE era = harapan.era_now() AND xid >="
            " coalesce((SELECT upto_xid FROM audit_seal WHERE era = harapan.era_now() ORDER BY no DESC LIMIT 1), '0'))"
            " FROM audit_seal"
        )
        last, waiting = cursor.fetchone()
    yield _anchored(highest, last)
    if waiting and datetime.now(UTC) - waiting > UNSEALED_MAX:
        minutes = int((datetime.now(UTC) - waiting).total_seconds() // 60)
        yield State.MIND, f"catatan menunggu segel sejak {minutes} menit; jalankan `harapan serve`, yang menyegelnya."


def _anchored(highest: int, last: int) -> tuple[State, str]:
    if highest > last:
        return (
            State.WRONG,
            f"jangkar menyebut segel {highest}, basis data hanya sampai {last}; jalankan `harapan audit verify`.",
        )
    if not highest:
        return State.MIND, "belum ada; catatan disegel dan diberi jangkar oleh `harapan serve`."
    if highest < last:
        return State.MIND, f"tertinggal: segel terakhir {last}, jangkar {highest}; jalankan `harapan serve`."
    return (
        State.GOOD,
        f"segel terakhir ({last}) berjangkar; salin {places.folder('anchors')} ke komputer lain tiap hari",
    )


def era(ctx: click.Context) -> Answers:
    if not _reachable():
        yield State.MIND, "tidak diperiksa, karena basis data tidak terbuka."
        return
    with put_on(Scope.batch(via="cli"), read_only=True), connections[active_alias()].cursor() as cursor:
        cursor.execute(
            "SELECT harapan.era_now(), (SELECT count(DISTINCT era) FROM audit_seal WHERE era <> harapan.era_now()),"
            " (SELECT max(at) FROM audit_entry WHERE era = harapan.era_now() AND verb = 'database.restored')"
        )
        now, before, restored = cursor.fetchone()
    if before and restored is None:
        yield State.WRONG, f"masa {now} dimulai tanpa catatan pemulihan; jalankan `harapan audit verify`."
    elif before:
        yield State.GOOD, f"masa {now}, dimulai oleh pemulihan {words.moment(restored)} (masa sebelumnya: {before})"
    else:
        yield State.GOOD, f"masa {now}, yang pertama"


def backups(ctx: click.Context) -> Answers:
    """Whether data and keys have a copy elsewhere, and not too old a one."""
    kept = notes.last()
    yield from _last_backup(kept)
    if "keys_at" not in kept:
        yield State.MIND, "kunci belum pernah disalin; tambahkan --keys dengan folder di tempat lain."
    elif kept.get("keys") != keyfiles.fingerprints():
        yield State.MIND, f"kunci diganti sesudah salinan terakhir ({kept['keys_at'][:10]}); salin lagi dengan --keys."
    else:
        yield State.GOOD, f"kunci terakhir disalin {kept['keys_at'][:10]}"


def _last_backup(kept: dict[str, str]) -> Answers:
    if "made_at" not in kept:
        yield State.MIND, "belum pernah dibuat; jalankan `harapan backup FOLDER --keys FOLDER_LAIN`."
        return
    age = datetime.now(UTC) - datetime.fromisoformat(kept["made_at"])
    words = f"terakhir {kept['made_at'][:10]} di {kept['where']}"
    if age > OLDEST_BACKUP:
        yield State.MIND, f"{words}, {age.days} hari lalu; buat lagi dengan `harapan backup`."
    else:
        yield State.GOOD, words


def _reachable() -> bool:
    """Whether the check of the database, which comes before, has opened it and found its tables."""
    if not apps.ready:
        return False
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT to_regclass('harapan.data_key') IS NOT NULL")
            return bool(cursor.fetchone()[0])
    except OperationalError:
        return False
