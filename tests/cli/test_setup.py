"""`harapan setup` on a new installation, and once more."""

import os
import subprocess
import sys
from pathlib import Path

from harapan.cli.setup import STEPS
from harapan.database.places import CHECKOUT
from tests.database.installation import passable_folder


def setup(var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harapan.cli", "setup"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HARAPAN_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_setup_prepares_everything_once() -> None:
    with passable_folder() as folder:
        first, again = setup(folder / "var"), setup(folder / "var")
    assert first.stdout.splitlines() == [f"{step.label}: disiapkan." for step in STEPS], first.stderr
    assert again.stdout.splitlines() == [f"{step.label}: sudah siap." for step in STEPS], again.stderr
    assert first.stderr == again.stderr == ""
