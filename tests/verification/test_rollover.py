"""July: everybody goes up but the exceptions, and nobody loses a component for want of a school."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.registry.models import ComponentSpell, Facility, Member
from harapan.verification.models import UnplacedPupil
from harapan.verification.rollover import Decision, Fate, grade_number, proposals, roll_over, settle, year_at
from tests.benefits.world import HIYUNG, World, make_world

JULY = date(2025, 7, 14)


@pytest.fixture
def world(system: object) -> World:
    return make_world()


def school(code: str, level: str = "SD") -> Facility:
    return Facility.objects.create(
        kind="school", code=code, name=f"{level} {code}", name_key=f"{level} {code}", level=level, region_id=HIYUNG
    )


def pupil(world: World, at: Facility, grade: str, component: Component = Component.PRIMARY) -> Member:
    member = world.member(world.family(), (component, {"facility": at}))
    ComponentSpell.objects.filter(member=member).update(grade=grade)
    return member


def now(member: Member) -> ComponentSpell:
    return ComponentSpell.objects.get(member=member, spell__contains=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("text", "grade"),
    [("4", 4), ("Kelas 4", 4), ("IV", 4), ("kls VII-B", 7), ("XII IPA 2", 12), ("", None), ("Paket B", None),
     ("99", None)],
)  # fmt: skip
def test_classes_are_read_as_schools_write_them(text: str, grade: int | None) -> None:
    assert grade_number(text) == grade


@pytest.mark.parametrize(
    ("component", "grade", "fate", "next_grade"),
    [
        (Component.PRIMARY, "3", Fate.UP, 4),
        (Component.PRIMARY, "6", Fate.ON, 7),
        (Component.JUNIOR, "IX", Fate.ON, 10),
        (Component.SENIOR, "11", Fate.UP, 12),
        (Component.SENIOR, "12", Fate.DONE, None),
        (Component.PRIMARY, "", Fate.UP, None),
    ],
)
def test_the_proposal(world: World, component: Component, grade: str, fate: Fate, next_grade: int | None) -> None:
    at = school("1")
    pupil(world, at, grade, component)
    (found,) = proposals(at, 2025)
    assert (found.fate, found.next_grade) == (fate, next_grade)
    assert fate in found.choices


def test_all_go_up_but_the_exceptions(world: World) -> None:
    at, other, junior = school("1"), school("2"), school("3", "SMP")
    up, repeats, moves, drops = (pupil(world, at, "4") for _ in range(4))
    on, lost = (pupil(world, at, "6") for _ in range(2))
    decided = {
        up.pk: Decision(Fate.UP), repeats.pk: Decision(Fate.REPEAT), moves.pk: Decision(Fate.MOVED, other),
        drops.pk: Decision(Fate.DROPPED), on.pk: Decision(Fate.ON, junior), lost.pk: Decision(Fate.ON),
    }  # fmt: skip
    counted = roll_over(at, 2025, decided, by=world.user, on=JULY)
    assert counted == {Fate.UP: 1, Fate.REPEAT: 1, Fate.ON: 2, Fate.MOVED: 1, Fate.DROPPED: 1}
    assert (now(up).grade, now(up).facility) == ("5", at)
    assert (now(repeats).grade, now(repeats).facility) == ("4", at)
    assert (now(moves).grade, now(moves).facility) == ("5", other)
    assert (now(on).component, now(on).grade, now(on).facility) == (Component.JUNIOR, "7", junior)
    assert (now(lost).component, now(lost).facility) == (Component.JUNIOR, None)  # the component is not lost
    assert not ComponentSpell.objects.filter(member=drops, spell__contains=date(2025, 7, 1)).exists()
    visits = dict(UnplacedPupil.objects.values_list("member_id", "why"))
    assert visits == {lost.pk: "no_next", drops.pk: "dropped"}
    assert UnplacedPupil.objects.get(member=lost).due_on == date(2025, 8, 13)


def test_doing_it_twice_does_it_once(world: World) -> None:
    at = school("1")
    child = pupil(world, at, "4")
    for _ in range(2):
        roll_over(at, 2025, {child.pk: Decision(Fate.UP)}, by=world.user, on=JULY)
    assert now(child).grade == "5"
    assert ComponentSpell.objects.filter(member=child).count() == 2
    assert proposals(at, 2025) == []


def test_what_does_not_fit_the_class_is_refused_and_nothing_kept(world: World) -> None:
    at = school("1")
    child, other = pupil(world, at, "4"), pupil(world, at, "4")
    with pytest.raises(Refused, match="tidak dapat lanjut jenjang"):
        roll_over(at, 2025, {other.pk: Decision(Fate.UP), child.pk: Decision(Fate.ON)}, by=world.user, on=JULY)
    assert ComponentSpell.objects.count() == 2
    with pytest.raises(Refused, match="belum waktunya"):
        roll_over(at, 2026, {child.pk: Decision(Fate.UP)}, by=world.user, on=JULY)
    assert (year_at(date(2025, 5, 20)), year_at(date(2025, 6, 10))) == (2024, 2025)


def test_the_dead_are_not_proposed(world: World) -> None:
    at = school("1")
    child = pupil(world, at, "4")
    Member.objects.filter(pk=child.pk).update(died_on=date(2025, 6, 1))
    assert proposals(at, 2025) == []


def test_a_visit_finds_the_school(world: World) -> None:
    at, junior = school("1"), school("3", "SMP")
    child = pupil(world, at, "6")
    roll_over(at, 2025, {child.pk: Decision(Fate.ON)}, by=world.user, on=JULY)
    visit = UnplacedPupil.objects.get()
    with pytest.raises(Refused, match="Hasil kunjungan masih kosong"):
        settle(visit, how=" ", school=None, by=world.user, on=JULY)
    settle(visit, how="Sudah mendaftar", school=junior, by=world.user, on=JULY)
    assert now(child).facility == junior
    with pytest.raises(Refused, match="sudah diselesaikan"):
        settle(visit, how="lagi", school=None, by=world.user, on=JULY)


def test_statements_do_not_grow_with_pupils(world: World) -> None:
    def statements(pupils: int, code: str) -> int:
        at = school(code)
        children = [pupil(world, at, "4") for _ in range(pupils)]
        with CaptureQueriesContext(connection) as captured:
            roll_over(at, 2025, {child.pk: Decision(Fate.UP) for child in children}, by=world.user, on=JULY)
        return len(captured)

    assert statements(1, "1") == statements(5, "2")
