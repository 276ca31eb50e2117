"""Groups on pages: families move with a reason, groups are made, renamed and given, by who manages them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.registry.models import NO_GROUP, Family, Group
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.web.signing import person, signed_in
from tests.web.stage_ground import queries, words

WHY = "pindah rumah ke Cempaka"


@pytest.fixture
def officer(world: World) -> Post:
    return person("data_officer", regions=(TAPIN,))


def send(by: Post, page: str, /, *args: int, **given: Any) -> Any:
    return signed_in(by).post(reverse(page, args=args), {"why": WHY, **given})


def group_of(family: Family) -> int:
    return Family.objects.values_list("group", flat=True).get(pk=family.pk)


def test_a_family_moves_from_its_page_and_its_facilitators_change(world: World, officer: Post) -> None:
    family = world.family(name="NORHAYATI")
    old = person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,))
    new = person("facilitator", regions=(6305020000,), groups=(world.groups[CEMPAKA].pk,))
    address = f"{reverse('group_move')}?family={family.pk}"
    assert address in words(signed_in(officer).get(reverse("family", args=[family.pk])))
    asked = signed_in(officer).get(address)
    assert "Pindahkan keluarga NORHAYATI dari <mark>Kelompok 1</mark>" in words(asked)
    assert "Kelompok 3" not in words(asked)  # of another kabupaten
    moved = send(officer, "group_move", family=[family.pk], group=world.groups[CEMPAKA].pk)
    assert moved.headers["Location"] == reverse("family", args=[family.pk])
    one = reverse("family", args=[family.pk])
    assert [signed_in(post).get(one).status_code for post in (old, new)] == [404, 200]
    assert Entry.objects.filter(verb="family.moved", subject=family.pk, actor=officer.user_id, why=WHY).exists()


def test_several_families_move_from_the_page_of_their_group(world: World, officer: Post) -> None:
    chosen, stays = [world.family() for _ in range(2)], world.family()
    page = words(signed_in(officer).get(reverse("group", args=[world.groups[HIYUNG].pk])))
    assert "Pindahkan yang dipilih" in page
    numbers = [family.pk for family in chosen]
    asked = words(signed_in(officer).get(reverse("group_move"), {"family": numbers}))
    assert "<mark>2 keluarga</mark> ke kelompok lain" in asked
    moved = send(officer, "group_move", family=numbers, group=world.groups[CEMPAKA].pk)
    assert moved.headers["Location"] == reverse("group", args=[world.groups[CEMPAKA].pk])
    assert {group_of(family) for family in chosen} == {world.groups[CEMPAKA].pk}
    assert group_of(stays) == world.groups[HIYUNG].pk
    send(officer, "group_move", family=numbers, group=NO_GROUP)
    assert {group_of(family) for family in chosen} == {NO_GROUP}


@pytest.mark.parametrize("given", [{"why": "x"}, {"group": ""}, {"group": "999999"}])
def test_a_move_without_reason_or_group_is_refused_and_what_was_typed_stays(
    world: World, officer: Post, given: dict[str, str]
) -> None:
    family = world.family()
    sent = {"family": [family.pk], "group": str(world.groups[CEMPAKA].pk), **given}
    refused = send(officer, "group_move", **sent)
    assert refused.status_code == 422
    assert f'name="why" value="{given.get("why", WHY)}"' in words(refused)
    assert group_of(family) == world.groups[HIYUNG].pk


def test_only_who_manages_groups_and_only_the_own_families(world: World, officer: Post) -> None:
    family, far = world.family(), world.family(village=BAMBAN)
    for stranger in (
        person("facilitator", regions=(6305030000,), groups=(world.groups[HIYUNG].pk,)),
        person("district_lead", regions=(6305030000,)),
        person("auditor"),
    ):
        assert send(stranger, "group_move", family=[family.pk], group=NO_GROUP).status_code == 404
        assert send(stranger, "group_change", world.groups[HIYUNG].pk, name="Lain").status_code == 404
        shown = words(signed_in(stranger).get(reverse("group", args=[world.groups[HIYUNG].pk])))
        assert "Pindahkan yang dipilih" not in shown
    assert send(officer, "group_move", family=[family.pk, far.pk], group=NO_GROUP).status_code == 404
    assert send(officer, "group_change", world.groups[BAMBAN].pk, name="Lain").status_code == 404
    assert {group_of(family), group_of(far)} == {world.groups[HIYUNG].pk, world.groups[BAMBAN].pk}


def test_a_group_is_made_in_a_village_and_given_to_a_facilitator(world: World, officer: Post) -> None:
    facilitator = person("facilitator", regions=(6305030000,), name="HARTATI")
    person("facilitator", regions=(6306040000,), name="JAUH")
    asked = words(signed_in(officer).get(reverse("group_new")))
    assert "HARTATI" in asked
    assert "JAUH" not in asked
    given = {"name": "Melati 2", "region": str(HIYUNG), "facilitator": str(facilitator.user_id)}
    made = send(officer, "group_new", leader_name="", **given)
    group = Group.objects.get(name="Melati 2")
    assert made.headers["Location"] == reverse("group", args=[group.pk])
    assert (group.region_id, group.facilitator) == (HIYUNG, facilitator.user)
    facilitator.refresh_from_db()
    assert facilitator.groups == [group.pk]
    again = send(officer, "group_new", **given)
    assert again.status_code == 422
    assert "sudah ada di desa" in words(again)
    assert send(officer, "group_new", **{**given, "name": "Melati 3", "region": str(BAMBAN)}).status_code == 422
    assert Group.objects.filter(name__startswith="Melati").count() == 1


def test_the_nation_writes_the_code_of_the_place(world: World) -> None:
    operator = person("operator")
    assert send(operator, "group_new", name="Melati 2", region="63.05.03.2009").status_code == 303
    assert Group.objects.get(name="Melati 2").region_id == HIYUNG
    wrong = send(operator, "group_new", name="Melati 3", region="63.05.03.2099")
    assert "tidak ada dalam daftar" in words(wrong)


def test_a_group_is_renamed_and_given_to_another(world: World, officer: Post) -> None:
    group = world.groups[HIYUNG]
    old = Post.objects.create(
        user=group.facilitator, role_code="facilitator", region_nos=[6305030000], groups=[group.pk],
        since=date(2024, 1, 1),
    )  # fmt: skip
    new = person("facilitator", regions=(6305030000,), name="HARTATI")
    given = {"name": "Melati 1", "leader_name": "Bu Aminah", "facilitator": str(new.user_id)}
    assert send(officer, "group_change", group.pk, **given).status_code == 303
    group.refresh_from_db()
    assert (group.name, group.leader_name, group.facilitator) == ("Melati 1", "Bu Aminah", new.user)
    for post in (old, new):
        post.refresh_from_db()
    assert [old.groups, new.groups] == [[], [group.pk]]


def test_statements_do_not_grow_with_the_families_of_a_move(world: World, officer: Post) -> None:
    client = signed_in(officer)
    one = world.family()
    few = queries(client, f"{reverse('group_move')}?family={one.pk}")
    more = "&".join(f"family={world.family().pk}" for _ in range(12))
    assert queries(client, f"{reverse('group_move')}?{more}") == few
