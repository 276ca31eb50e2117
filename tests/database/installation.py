"""An installation of its own for a test: a folder, and Python processes that hold its embedded database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg

from harapan.database.places import CHECKOUT

HOLD = """
import sys
import tempfile
from harapan.core.errors import HarapanError
from harapan.database import embedded
try:
    with embedded.running() as url:
        print(url, flush=True)
        sys.stdin.readline()
except HarapanError as refusal:
    print(refusal, file=sys.stderr)
    sys.exit(refusal.exit_status)
"""


@contextmanager
def passable_folder() -> Iterator[Path]:
    """A folder that the server's own user may pass through. pytest closes its own folders whenever a run begins."""
    with tempfile.TemporaryDirectory(prefix="harapan-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@dataclass
class Installation:
    """`hold()` is a command at work; the server is whatever runs in the folder."""

    folder: Path
    user: int | None = None
    programs: str | None = None
    python: str = sys.executable
    hold_code: str = HOLD
    environment: dict[str, str] = field(default_factory=dict)

    def command(self, code: str | None = None) -> subprocess.Popen[str]:
        named = {"HARAPAN_VAR": str(self.folder), "PYTHONPATH": str(CHECKOUT), **self.environment}
        if self.programs:
            named["HARAPAN_PG_BIN"] = self.programs
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        who = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        return subprocess.Popen(
            [self.python, "-c", code or self.hold_code],
            env={**kept, **named},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **who,
        )

    @contextmanager
    def hold(self) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        """A command that holds the database; yields the owner's address and the process, ends it in peace."""
        process = self.command()
        try:
            url = process.stdout.readline().strip()
            assert url, process.stderr.read()
            yield url, process
        finally:
            process.communicate()

    def refusal(self) -> str:
        """What a command that cannot have the database says."""
        process = self.command()
        said = process.communicate()[1].strip()
        assert process.returncode == 1, said
        return said

    def server(self) -> psutil.Process | None:
        note = self.folder / "postgres" / "data" / "postmaster.pid"
        try:
            process = psutil.Process(int(note.read_text().split()[0]))
            running = process.is_running() and process.status() != psutil.STATUS_ZOMBIE
        except (FileNotFoundError, psutil.NoSuchProcess):
            return None
        return process if running else None

    def copy(self, folder: Path) -> Path:
        """The same installation at another place; this one is at rest."""
        subprocess.run(["cp", "-a", "--reflink=auto", str(self.folder), str(folder)], check=True)
        return folder

    def end(self) -> None:
        server = self.server()
        if server:
            server.kill()
            psutil.wait_procs([server], timeout=10)
        if (self.folder / "postgres").is_symlink():
            shutil.rmtree((self.folder / "postgres").resolve())


@dataclass
class Installed(Installation):
    """An installation with its tables and regions, made by `harapan setup`; `said` is what that answered."""

    said: subprocess.CompletedProcess[str] | None = None

    def setup(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "harapan.cli", "setup"],
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], "HARAPAN_VAR": str(self.folder)},
            capture_output=True,
            text=True,
            check=False,
        )


def ask(url: str, question: str) -> object:
    """The first column of the first row."""
    with psycopg.connect(url, autocommit=True) as connection:
        answer = connection.execute(question)
        return answer.fetchone()[0] if answer.description else None
