from typing import Any

import pytest

from tests.benefits.world import World, make_world


@pytest.fixture
def world(system: Any) -> World:
    return make_world()
