"""How a command answers: words for people, one JSON value for programs, a bar on long work."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path
from typing import Any

import click

# Exit status of a command that did its work but refused rows; return it from the command.
ROWS_REFUSED = 3

as_json = click.option("--json", "as_json", is_flag=True, help="Jawab dengan satu nilai JSON.")


def answer(value: Any, *, as_json: bool, words: Callable[[], str]) -> None:
    """Print one JSON value for a program, or the words for a person. Dates and paths become text."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else words())


def called() -> str:
    """This command as it may be typed again: "harapan" where the path finds it, else the file it was started by."""
    file = Path(sys.argv[0]).absolute()
    if file.parts[-2:] == ("cli", "__main__.py"):  # by the script beside this Python, which `.ci/environment` makes
        file = Path(sys.executable).parent / "harapan"
    found = shutil.which("harapan")
    if file.name != "harapan" or (found and Path(found).absolute() == file):
        return "harapan"
    return str(file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file)


def progress(
    items: Iterable[Any] | None = None, *, total: int | None = None, label: str
) -> AbstractContextManager[Any]:
    """A bar on stderr over `items`, or over `total` steps (None: unknown) moved on by `.update(n)`.

    Nothing is shown where stderr is not a terminal.
    """
    if items is None and total is None:
        items = count()
    return click.progressbar(items, length=total, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())
