"""Django's `makemessages` for this code: it also finds the words of plain Python (`harapan.core.phrases`).

What only the command line says stays Indonesian and out of the catalogue.
"""

from __future__ import annotations

from typing import Any

from django.core.management.commands import makemessages

MARKERS = ("Phrase", "Refused", "Forbidden", "Unreadable", "Misuse")
NOT_ON_PAGES = [".venv", "var", "build", "tests", "bench", "cli", "demo", "database"]


class Command(makemessages.Command):
    xgettext_options = [*makemessages.Command.xgettext_options, *(f"--keyword={marker}" for marker in MARKERS)]

    def handle(self, *args: Any, **options: Any) -> None:
        settled = {"add_location": "file", "no_obsolete": True, "no_wrap": True}
        super().handle(*args, **{**options, **settled, "ignore_patterns": NOT_ON_PAGES + options["ignore_patterns"]})
