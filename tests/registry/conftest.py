from __future__ import annotations

import pytest

from harapan.database.scope import Scope
from tests.benefits.world import World, make_world


@pytest.fixture
def world(system: Scope) -> World:
    return make_world()
