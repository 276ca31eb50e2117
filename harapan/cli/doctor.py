"""`harapan doctor`: looks at everything an installation rests on and says in words what is wrong and what to do."""

from __future__ import annotations

import os
import re
import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
from django.db import OperationalError, connections

from harapan.cli import safekeeping, session
from harapan.cli.finding import Answers, Finding, State
from harapan.cli.output import answer, as_json
from harapan.core.errors import HarapanError
from harapan.database import embedded, environment, places, programs

OLDEST_PYTHON = (3, 11)
ENOUGH_DISK, SCARCE_DISK = 5 << 30, 1 << 30  # bytes
WEB_PORT = 8000
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@click.command()
@as_json
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> int:
    """Periksa pemasangan ini: Python, basis data, izin, kunci, jangkar, cadangan, dan alat uji.

    Hasilnya 1 bila ada yang salah. Contoh: harapan doctor
    """
    findings = [finding for subject, check in CHECKS.items() for finding in _findings(subject, check, ctx)]
    answer([finding._asdict() for finding in findings], as_json=as_json, words=lambda: "\n".join(_lines(findings)))
    return 1 if any(finding.state is State.WRONG for finding in findings) else 0


def _lines(findings: list[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.state:<10}{finding.subject}: {finding.words}"


def _findings(subject: str, check: Callable[[click.Context], Answers], ctx: click.Context) -> Iterator[Finding]:
    """What a check says; a refusal is what is wrong."""
    try:
        for state, words in check(ctx):
            yield Finding(subject, state, words)
    except HarapanError as refusal:
        yield Finding(subject, State.WRONG, str(refusal))


def _python(ctx: click.Context) -> Answers:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST_PYTHON:
        yield State.WRONG, f"versi {found} terlalu lama; pasang Python 3.11 atau yang lebih baru."
    elif sys.prefix == sys.base_prefix:
        yield State.MIND, f"versi {found}, tetapi bukan dari lingkungan .venv; jalankan `make setup`."
    else:
        yield State.GOOD, f"versi {found} di {sys.prefix}"


def _packages(ctx: click.Context) -> Answers:
    """The packages of the lock, when we run from a checkout."""
    lock = places.CHECKOUT / "requirements" / "runtime.txt"
    if not lock.exists():
        yield State.GOOD, "dipasang dari paket"
        return
    pinned = re.findall(r"^([\w.-]+)==([\w.+!-]+)", lock.read_text(), re.MULTILINE)
    differing = [f"{name} {pin} (terpasang: {have})" for name, pin in pinned if (have := _installed(name)) != pin]
    if differing:
        yield State.WRONG, f"tidak sesuai daftar: {', '.join(differing[:5])}; jalankan `make setup`."
    else:
        yield State.GOOD, f"{len(pinned)} paket sesuai daftar"


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "tidak ada"


def _folder(ctx: click.Context) -> Answers:
    path = places.var()
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o066:
        yield State.WRONG, f"{path} dapat dibaca pengguna lain (izin {mode:o}); jalankan `chmod 711 {path}`."
    else:
        yield State.GOOD, str(path)
    free = shutil.disk_usage(path).free
    words = f"sisa ruang {free / (1 << 30):.1f} GiB".replace(".", ",")
    if free < SCARCE_DISK:
        yield State.WRONG, f"{words}; kosongkan dulu, basis data berhenti bila penuh."
    elif free < ENOUGH_DISK:
        yield State.MIND, f"{words}; data satu provinsi memerlukan sekitar 5 GiB."
    else:
        yield State.GOOD, words


def _secrets(ctx: click.Context) -> Answers:
    files = [path for name in ("keys", "secrets") for path in places.folder(name).iterdir()]
    exposed = [path for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]
    empty = [path for path in files if not path.stat().st_size]
    for path in exposed:
        yield State.WRONG, f"{path} dapat dibaca pengguna lain; jalankan `chmod 600 {path}`."
    for path in empty:
        yield State.WRONG, f"{path} kosong; kembalikan dari cadangan."
    if not exposed and not empty:
        yield State.GOOD, f"{len(files)} berkas, hanya dapat dibaca pemiliknya"


def _programs(ctx: click.Context) -> Answers:
    if os.environ.get(environment.OWNER_VARIABLE):
        yield State.GOOD, "memakai server dari DATABASE_URL"
        return
    sets = programs.found()
    if not sets:
        yield State.WRONG, f"tidak ditemukan. {programs.WAY_OUT}"
    for place, found in enumerate(sets):
        yield State.GOOD, f"versi {found.major} di {found.folder}{'' if place else ' (dipakai untuk basis data baru)'}"
    running = embedded.status()
    yield (
        State.GOOD,
        f"berjalan di porta {running[1]}" if running else "sedang tidak berjalan; perintah yang perlu memulainya",
    )


def _database(ctx: click.Context) -> Answers:
    session.open_for(ctx, tables=False, help_only=False)
    alias = session.OWNER if session.OWNER in connections.databases else "default"
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('fsync')")
        major, fsync = cursor.fetchone()
    if major < programs.OLDEST:
        yield State.WRONG, f"server versi {major}, padahal perlu {programs.OLDEST} atau yang lebih baru."
    if fsync != "on":
        yield State.WRONG, "fsync mati: data dapat hilang saat listrik padam; nyalakan di postgresql.conf."
    missing = session.unapplied()
    if missing:
        yield State.WRONG, f"{missing} perubahan tabel belum diterapkan; jalankan `harapan setup`."
        return
    yield State.GOOD, f"server versi {major}, semua tabel sudah sesuai"
    yield from _logins()


def _logins() -> Answers:
    for alias in sorted(set(connections.databases) - {session.OWNER}):
        try:
            connections[alias].ensure_connection()
            yield State.GOOD, f"pengguna {connections[alias].settings_dict['USER']} dapat masuk"
        except OperationalError as error:
            yield State.WRONG, f"pengguna basis data untuk `{alias}` tidak dapat masuk: {str(error).strip()}"


def _port(ctx: click.Context) -> Answers:
    with socket.socket() as probe:
        probe.settimeout(1)
        taken = probe.connect_ex(("127.0.0.1", WEB_PORT)) == 0
    if not taken:
        yield State.GOOD, f"{WEB_PORT} bebas"
        return
    try:
        with places.lock("serve", wait=False):
            yield State.MIND, f"{WEB_PORT} dipakai program lain; jalankan `harapan serve --port {WEB_PORT + 1}`."
    except places.Busy:
        yield State.GOOD, f"{WEB_PORT} dipakai `harapan serve` dari folder ini"


def _testing(ctx: click.Context) -> Answers:
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    for tool, path in (("chromium", browser), ("node", shutil.which("node"))):
        if path:
            yield State.GOOD, f"{tool} di {Path(path)}"
        else:
            package = "nodejs" if tool == "node" else tool
            yield State.MIND, f"{tool} tidak ada, hanya perlu untuk menguji: apt install {package}"


CHECKS: dict[str, Callable[[click.Context], Answers]] = {
    "Python": _python,
    "Paket": _packages,
    "Folder": _folder,
    "Kunci": _secrets,
    "Kunci terpisah": safekeeping.key_files,
    "PostgreSQL": _programs,
    "Basis data": _database,
    "Kunci data": safekeeping.data_keys,
    "Jangkar": safekeeping.log_anchors,
    "Masa catatan": safekeeping.era,
    "Cadangan": safekeeping.backups,
    "Porta web": _port,
    "Alat uji": _testing,
}
