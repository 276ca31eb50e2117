"""A province with people of its regencies, its coordinator, and the courses that come with Harapan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from harapan.accounts.models import Post, User
from harapan.database.fields import draw_ids
from harapan.database.scope import Scope, put_on
from harapan.regions.models import Region
from harapan.training import dividing, inviting, planning, timetable
from harapan.training.models import Batch, Course, Enrolment, TrainingClass
from harapan.training.rules import Division
from harapan.workforce.models import Person
from tests.web.signing import person

KALSEL, BANJARMASIN, TAPIN, HSS = 6_300_000_000, 6_371_000_000, 6_305_000_000, 6_306_000_000
TODAY = date(2023, 2, 1)
BEGINS = date(2023, 2, 20)
# the fourteen quotas of Banjarmasin, 20 February 2023
BIMTEK_2023 = {
    6371: 7, 6372: 5, 6303: 7, 6305: 4, 6306: 5, 6307: 5, 6308: 7, 6311: 4, 6309: 5, 6304: 5, 6301: 5, 6310: 4,
    6302: 4, 63: 8,
}  # fmt: skip
_serial = count(1)


def since_2022(post: Post) -> Post:
    """The same post, held since before the Bimtek of 2023."""
    post.since = date(2022, 1, 3)
    post.save(update_fields=["since"])
    return post


@dataclass
class Training:
    """The coordinator of the province, the centre, and whatever a test plans."""

    province: Post
    centre: Post
    made: list[Person] = field(default_factory=list)

    @property
    def by(self) -> User:
        return self.province.user

    def people(self, number: int, region_no: int, **facts: Any) -> list[Person]:
        """So many persons who serve there, written at once."""
        ids = draw_ids(Person, number)
        rows = [
            Person(
                id=pk, name=f"PESERTA {pk:05d}", region_no=region_no, since=date(2022, 1, 3),
                staff_number=f"SDM{next(_serial):06d}", sex=1 + pk % 2, **facts,
            )
            for pk in ids
        ]  # fmt: skip
        Person.objects.bulk_create(rows)
        self.made += rows
        return rows

    def with_account(self, role: str, region_no: int, name: str = "RAHMI") -> tuple[Post, Person]:
        post = since_2022(person(role, regions=(region_no,) if region_no else (), name=name))
        made = Person.objects.create(
            name=name,
            user=post.user,
            region_no=region_no,
            since=date(2022, 1, 3),
            staff_number=f"SDM{next(_serial):06d}",
        )
        return post, made

    def batch(self, code: str = "bimtek", *, post: Post | None = None, begins: date = BEGINS, **facts: Any) -> Batch:
        course = Course.objects.get(code=code)
        post = post or self.province
        told = planning.BatchFacts(
            course, facts.pop("wave", 1), begins, facts.pop("ends", begins + timedelta(days=course.days - 1)),
            facts.pop("place", "Hotel Banjarmasin"), facts.pop("organiser", "Dinas Sosial"),
        )  # fmt: skip
        return planning.plan_batch(told, post=post, by=post.user, on=TODAY)

    def quota(self, batch: Batch, places: dict[int, int]) -> None:
        regions = {no: Region.objects.get(no=no) if no else None for no in places}
        planning.set_quotas(batch.pk, [(regions[no], number) for no, number in places.items()], by=self.by)

    def invite(self, batch: Batch, people: Sequence[Person]) -> inviting.Invited:
        return inviting.invite(batch.pk, [each.pk for each in people], by=self.by, on=TODAY)

    def taught(self, batch: Batch, trainers: int = 0) -> list[TrainingClass]:
        """Divided by region and with a whole timetable."""
        people = Enrolment.objects.coming().filter(batch=batch).count()
        rooms = [f"Ruang {number}" for number in range(1, people // 40 + 2)]
        classes = dividing.divide(batch.pk, how=Division.REGION, rooms=rooms, by=self.by, on=TODAY)
        names = [f"PELATIH {number}" for number in range(trainers or len(classes))]
        ids = [timetable.add_trainer(name, "BBPPKS", by=self.by).pk for name in names]
        timetable.propose(batch.pk, ids, by=self.by, on=TODAY)
        return classes


@pytest.fixture
def training(system: Scope) -> Training:
    planning.take_over_courses()
    return Training(
        since_2022(person("province_coordinator", regions=(KALSEL,), name="KATIM PROVINSI")),
        since_2022(person("training_centre", name="BBPPKS")),
    )


def as_post(post: Post) -> Any:
    """The scope that a page puts on for this post."""
    return put_on(post.scope(actor=post.user_id, via="test"))
