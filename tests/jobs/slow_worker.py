"""A worker process with one more task: it writes a user, reports, then waits until a file says go on."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from procrastinate.contrib.django import app

from harapan.jobs import worker

if __name__ == "__main__":
    import os

    import django

    from harapan.database import environment

    folder = Path(os.environ["SLOW_FOLDER"])
    with environment.prepare():
        django.setup()

    from harapan.accounts.models import User
    from harapan.accounts.working import acting_as
    from harapan.jobs.actions import progress, working
    from harapan.jobs.models import Work

    @working("tests.slow")
    def slow(work: Work, *, name: str) -> None:
        with acting_as(work):
            User.objects.create(username=f"{name}-{work.attempt}", name=name)
            progress(work, done=1, total=2, message="setengah jalan")
            (folder / f"half-{work.attempt}").touch()
            while not (folder / "go").exists():
                time.sleep(0.05)

    assert app.tasks["tests.slow"]
    sys.exit(worker.main())
