from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.learning import ground
from tests.learning.ground import School


@pytest.fixture
def make_school(system: Any) -> Callable[..., School]:
    return ground.make_school


@pytest.fixture
def school(system: Any) -> School:
    return ground.make_school()
