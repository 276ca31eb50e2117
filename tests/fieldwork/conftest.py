from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.core.names import name_key
from harapan.fieldwork.candidates import PutForward, put_forward, set_quota
from harapan.fieldwork.first_meetings import Answered, note_answers, note_reading, plan_meeting
from harapan.fieldwork.models import Candidacy, FirstMeeting, Invitation
from harapan.fieldwork.workers import Worker, worker_of
from harapan.registry.grouping import candidates_groups
from harapan.registry.models import Family, Group, Member
from tests.benefits.world import CEMPAKA, HIYUNG, HSS, TAPIN, World, make_world
from tests.web.signing import person

TODAY = date(2025, 5, 20)
MONTH = "2025-05"
Candidates = Callable[..., list[Candidacy]]


@dataclass
class Field:
    """A facilitator with one group of families in Hiyung, a colleague next door, and who looks on."""

    world: World
    group: Group
    families: list[Family]
    facilitator: Post
    colleague: Post
    lead: Post
    stranger: Post

    @property
    def worker(self) -> Worker:
        return worker_of(self.facilitator)


@pytest.fixture
def world(system: Any) -> World:
    return make_world()


@pytest.fixture
def village(world: World) -> Group:
    """The group that holds the candidates of Hiyung, with a quota of three places."""
    set_quota(HIYUNG, 3, source="Surat pusat 12/2025", from_on=date(2025, 3, 1), by=world.user, on=date(2025, 3, 1))
    return candidates_groups([HIYUNG], on=TODAY)[HIYUNG]


def a_family(group: Group, name: str, *, born: date = date(1990, 5, 5)) -> Family:
    """A family that is no member, with a pengurus, in the group that holds candidates."""
    family = Family.objects.create(
        region_id=group.region_id, group=group, name=name, name_key=name_key(name), registered_on=TODAY
    )
    Member.objects.create(
        family=family, name=name, name_key=name_key(name), manager=True, relation="manager", born_on=born
    )
    return family


@pytest.fixture
def candidates(world: World, village: Group) -> Candidates:
    """So many candidates put forward on a day, the first with the best rank."""

    def made(count: int = 1, *, on: date = date(2025, 3, 3)) -> list[Candidacy]:
        start = Candidacy.objects.count() + 1
        families = [a_family(village, f"CALON {number}") for number in range(start, start + count)]
        rows = [PutForward(family.pk, desil=1, rank=place) for place, family in enumerate(families, start=start)]
        found = put_forward(rows, by=world.user, on=on)
        return [found[family.pk] for family in families]

    return made


def meet(world: World, village: Group, *, held_on: date = date(2025, 3, 10), on: date = TODAY) -> FirstMeeting:
    """A first meeting with everybody not yet invited, rights read out where it is over."""
    meeting = plan_meeting(
        village.pk, kind=FirstMeeting.Kind.FIRST, held_on=held_on, begins=time(9), place="Balai desa", by=world.user,
        on=date(2025, 3, 5),
    )  # fmt: skip
    return note_reading(meeting.pk, read_by="Pendamping 1", by=world.user, on=on) if held_on <= on else meeting


def agree(world: World, meeting: FirstMeeting, *families: int, consent: int = Invitation.Consent.SIGNED) -> Any:
    """These families came and signed; the paper lies in the village office."""
    rows = Invitation.objects.filter(meeting=meeting, family__in=families)
    answer = Answered(Invitation.Came.PRESENT, Invitation.Consent(consent), paper="map desa 1")
    return note_answers(meeting.pk, {row.pk: answer for row in rows}, by=world.user, on=date(2025, 3, 12))


@pytest.fixture
def field(world: World) -> Field:
    group, other = world.groups[HIYUNG], world.groups[CEMPAKA]
    facilitator = person("facilitator", regions=(6305030000,), groups=(group.pk,), name="SITI RAHMAH")
    colleague = person("facilitator", regions=(6305020000,), groups=(other.pk,), name="NOOR AINI")
    group.facilitator, other.facilitator = facilitator.user, colleague.user
    group.save()
    other.save()
    facilitator.user.staff_number = "198801012019032001"
    facilitator.user.save()
    families = [world.family(name=f"KELUARGA {number}", members=1) for number in range(4)]
    return Field(
        world, group, families, facilitator, colleague,
        lead=person("regency_coordinator", regions=(TAPIN,), name="LEAD TAPIN"),
        stranger=person("regency_coordinator", regions=(HSS,)),
    )  # fmt: skip
