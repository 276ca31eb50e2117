"""Lists narrowed by what stands in another table: both ways give the same families, and exactly those."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post
from harapan.core.components import Component
from harapan.database.scope import Scope
from harapan.registry import narrowing
from harapan.registry.models import ComponentSpell, Enrolment, Family, Member, Question
from harapan.registry.models.family import FamilyQuerySet

TODAY = date(2026, 5, 12)
TAPIN = 6305000000
ALWAYS = DateRange(date(2020, 1, 1), None)
OVER = DateRange(date(2020, 1, 1), TODAY)
LAST_DAY = DateRange(date(2020, 1, 1), date(2026, 5, 13))
TO_COME = DateRange(date(2026, 5, 13), None)


def family(name: str, *spells: DateRange, pupil: DateRange | None = None) -> Family:
    made = Family.objects.create(name=name, name_key=name, region_id=6305032009, registered_on=date(2020, 1, 1))
    for spell in spells:
        Enrolment.objects.create(family=made, spell=spell, source="list")
    member = Member.objects.create(family=made, name=f"ANAK {name}")
    if pupil is not None:
        ComponentSpell.objects.create(
            family=made, member=member, component=Component.PRIMARY, spell=pupil, source="list"
        )
    return made


@pytest.fixture
def families(system: Scope) -> None:
    family("RUNNING", ALWAYS, pupil=ALWAYS)
    family("LAST DAY", LAST_DAY, pupil=LAST_DAY)
    family("OVER", OVER, pupil=OVER)
    family("CAME BACK", DateRange(date(2020, 1, 1), date(2021, 1, 1)), DateRange(date(2022, 1, 1), None), pupil=TO_COME)
    asked = family("ASKED", ALWAYS)
    Question.objects.create(family=asked, field="name", source="dtsen")


@pytest.fixture(params=["few", "many", "facilitator"])
def post(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Post:
    """A reader for whom the rows are few, one for whom they are many, and one who is always asked family by family."""
    monkeypatch.setattr(narrowing, "FEW", 0 if request.param == "many" else 10_000)
    if request.param == "facilitator":
        return Post(role_code="facilitator", region_nos=[TAPIN], groups=[0])
    return Post(role_code="regency_coordinator", region_nos=[TAPIN])


Narrowing = Callable[[FamilyQuerySet, Post], FamilyQuerySet]


@pytest.mark.parametrize(
    ("narrow", "expected"),
    [
        (
            lambda rows, post: narrowing.with_component(rows, Component.PRIMARY, on=TODAY, post=post),
            {"RUNNING", "LAST DAY"},
        ),
        (lambda rows, post: narrowing.with_component(rows, Component.SENIOR, on=TODAY, post=post), set()),
        (lambda rows, post: narrowing.enrolled(rows, on=TODAY), {"RUNNING", "LAST DAY", "CAME BACK", "ASKED"}),
        (lambda rows, post: narrowing.ended(rows, on=TODAY, post=post), {"OVER"}),
        (lambda rows, post: narrowing.with_open_question(rows), {"ASKED"}),
    ],
)
def test_exactly_these(families: None, post: Post, narrow: Narrowing, expected: set[str]) -> None:
    found = narrow(Family.objects.all(), post).order_by("name_key", "id")
    assert [each.name for each in found] == sorted(expected)
