from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.fieldwork.workers import Worker, worker_of
from harapan.registry.models import Family, Group
from tests.benefits.world import CEMPAKA, HIYUNG, HSS, TAPIN, World, make_world
from tests.web.signing import person

TODAY = date(2025, 5, 20)
MONTH = "2025-05"


@dataclass
class Field:
    """A facilitator with one group of families in Hiyung, a colleague next door, and who looks on."""

    world: World
    group: Group
    families: list[Family]
    facilitator: Post
    colleague: Post
    lead: Post
    stranger: Post

    @property
    def worker(self) -> Worker:
        return worker_of(self.facilitator)


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture
def field(world: World) -> Field:
    group, other = world.groups[HIYUNG], world.groups[CEMPAKA]
    facilitator = person("facilitator", regions=(6305030000,), groups=(group.pk,), name="SITI RAHMAH")
    colleague = person("facilitator", regions=(6305020000,), groups=(other.pk,), name="NOOR AINI")
    group.facilitator, other.facilitator = facilitator.user, colleague.user
    group.save()
    other.save()
    facilitator.user.staff_number = "198801012019032001"
    facilitator.user.save()
    families = [world.family(name=f"KELUARGA {number}", members=1) for number in range(4)]
    return Field(
        world, group, families, facilitator, colleague,
        lead=person("regency_coordinator", regions=(TAPIN,), name="LEAD TAPIN"),
        stranger=person("regency_coordinator", regions=(HSS,)),
    )  # fmt: skip
