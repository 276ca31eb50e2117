"""What members count for, and since when. Pupils who changed school in July 2024 have the year before as well: the
stages of 2024 pay for months of both school years.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from harapan.core.components import GROUP_OF, Component, Group
from harapan.demo.attendance import planted_pupils
from harapan.demo.clock import SCHOOL_YEAR_BEFORE, SCHOOL_YEAR_BEGAN
from harapan.demo.facilities import FacilityKind
from harapan.demo.world import World

PREGNANT_SINCE = date(2024, 11, 4)
PREGNANCY_ENDED = (date(2023, 11, 6), date(2024, 6, 24))  # in the planted families whose amount fell
SCHOOL_LEARNT_OF = date(2024, 9, 2)  # where a child passed the age before
# Grade entered in July 2024 -> what the pupil was before, and where.
_BEFORE = {7: (Component.PRIMARY, FacilityKind.PRIMARY), 10: (Component.JUNIOR, FacilityKind.JUNIOR)}


@dataclass(frozen=True, slots=True)
class Counted:
    """A member (row) counts for a component from a day until another (None: still). `facility`: its no, or -1."""

    member: int
    component: int
    facility: int
    grade: int
    since: date
    until: date | None = None


def counted(world: World, enrolled: Sequence[date]) -> Iterator[Counted]:
    """Every spell of every member. `enrolled`: day by family row."""
    members = world.members
    young, unrecorded = _pupils(world, "passed_the_age"), _unrecorded(world)
    for row, component in enumerate(members.component):
        if not component:
            continue
        family, facility, grade = members.family[row], members.facility[row], members.grade[row]
        if row in young:
            yield _toddler_till(world, row)
            since = SCHOOL_LEARNT_OF
        elif GROUP_OF[Component(component)] is Group.EDUCATION:
            if grade in _BEFORE:
                yield _a_school_before(world, row)
            stayed = grade > 1 and grade not in _BEFORE and row not in unrecorded
            since = SCHOOL_YEAR_BEFORE if stayed else SCHOOL_YEAR_BEGAN
        elif component == Component.PREGNANT:
            since = PREGNANT_SINCE
        else:
            since = max(enrolled[family], members.born[row])
        yield Counted(row, component, facility, grade, since)
    yield from (_pregnancy(world, row) for row in world.planted["fallen"])


def _pupils(world: World, code: str) -> set[int]:
    return {member for row in world.planted[code] for member in world.members_of(row) if world.members.grade[member]}


def _unrecorded(world: World) -> set[int]:
    """Pupils whose school before July 2024 nobody wrote down in time."""
    return _pupils(world, "recorded_late") | set(planted_pupils(world, "risen"))


def _a_school_before(world: World, row: int) -> Counted:
    component, kind = _BEFORE[world.members.grade[row]]
    grade = world.members.grade[row] - 1
    return Counted(row, component, _serving(world, row, kind), grade, SCHOOL_YEAR_BEFORE, SCHOOL_YEAR_BEGAN)


def _toddler_till(world: World, row: int) -> Counted:
    posyandu = _serving(world, row, FacilityKind.POSYANDU)
    return Counted(row, Component.TODDLER, posyandu, 0, SCHOOL_YEAR_BEFORE, SCHOOL_LEARNT_OF)


def _pregnancy(world: World, family: int) -> Counted:
    mother = world.families.pengurus[family]
    return Counted(mother, Component.PREGNANT, _serving(world, mother, FacilityKind.POSYANDU), 0, *PREGNANCY_ENDED)


def _serving(world: World, row: int, kind: FacilityKind) -> int:
    choice = world.facilities.serving(kind, world.families.region_no[world.members.family[row]])
    return choice[row % len(choice)] if choice else -1
