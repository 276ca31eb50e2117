"""`harapan setup` on a new installation, and once more."""

import os
import subprocess
import sys
from pathlib import Path

from harapan.cli.setup import STEPS
from harapan.database.places import CHECKOUT
from tests.database.conftest import passable


def setup(var: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harapan.cli", "setup"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "HARAPAN_VAR": str(var)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_setup_prepares_everything_once(tmp_path: Path) -> None:
    passable(tmp_path)
    first = setup(tmp_path / "var")
    assert first.stdout.splitlines() == [f"{step.label}: disiapkan." for step in STEPS], first.stderr
    again = setup(tmp_path / "var")
    assert again.stdout.splitlines() == [f"{step.label}: sudah siap." for step in STEPS], again.stderr
    assert first.stderr == again.stderr == ""
