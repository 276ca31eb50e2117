from typing import Any

import pytest

from tests.benefits.hearing import Hearing, make_hearing
from tests.benefits.world import World, make_world


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture
def hearing(world: World) -> Hearing:
    return make_hearing(world)
