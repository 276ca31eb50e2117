"""An installation with a demonstration in it, as an office has one: commands are run in it as they are typed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harapan.database.places import CHECKOUT
from tests.database.installation import Installation, ask

# Runs a command with something of it set otherwise, such as `die` in the place of one certain step: a pulled plug.
ALTERED = """
import os, signal, sys
from importlib import import_module
from harapan import cli
from harapan.cli import session

def die(*arguments, **options):
    os.kill(os.getpid(), signal.SIGKILL)

opened = session.open_for
def open_for(*arguments, **options):
    opened(*arguments, **options)
    {setting}
session.open_for = open_for
cli.main(sys.argv[1:])
"""
# A walk waits until other processes have learned of a new key; here there are none.
ALONE = 'import_module("harapan.database.keys").REFRESHED_SECONDS = 0.0'


@dataclass
class Office:
    """`run` is a command at work, `sql` the owner with a knife."""

    var: Path
    environment: dict[str, str] = field(default_factory=dict)
    url: str = ""  # the owner's, while the database is held open

    def run(self, *arguments: str, code: str | None = None) -> subprocess.CompletedProcess[str]:
        started = ["-c", code] if code else ["-m", "harapan.cli"]
        return subprocess.run(
            [sys.executable, *started, *arguments],
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], "HARAPAN_VAR": str(self.var), **self.environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def done(self, *arguments: str, status: int = 0) -> Any:
        """The JSON a command answers."""
        said = self.run(*arguments, "--json", code=ALTERED.format(setting=ALONE))
        assert said.returncode == status, said.stdout + said.stderr
        return json.loads(said.stdout)

    def refused(self, *arguments: str, status: int = 1) -> str:
        """The sentence a command refuses with."""
        said = self.run(*arguments)
        assert said.returncode == status, said.stdout + said.stderr
        return said.stderr.strip()

    def killed(self, setting: str, *arguments: str) -> None:
        """The command dies where `setting` puts `die` in the place of something."""
        said = self.run(*arguments, code=ALTERED.format(setting=setting))
        assert said.returncode == -9, said.stdout + said.stderr

    def seal(self) -> None:
        """As the worker of `harapan serve` does every few seconds."""
        said = self.run(
            code="import click\n"
            "from harapan.cli import session\n"
            "with click.Context(click.Command('seal')) as ctx:\n"
            "    session.open_for(ctx, tables=False, help_only=False)\n"
            "    from harapan.audit.seal import seal_all\n"
            "    seal_all()\n"
        )
        assert said.returncode == 0, said.stderr

    @contextmanager
    def open(self) -> Iterator[Office]:
        """Keep the embedded database running, so that each command finds it."""
        with Installation(self.var).hold() as (self.url, _):
            yield self

    def sql(self, *statements: str) -> Any:
        """Run each as the owner; the first column of the last one's first row."""
        return [ask(self.url, statement) for statement in statements][-1]

    def end(self) -> None:
        Installation(self.var).end()
