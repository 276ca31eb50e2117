"""`harapan setup` on a new installation, and once more."""

from harapan.cli.setup import STEPS
from tests.database.installation import Installed


def test_setup_prepares_everything_once(installed: Installed) -> None:
    first, again = installed.said, installed.setup()
    assert first.stdout.splitlines() == [f"{step.label}: disiapkan." for step in STEPS], first.stderr
    assert again.stdout.splitlines() == [f"{step.label}: sudah siap." for step in STEPS], again.stderr
    assert first.stderr == again.stderr == ""
