"""`harapan serve` with a real database and real processes; the page and the worker are stand-ins."""

import json
import os
import signal
import socket
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from harapan.cli.children import MARK, Child, stop_left_behind
from harapan.database.places import CHECKOUT
from tests.database.installation import Installed, passable_folder


@pytest.fixture(scope="module")
def var(installed: Installed) -> Iterator[Path]:
    """One installation for all tests here."""
    with passable_folder() as folder:
        yield installed.copy(folder / "var")
        for process in served(folder / "var"):
            process.kill()


def served(var: Path) -> list[psutil.Process]:
    """Processes of a `harapan serve` of this folder, but for itself."""

    def marked(process: psutil.Process) -> bool:
        try:
            return process.environ().get(MARK) == str(var) and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    return [process for process in psutil.process_iter() if marked(process)]


def command(var: Path, port: int, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.cli.standin", "--port", str(port), *more],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HARAPAN_VAR": str(var)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def serving(var: Path, port: int, *more: str) -> Iterator[subprocess.Popen[str]]:
    process = command(var, port, *more)
    scheme = "https" if "--lan" in more else "http"
    try:
        said = ""
        while "Harapan siap" not in said:
            said = process.stdout.readline()
            assert said, process.stderr.read()
        assert said == f"Harapan siap di {scheme}://127.0.0.1:{port} (Ctrl+C untuk berhenti)\n"
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def page(port: int) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as answer:
        return json.load(answer)


def eventually(true: Callable[[], Any], seconds: float = 60) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if answer := true():
                return answer
        except (OSError, psutil.Error):
            pass
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds")


def test_pages_get_the_logins_and_never_the_owner(var: Path, port: int) -> None:
    with serving(var, port) as process:
        answer = page(port)
        assert answer["DATABASE_URL"] is None
        assert "harapan_app:" in answer["HARAPAN_APP_URL"]
        assert answer["HARAPAN_POOL"] == "1"
    assert process.returncode == 0
    assert served(var) == []
    assert not (var / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize("name", ["granian", "work"])
def test_a_killed_child_is_started_anew(var: Path, port: int, name: str) -> None:
    with serving(var, port):
        victim = eventually(lambda: next((p for p in served(var) if name in p.cmdline()), None))
        victim.kill()
        eventually(lambda: [p for p in served(var) if name in p.cmdline() and p.pid != victim.pid])
        assert eventually(lambda: page(port))


def test_a_killed_database_is_started_anew_at_its_address(var: Path, port: int) -> None:
    note = var / "postgres" / "data" / "postmaster.pid"
    with serving(var, port):
        first = note.read_text().split()
        os.kill(int(first[0]), signal.SIGKILL)
        second = eventually(
            lambda: note.exists() and note.read_text().split()[0] != first[0] and note.read_text().split()
        )
        assert second[3] == first[3]


def test_what_a_killed_serve_left_behind_is_stopped_by_the_next(var: Path, port: int) -> None:
    with serving(var, port) as process:
        process.kill()
        process.wait()
        orphans = served(var)
        assert orphans
    with serving(var, port):
        assert page(port)
        assert not set(orphans) & set(served(var))


def test_a_taken_port_is_refused_with_another_one(var: Path, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        process = command(var, port)
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 1
    assert said == f"Porta {port} sedang dipakai program lain. Hentikan program itu, atau pilih --port {port + 1}.\n"


def test_one_folder_is_served_once(var: Path, port: int) -> None:
    with serving(var, port):
        process = command(var, port + 1)
        said = process.communicate(timeout=60)[1]
        assert process.returncode == 1
        assert f"Harapan di folder {var} sudah berjalan." in said
        assert page(port)


def test_the_network_gets_https_with_a_certificate_that_stays(var: Path, port: int) -> None:
    certificate = var / "keys" / "lan.crt"
    with serving(var, port, "--lan"):
        first = certificate.read_bytes()
        trust = ssl.create_default_context(cafile=str(certificate))
        with urllib.request.urlopen(f"https://127.0.0.1:{port}/", context=trust) as answer:
            assert json.load(answer)["HARAPAN_HTTPS"] == "1"
        assert stat.S_IMODE((var / "keys" / "lan.key").stat().st_mode) == 0o600
    with serving(var, port, "--lan"):
        assert certificate.read_bytes() == first


def test_the_delay_before_a_new_start_grows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path))
    child = Child("failing", ("-c", "raise SystemExit(1)"), os.environ)
    delays = []
    for _ in range(3):
        child.due = 0
        child.tend()
        child.process.wait()
        assert child.tend()
        delays.append(round(child.due - time.monotonic(), 1))
    assert delays == [0.5, 1.0, 2.0]


def test_only_marked_processes_are_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    ours = subprocess.Popen(sleep, env={MARK: str(tmp_path / "var")})
    others = subprocess.Popen(sleep, env={MARK: str(tmp_path / "other")})
    time.sleep(0.1)
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    try:
        assert stop_left_behind() == 1
        assert ours.wait(5) is not None
        assert others.poll() is None
    finally:
        others.kill()
        others.wait()
