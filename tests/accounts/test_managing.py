"""Whom somebody who manages users may handle: those below them, inside their own regions, and nobody as wide."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.accounts.managing import demand_grant, grantable, people_of
from harapan.accounts.models import Acting, Post, User
from harapan.core.errors import Refused
from harapan.database.scope import Scope
from tests.benefits.world import HSS, TAPIN, regions

TODAY = date(2025, 5, 20)
TAPIN_TENGAH, ANGKINANG = 6305030000, 6306040000


@pytest.fixture(autouse=True)
def ground(system: Scope) -> None:
    regions()


def holder(role: str, *places: int, until: date | None = None) -> Post:
    number = User.objects.count()
    user = User.objects.create(username=f"{role}-{number}", name=f"ORANG {number}")
    return Post.objects.create(user=user, role_code=role, region_nos=list(places), since=date(2024, 1, 1), until=until)


@pytest.fixture
def officer() -> Post:
    return holder("data_officer", TAPIN)


def test_the_nation_handles_everybody() -> None:
    operator = holder("operator")
    others = {holder("auditor").user, holder("facilitator", ANGKINANG).user}
    assert set(people_of(operator, on=TODAY)) == {operator.user, *others}


def test_a_kabupaten_handles_those_below_it_and_inside_it(officer: Post) -> None:
    inside = holder("facilitator", TAPIN_TENGAH)
    holder("facilitator", ANGKINANG)
    holder("facilitator", TAPIN_TENGAH, ANGKINANG)  # one foot outside
    holder("regency_office", TAPIN)  # as wide as the manager
    holder("auditor")
    User.objects.create(username="tanpa", name="Tanpa jabatan")
    assert list(people_of(officer, on=TODAY)) == [inside.user]


def test_a_post_beyond_counts_as_long_as_it_lasts(officer: Post) -> None:
    both = holder("district_lead", TAPIN_TENGAH)
    wider = Post.objects.create(
        user=both.user, role_code="regency_office", region_nos=[TAPIN], since=date(2024, 1, 1), until=TODAY
    )
    assert list(people_of(officer, on=TODAY)) == [both.user]
    Post.objects.filter(pk=wider.pk).update(until=date(2025, 6, 1))
    assert not people_of(officer, on=TODAY).exists()


def test_who_fills_a_wider_post_is_out_of_reach_meanwhile(officer: Post) -> None:
    lead = holder("district_lead", TAPIN_TENGAH)
    Acting.objects.create(
        post=holder("regency_office", TAPIN), substitute=lead.user, form="plh", since=date(2025, 5, 1),
        until=date(2025, 6, 1), letter="800/12",
    )  # fmt: skip
    assert not people_of(officer, on=TODAY).exists()
    assert people_of(officer, on=date(2025, 6, 1)).get() == lead.user


def test_whose_posts_below_have_ended_can_still_be_helped(officer: Post) -> None:
    gone = holder("facilitator", TAPIN_TENGAH, until=date(2025, 1, 1))
    assert people_of(officer, on=TODAY).get() == gone.user


@pytest.mark.parametrize(
    ("role", "place", "words"),
    [
        ("data_officer", TAPIN, "tidak di bawah jabatan Anda"),
        ("auditor", None, "tidak di bawah jabatan Anda"),
        ("facilitator", ANGKINANG, "63.06.04 berada di luar wilayah kerja Anda"),
        ("facilitator", HSS, "63.06 berada di luar wilayah kerja Anda"),
    ],
)
def test_only_narrower_roles_inside_are_given(officer: Post, role: str, place: int | None, words: str) -> None:
    with pytest.raises(Refused, match=words):
        demand_grant(officer, role, [place] if place else [], to=User(pk=99, name="X"), actor=officer.user)
    demand_grant(officer, "facilitator", [TAPIN_TENGAH], to=User(pk=99, name="X"), actor=officer.user)
    assert {each.code for each in grantable(officer)} == {"facilitator", "district_lead", "list_operator"}


def test_nobody_gives_a_post_to_oneself() -> None:
    operator = holder("operator")
    with pytest.raises(Refused, match="tidak dapat memberi jabatan kepada diri sendiri"):
        demand_grant(operator, "commitment_officer", [], to=operator.user, actor=operator.user)
