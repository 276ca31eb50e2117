"""PostgreSQL's own pg_dump and pg_restore: which version of them fits, and running them without showing a password."""

# ruff: noqa: S603 - every command here is made of our own words

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from harapan.core.errors import Refused
from harapan.core.phrases import Phrase
from harapan.database import programs

# What is not taken along: the key of scopes (it lies with the keys), open sign-ins, and what is only remembered.
NOT_DUMPED = ("harapan.scope_key", "public.django_session", "public.harapan_cache")
WORDS_MAX = 300


def dump(url: str, target: Path, *, snapshot: str, server: int) -> int:
    """Write a dump of one moment; the major version of the program that wrote it."""
    program, major = _fitting("pg_dump", oldest=server)
    target.touch(mode=0o600)
    left_out = [f"--exclude-table-data={table}" for table in NOT_DUMPED]
    plain = ["--format=custom", "--no-owner", "--no-comments", f"--snapshot={snapshot}", f"--file={target}"]
    _run([program, *plain, *left_out], url)
    return major


def restore(url: str, source: Path, *, dumped_by: int, server: int) -> None:
    """Fill an empty database, whole or not at all."""
    if dumped_by > server:
        raise Refused(
            "Cadangan ini dibuat dengan PostgreSQL {version}, sedangkan servernya versi {server}. "
            "Pulihkan ke server versi {version} atau yang lebih baru.",
            version=dumped_by,
            server=server,
        )
    program, _ = _fitting("pg_restore", oldest=dumped_by, newest=server)
    plain = ["--no-owner", "--no-comments", "--single-transaction", "--exit-on-error", str(source)]
    _run([program, *plain], url)


def _fitting(name: str, *, oldest: int, newest: int | None = None) -> tuple[str, int]:
    """The program of the lowest version that will do."""
    found = programs.clients(name)
    usable = sorted(major for major in found if oldest <= major <= (newest or major))
    if not usable:
        have = ", ".join(map(str, sorted(found))) or Phrase("tidak ada")
        raise Refused(
            "Program {name} versi {version} tidak ditemukan (yang ada: {have}). Pasang dengan "
            "`apt install postgresql-client-{version}`, atau tunjuk folder bin-nya dengan HARAPAN_PG_BIN.",
            name=name,
            version=oldest,
            have=have,
        )
    return str(found[usable[0]]), usable[0]


def _run(command: list[str], url: str) -> None:
    """The password goes through the environment: the words of a command are seen by every user of the machine."""
    parts: dict[str, Any] = dict(conninfo_to_dict(url))
    password = parts.pop("password", None)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HARAPAN_")}
    environment.pop("DATABASE_URL", None)
    environment |= {"LC_ALL": "C.UTF-8"} | ({"PGPASSWORD": str(password)} if password else {})
    done = subprocess.run(
        [*command, f"--dbname={make_conninfo(**parts)}", "--no-password"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Refused("{program} gagal: {complaint}", program=Path(command[0]).name, complaint=_complaint(done.stderr))


def _complaint(said: str) -> str:
    """The first complaint, without anybody's data: a refused row would follow on lines of its own."""
    lines = [line for line in said.splitlines() if re.search(r"error|fatal", line, re.IGNORECASE)]
    return (lines or said.splitlines() or ["tanpa pesan"])[0][:WORDS_MAX]
