"""Search by name reaches exactly the scope, whatever its shape."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.database.scope import Scope, put_on
from harapan.registry.models import Family, Group


def made(name: str, *, region: int, group: Group) -> Family:
    return Family.objects.create(
        name=name, name_key=name, region_id=region, group=group, registered_on=date(2025, 1, 1), kk="6305021608156220"
    )


@pytest.fixture
def families(system: Scope) -> dict[str, Family]:
    melati = Group.objects.create(name="Melati 1", region_id=6305032009)
    mawar = Group.objects.create(name="Mawar 1", region_id=6306012001)
    return {
        "tapin": made("NORHAYATI AMINAH", region=6305032009, group=melati),
        "hss": made("SITI NORHAYATI", region=6306012001, group=mawar),
    }


def seen(scope: Scope, text: str) -> set[str]:
    with put_on(scope):
        return set(Family.objects.named(text).values_list("name", flat=True))


def test_each_shape_finds_its_own(families: dict[str, Family]) -> None:
    both = {"NORHAYATI AMINAH", "SITI NORHAYATI"}
    tapin, hss = (6305000000, 6306000000), (6306000000, 6307000000)
    assert seen(Scope.of_ranges((tapin,)), "norhayati") == {"NORHAYATI AMINAH"}
    assert seen(Scope.of_ranges((tapin, hss)), "norhayati") == both
    assert seen(Scope.of_groups((families["hss"].group_id,)), "norhayati") == {"SITI NORHAYATI"}
    assert seen(Scope.nation(), "yati nor") == both
    assert seen(Scope.nation(), "aminah norhay") == {"NORHAYATI AMINAH"}


def test_signs_of_patterns_are_letters(families: dict[str, Family]) -> None:
    assert seen(Scope.nation(), "%") == set()


def test_a_full_kk_number_finds_its_families(families: dict[str, Family]) -> None:
    with put_on(Scope.nation()):
        assert Family.objects.filter(kk_ix="6305021608156220").count() == 2
        assert str(families["tapin"].kk) == "6305 •••• •••• 6220"
