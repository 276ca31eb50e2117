"""A kabupaten of facilitators with half a year of meetings; one of them writes the same absences month after month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from itertools import count
from random import Random

from harapan.accounts.models import Post, User
from harapan.p2k2.models import Attendance, Mark, Session
from harapan.registry.models import Family, Group
from tests.benefits.world import CEMPAKA, HIYUNG, World
from tests.web.signing import person

MONTHS = (1, 2, 3, 4, 5, 6)
MONTH, RUN_ON, AFTER = (
    202506,
    date(2025, 7, 5),
    date(2025, 7, 20),
)  # after: the days that are the person's alone are over
FAMILIES, GROUPS = 8, 2


@dataclass
class Field:
    facilitators: list[Post]
    lead: Post
    coordinator: Post
    stranger: Post
    sessions: list[Session] = field(default_factory=list)

    @property
    def copier(self) -> Post:
        return self.facilitators[0]

    @property
    def honest(self) -> Post:
        return self.facilitators[1]


def make_field(world: World, *, facilitators: int = 12) -> Field:
    """The copier works in Tapin Tengah."""
    people, numbers, chance = [], count(1), Random(3)
    sessions: list[Session] = []
    rows: list[Attendance] = []
    for number in range(facilitators):
        village = HIYUNG if number % 2 == 0 else CEMPAKA
        made = [Group.objects.create(name=f"Kelompok {number}-{n}", region_id=village) for n in range(GROUPS)]
        post = person("facilitator", regions=(village // 10000 * 10000,), groups=tuple(g.pk for g in made),
                      name=f"PENDAMPING {number}")  # fmt: skip
        people.append(post)
        Group.objects.filter(pk__in=[group.pk for group in made]).update(facilitator=post.user)
        for group in made:
            families = [_family(group, next(numbers)) for _ in range(FAMILIES)]
            for month in MONTHS:
                session = _session(group, month, post.user, number)
                sessions.append(session)
                away = set(families[:3]) if number == 0 else set(chance.sample(families, chance.randint(1, 3)))
                rows += [_said(session, family, Mark.ABSENT if family in away else Mark.PRESENT) for family in families]
    Session.objects.bulk_create(sessions)
    for row in rows:
        row.session_id = row.session.pk
    Attendance.objects.bulk_create(rows)
    return Field(
        people,
        lead=person("district_lead", regions=(6305030000,), name="KETUA TIM"),
        coordinator=person("regency_coordinator", regions=(6305000000,), name="KORKAB"),
        stranger=person("regency_coordinator", regions=(6306000000,)),
        sessions=sessions,
    )


def _family(group: Group, number: int) -> Family:
    return Family.objects.create(
        region_id=group.region_id, group=group, name=f"IBU {number}", name_key=f"IBU {number}",
        registered_on=date(2024, 1, 1), dtks_id=f"INV{number}",
    )  # fmt: skip


def _session(group: Group, month: int, by: User, number: int) -> Session:
    day = date(2025, month, 3 + number)
    return Session(
        group=group, region_no=group.region_id, held_on=day, begins=time(9 + 2 * (group.pk % 3)),
        ends=time(10 + 2 * (group.pk % 3)), lesson="klasik-1.1", place="Balai desa", speaker="Pendamping", year=2025,
        number=month, recorded_by=by, recorded_at=datetime(2025, month, 3 + number, 9, tzinfo=UTC),
    )  # fmt: skip


def _said(session: Session, family: Family, mark: Mark) -> Attendance:
    return Attendance(
        session=session, family=family, region_no=family.region_id, group_no=family.group_id, held_on=session.held_on,
        begins=session.begins, ends=session.ends, lesson=session.lesson, mark=mark, manner=Attendance.Manner.SINGLE,
        said_by=session.recorded_by, said_at=session.recorded_at,
    )  # fmt: skip
