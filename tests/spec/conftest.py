from __future__ import annotations

import pytest

from tests.spec.drawing import Pays


@pytest.fixture
def pays() -> Pays:
    return Pays()
