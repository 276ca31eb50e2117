from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from typing import Any

import pytest

from harapan.p2k2.models import Session
from harapan.p2k2.recording import SessionFacts, record_session
from tests.benefits.world import HIYUNG, World, make_world

TODAY = date(2025, 5, 20)
FACTS = SessionFacts(
    date(2025, 5, 19), time(14), time(16), "klasik-2.1", place="Rumah Bu Aminah, RT 04", speaker="Siti Rahmah",
    speaker_post="Pendamping PKH", materials="Flipchart modul 2", minutes="Membahas catatan uang harian.",
)  # fmt: skip

Record = Callable[..., Session]


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture
def record(world: World) -> Record:
    """A meeting of the group of Hiyung, told as FACTS with what is given otherwise."""

    def meeting(*, village: int = HIYUNG, on: date = TODAY, completes: bool = False, **facts: Any) -> Session:
        told = replace(FACTS, **facts)
        return record_session(world.groups[village].pk, told, by=world.user, on=on, completes=completes)

    return meeting
