"""Django's `makemessages` for this code: it also finds the words of plain Python (`harapan.core.phrases`).

What only the command line says stays Indonesian and out of the catalogue.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

from django.core.management.commands import makemessages

import harapan

PACKAGE = Path(harapan.__file__).parent


def refusals() -> list[str]:
    """Errors of ours that are raised with their sentence: those without an `__init__`, which would take facts.

    Read from the source, so that a new one is found the day it is written, wherever it stands.
    """
    classes = [
        node for path in PACKAGE.rglob("*.py") for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.ClassDef)
    ]  # fmt: skip
    known = {"HarapanError"}
    while found := {each.name for each in classes if known & set(map(ast.unparse, each.bases))} - known:
        known |= found
    facts = {each.name for each in classes for part in each.body if getattr(part, "name", "") == "__init__"}
    return sorted(known - facts)


MARKERS = ("Phrase", "counted:1,1", *refusals())
NOT_ON_PAGES = [".venv", "var", "build", "tests", "bench", "cli", "demo", "database"]


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={marker}" for marker in MARKERS)]

    def handle(self, *args: Any, **options: Any) -> None:
        settled = {"add_location": "file", "no_obsolete": True, "no_wrap": True}
        super().handle(*args, **{**options, **settled, "ignore_patterns": NOT_ON_PAGES + options["ignore_patterns"]})
