from collections.abc import Iterator
from pathlib import Path

import pytest

from .installation import Installation, passable_folder


@pytest.fixture
def installation() -> Iterator[Installation]:
    """A new installation."""
    with passable_folder() as folder:
        made = Installation(Path(folder) / "var")
        yield made
        made.end()
