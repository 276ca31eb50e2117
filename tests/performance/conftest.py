from __future__ import annotations

from typing import Any

import pytest

from tests.benefits.world import make_world
from tests.performance.ground import Field, make_field


@pytest.fixture
def field(system: Any) -> Field:
    return make_field(make_world())
