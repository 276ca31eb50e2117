"""One record of a person: taken on once, seen from the place and by oneself."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.models import User
from harapan.database.scope import Scope, put_on
from harapan.workforce.models import Person
from harapan.workforce.taking_on import PersonRefused, take_on
from tests.ground import TAPIN

NIK = "6305014107900001"
DAY = date(2025, 1, 6)
ELSEWHERE = 6301000000


def test_the_same_number_gives_the_same_person(system: Scope) -> None:
    first = take_on("RAHMI", region_no=TAPIN[0], since=DAY, nik=NIK)
    again = take_on("Rahmi", region_no=TAPIN[0], since=DAY, nik=NIK)
    assert (again.pk, again.name) == (first.pk, "RAHMI")


def test_a_place_that_is_none_is_refused(system: Scope) -> None:
    with pytest.raises(PersonRefused, match="6399000000 bukan wilayah"):
        take_on("RAHMI", region_no=6_399_000_000, since=DAY)
    assert not Person.objects.exists()


def test_people_are_seen_from_their_place_and_by_themselves(system: Scope) -> None:
    user = User.objects.create(username="rahmi", name="Rahmi")
    mine = take_on("RAHMI", region_no=TAPIN[0], since=DAY, nik=NIK, user=user)
    with put_on(Scope.of_ranges((TAPIN,), actor=7, via="test")):
        assert list(Person.objects.all()) == [mine]
    with put_on(Scope.of_ranges(((ELSEWHERE, ELSEWHERE + 10**6),), actor=7, via="test")):
        assert not Person.objects.exists()
        with pytest.raises(PersonRefused, match="di luar wilayah Anda"):
            take_on("RAHMI", region_no=ELSEWHERE, since=DAY, nik=NIK)
    with put_on(Scope.of_groups((99,), actor=user.pk, via="test")):
        assert list(Person.objects.all()) == [mine]
        assert Person.objects.update(name="LAIN") == 0
