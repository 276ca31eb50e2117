"""One demonstration of a few hundred families, and a copy of it for each test that needs one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.custody.office import Office
from tests.database.installation import Installation, Installed, passable_folder

FAMILIES = 300


@pytest.fixture(scope="session")
def pristine(installed: Installed) -> Iterator[Office]:
    with passable_folder() as folder:
        office = Office(installed.copy(folder / "var"))
        said = office.run("demo", "--families", str(FAMILIES))
        assert said.returncode == 0, said.stderr
        office.seal()
        yield office
        office.end()


@pytest.fixture
def folder() -> Iterator[Path]:
    with passable_folder() as made:
        yield made


@pytest.fixture
def office(pristine: Office, folder: Path) -> Iterator[Office]:
    copy = Office(Installation(pristine.var).copy(folder / "office"))
    with copy.open():
        yield copy
    copy.end()


@pytest.fixture
def elsewhere(folder: Path) -> Iterator[Office]:
    """Another machine: nothing is there yet."""
    other = Office(folder / "elsewhere")
    yield other
    other.end()
