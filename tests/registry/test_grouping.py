"""Families move between groups by a person's decision, and everything that hangs on them follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harapan.audit.log import traces_of
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.registry.actions import NotYours
from harapan.registry.grouping import make_group, move_to_group, rename_group
from harapan.registry.models import NO_GROUP, ComponentSpell, Family, Group, Member
from harapan.registry.rules import Precedence, Sources, Word
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, TODAY, World

WHY = "pindah rumah ke Cempaka"


def move(world: World, *families: Family, to: int) -> Any:
    return move_to_group([each.pk for each in families], to, by=world.user, on=TODAY, why=WHY)


def test_a_family_and_what_hangs_on_it_move_together(world: World) -> None:
    one, two, stays = (world.family(Component.PRIMARY) for _ in range(3))
    there = world.groups[CEMPAKA]
    assert {family.pk for family in move(world, one, two, to=there.pk)} == {one.pk, two.pk}
    for model in (Member, ComponentSpell):
        groups = set(model.objects.filter(family__in=(one, two)).values_list("group_no", flat=True))
        assert groups == {there.pk}
    stays.refresh_from_db()
    assert stays.group_id == world.groups[HIYUNG].pk
    with put_on(Scope.of_groups((there.pk,), actor=world.user.pk)):
        assert set(Family.objects.values_list("pk", flat=True)) == {one.pk, two.pk}


def test_the_move_stands_on_the_fields_word_and_no_workbook_takes_it_back(world: World) -> None:
    family = world.family()
    move(world, family, to=world.groups[CEMPAKA].pk)
    family.refresh_from_db()
    recorded = Sources(family.sources).of("group")
    assert family.sources["group"] == ["field", TODAY.isoformat()]
    assert Precedence.on(TODAY).word("group", 2, 1, recorded=recorded, incoming="caseload") is Word.KEEP


def test_each_family_tells_who_moved_it_and_why(world: World) -> None:
    families = [world.family() for _ in range(2)]
    move(world, *families, to=NO_GROUP)
    for family in families:
        assert ("family.moved", WHY) in {(trace.verb, trace.why) for trace in traces_of("family", family.pk)}


def test_who_would_not_move_or_lies_outside_is_refused_and_nobody_moves(world: World) -> None:
    here, far = world.family(), world.family(village=BAMBAN)
    with pytest.raises(Refused, match="sudah berada di Kelompok 1"):
        move(world, here, to=world.groups[HIYUNG].pk)
    with pytest.raises(Refused, match="kabupaten/kota lain"):
        move(world, here, to=world.groups[BAMBAN].pk)
    with put_on(Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=world.user.pk)):
        with pytest.raises(NotYours):
            move(world, here, far, to=world.groups[CEMPAKA].pk)
        with pytest.raises(NotYours):
            move(world, here, to=world.groups[BAMBAN].pk)
    here.refresh_from_db()
    assert here.group_id == world.groups[HIYUNG].pk


def test_statements_do_not_grow_with_the_families(world: World) -> None:
    counted = []
    for families in ([world.family()], [world.family(*[Component.PRIMARY] * 6) for _ in range(8)]):
        with CaptureQueriesContext(connection) as asked:
            move(world, *families, to=world.groups[CEMPAKA].pk)
        counted.append(len(asked))
    assert counted[0] == counted[1] < 10


def test_a_group_is_made_in_one_place_under_one_name(world: World) -> None:
    group = make_group("Melati  2", HIYUNG, leader_name="Bu Aminah", by=world.user, on=TODAY, why=WHY)
    assert (group.name, group.region_id, group.leader_name, group.since) == ("Melati 2", HIYUNG, "Bu Aminah", TODAY)
    with pytest.raises(Refused, match="sudah ada di desa"):
        make_group("MELATI 2", HIYUNG, by=world.user, on=TODAY, why=WHY)
    make_group("Melati 2", CEMPAKA, by=world.user, on=TODAY, why=WHY)
    with pytest.raises(Refused, match="satu desa atau kecamatan"):
        make_group("Melati 3", TAPIN, by=world.user, on=TODAY, why=WHY)
    with pytest.raises(Refused, match="Nama kelompok kosong"):
        make_group(" ", HIYUNG, by=world.user, on=TODAY, why=WHY)


def test_a_group_is_renamed_and_the_row_of_no_group_never(world: World) -> None:
    group = world.groups[HIYUNG]
    renamed = rename_group(group.pk, name="Melati 1", leader_name="Bu Aminah", by=world.user, why=WHY)
    assert Group.objects.get(pk=group.pk).name == renamed.name == "Melati 1"
    rename_group(group.pk, name="Melati 1", leader_name="Bu Siti", by=world.user, why=WHY)
    with pytest.raises(NotYours):
        rename_group(NO_GROUP, name="Lain", leader_name="", by=world.user, why=WHY)
    assert ("group.renamed", WHY) in {(trace.verb, trace.why) for trace in traces_of("group", group.pk)}
