"""`python -m harapan.jobs.worker`: does the queue's work and seals the log until told to stop.

Told to stop (SIGTERM, SIGINT), it takes no new work and ends what it has. Killed, its jobs are found by the next
worker (`harapan.jobs.watch`).
"""

from __future__ import annotations

import argparse
import asyncio
import os
from importlib import import_module

import django
from django.utils.module_loading import autodiscover_modules

from harapan.database import environment


def main() -> None:
    """Load Django for this process and work until stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beat", type=float, default=10.0, help="seconds between signs of life")
    parser.add_argument("--stale", type=float, default=30.0, help="seconds without one after which a worker is dead")
    given = parser.parse_args()
    os.environ["HARAPAN_POOL"] = "0"  # long statements, a connection per thread
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harapan.settings")
    with environment.prepare():
        django.setup()
        autodiscover_modules("tasks")
        asyncio.run(import_module("harapan.jobs.watch").work(beat=given.beat, stale=given.stale))


if __name__ == "__main__":
    main()
