import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .installation import Installation


@pytest.fixture
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A new installation in a folder that the server's own user may pass through."""
    folder = tmp_path_factory.mktemp("installation")
    passable(folder)
    made = Installation(folder / "var")
    yield made
    made.end()


def passable(folder: Path) -> None:
    """pytest's own folders are closed to others; as root the server runs as another."""
    if os.geteuid() == 0:
        for above in (folder, *folder.parents):
            if above.stat().st_mode & 0o011 != 0o011 and above.owner() == "root" and "pytest" in str(above):
                above.chmod(0o711)
