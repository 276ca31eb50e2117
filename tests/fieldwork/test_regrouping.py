"""Groups proposed and accepted: whole or in part, audited, the facilitator's scope follows."""

from __future__ import annotations

from datetime import date, time

import pytest

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.fieldwork.models import HomeVisit
from harapan.fieldwork.regrouping import accept, bounds, proposed
from harapan.registry.grouping import move_to_group
from harapan.registry.models import Family, Group
from tests.benefits.world import HIYUNG, World
from tests.fieldwork.conftest import TODAY
from tests.web.signing import person

DISTRICT = 6305030000
WHY = "pembagian kelompok Mei"


@pytest.fixture
def crowd(world: World) -> list[Family]:
    """Forty-four families in the one group of Hiyung, strung along a road."""
    families = [world.family(name=f"IBU {n:02d}") for n in range(44)]
    for place, family in enumerate(families):
        HomeVisit.objects.create(
            family=family, visited_on=date(2025, 1, 5), begins=time(8), ends=time(9), found=True, eligible=True,
            latitude=-3.0, longitude=115.0 + place / 1000, visited_by=world.user,
        )  # fmt: skip
    return families


@pytest.fixture
def facilitator(world: World) -> Post:
    group = world.groups[HIYUNG]
    post = person("facilitator", regions=(DISTRICT,), groups=(group.pk,))
    group.facilitator = post.user
    group.save()
    return post


def test_the_bounds_are_policy() -> None:
    assert bounds(TODAY) == (10, 30)


def test_accepting_makes_the_group_with_leader_place_and_facilitator(
    world: World, crowd: list[Family], facilitator: Post
) -> None:
    now = proposed(DISTRICT, on=TODAY)
    chosen = [(move.home.family, move.to.key) for move in now.proposal.moves]
    assert len(chosen) == 22
    done = accept(DISTRICT, chosen, by=world.user, on=TODAY, why=WHY)
    (made,) = done.made
    assert (done.moved, made.name) == (22, "Hiyung 1")
    assert made.leader_name in {family.name for family in crowd[22:]}
    assert made.meeting_place.startswith("Rumah Ibu ")
    assert made.longitude is not None
    assert Family.objects.filter(group=made).count() == 22
    facilitator.refresh_from_db()
    assert made.pk in facilitator.groups
    assert Entry.objects.filter(verb="family.moved").count() == 22
    assert Entry.objects.filter(verb="groups.rebalanced").count() == 1
    assert proposed(DISTRICT, on=TODAY).proposal.moves == []


def test_a_part_may_be_accepted_and_taken_back_by_another_move(
    world: World, crowd: list[Family], facilitator: Post
) -> None:
    moves = proposed(DISTRICT, on=TODAY).proposal.moves
    done = accept(DISTRICT, [(moves[0].home.family, moves[0].to.key)], by=world.user, on=TODAY, why=WHY)
    assert Family.objects.filter(group=done.made[0]).count() == 1
    move_to_group([moves[0].home.family], world.groups[HIYUNG].pk, by=world.user, on=TODAY, why="dibatalkan lagi")
    assert Family.objects.filter(group=world.groups[HIYUNG]).count() == 44


def test_what_is_not_proposed_any_more_is_refused_whole(world: World, crowd: list[Family]) -> None:
    chosen = [(move.home.family, move.to.key) for move in proposed(DISTRICT, on=TODAY).proposal.moves]
    with pytest.raises(Refused, match="tidak diusulkan lagi"):
        accept(DISTRICT, [*chosen, (crowd[0].pk, "g999")], by=world.user, on=TODAY, why=WHY)
    with pytest.raises(Refused, match="alasannya"):
        accept(DISTRICT, chosen, by=world.user, on=TODAY, why="")
    with pytest.raises(Refused, match="paling sedikit satu"):
        accept(DISTRICT, [], by=world.user, on=TODAY, why=WHY)
    assert Group.objects.filter(region=HIYUNG).count() == 1


def test_former_members_and_candidates_are_left_out(world: World, crowd: list[Family]) -> None:
    others = [world.family(enrolled=False) for _ in range(20)]
    named = {move.home.family for move in proposed(DISTRICT, on=TODAY).proposal.moves}
    assert not named & {family.pk for family in others}
