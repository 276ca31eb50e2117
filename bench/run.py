"""`python -m bench.run MODULE ARGUMENTS`: make the measured database ready, then call the module's `main`."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import django

from harapan.database import environment


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harapan.settings")
    with environment.prepare():
        django.setup()
        import_module("harapan.cli.setup").run_steps(say=lambda line: None)
        import_module(sys.argv[1]).main(sys.argv[2:])


if __name__ == "__main__":
    main()
