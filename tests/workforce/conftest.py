"""A kabupaten with two kecamatan: four facilitators in Tapin Tengah, one in Tapin Selatan, and a coordinator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from harapan.accounts.models import Post, User
from harapan.database import day
from harapan.regions.models import Region
from harapan.registry.actions import assign_facilitator
from harapan.registry.models import Family, Group
from tests.benefits.world import CEMPAKA, HIYUNG, TAPIN, World, make_world
from tests.web.signing import person

TODAY = date(2025, 5, 20)
TAPIN_TENGAH, TAPIN_SELATAN = 6305030000, 6305020000


@dataclass
class Team:
    """People by name, and the groups made for them."""

    world: World
    coordinator: Post
    posts: dict[str, Post] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)

    def user(self, name: str) -> User:
        return self.posts[name].user

    def group(self, name: str, families: int, *, of: str | None, village: int = HIYUNG) -> Group:
        """A group of so many families, met by somebody or nobody."""
        made = self.groups[name] = Group.objects.create(name=name, region_id=village)
        before = self.world.groups[village]
        self.world.groups[village] = made
        for number in range(families):
            self.world.family(village=village, bank="", rt=f"{number % 3:03d}", name=f"IBU {name} {number:02d}")
        self.world.groups[village] = before
        if of is not None:
            assign_facilitator([made.pk], self.user(of), by=self.world.user, on=TODAY)
        return made

    def loads(self) -> dict[str, int]:
        """Families by facilitator, read from the records as a facilitator's own scope would find them."""
        found = {}
        for name, post in self.posts.items():
            post.refresh_from_db()
            found[name] = Family.objects.filter(group__facilitator=post.user).count()
            assert found[name] == Family.objects.filter(group__in=post.groups).count()
        return found

    @property
    def place(self) -> Region:
        return Region.objects.get(no=TAPIN_TENGAH)

    @property
    def regency(self) -> Region:
        return Region.objects.get(no=TAPIN)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def team(system: Any) -> Team:
    world = make_world()
    Group.objects.filter(pk__in=[group.pk for group in world.groups.values()]).update(facilitator=None)
    made = Team(world, person("regency_coordinator", regions=(TAPIN,), name="KATIM TAPIN"))
    names: Sequence[str] = ("ANI", "BUDI", "CICI", "DEDI")
    for name in names:
        made.posts[name] = person("facilitator", regions=(TAPIN_TENGAH,), name=name)
    made.posts["EKA"] = person("facilitator", regions=(TAPIN_SELATAN,), name="EKA")
    return made


@pytest.fixture
def uneven(team: Team) -> Team:
    """ANI 30, BUDI 12, CICI 3, DEDI nobody; a group of 4 that nobody meets; EKA 5 in the next kecamatan."""
    team.group("Melati 1", 18, of="ANI")
    team.group("Melati 2", 12, of="ANI")
    team.group("Mawar 1", 12, of="BUDI")
    team.group("Kenanga 1", 3, of="CICI")
    team.group("Anggrek", 4, of=None)
    team.group("Cempaka 1", 5, of="EKA", village=CEMPAKA)
    return team
