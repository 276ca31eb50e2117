"""A centre, a province and a kabupaten with facilitators; courses, a batch, and passes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.database import day
from harapan.training.certificates.wording import Signer
from harapan.training.models import Batch, Course, Enrolment
from harapan.workforce.models import Person
from harapan.workforce.taking_on import take_on
from tests.web.signing import person

TODAY = date(2025, 5, 20)
SOUTH_KALIMANTAN, TAPIN, TAPIN_TENGAH, HSS = 6300000000, 6305000000, 6305030000, 6306000000
SIGNER = Signer("SRI LESTARI", "Kepala BBPPKS Banjarmasin", "197001012000012001")
_numbers = count(1)


@dataclass
class School:
    """Who teaches and who learns; people by name."""

    centre: Post
    province: Post
    regency: Post
    bimtap: Course
    diklat: Course
    posts: dict[str, Post] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def staff(self, name: str, *, role: str = "facilitator", region: int = TAPIN_TENGAH, since: date = TODAY) -> Person:
        """Somebody with an account, a post and a record since a day."""
        post = person(role, regions=(region,), name=name)
        Post.objects.filter(pk=post.pk).update(since=since)
        made = take_on(
            name, region_no=region, since=since, user=post.user, staff_number=f"19900101{next(_numbers):04d}"
        )
        self.posts[name], self.people[name] = post, made
        return made

    def batch(self, course: Course | None = None, *, ends: date = date(2025, 3, 14), region_no: int = 0) -> Batch:
        course = course or self.diklat
        begins = ends - timedelta(days=course.days - 1)
        return Batch.objects.create(
            course=course, year=ends.year, number=next(_numbers), region_no=region_no, organiser="BBPPKS Banjarmasin",
            place="Banjarmasin", begins=begins, ends=ends, state=Batch.State.ENDED,
        )  # fmt: skip

    def enrol(self, batch: Batch, names: Iterable[str], state: Enrolment.State = Enrolment.State.PASSED) -> list[Any]:
        ended = batch.ends if state in (Enrolment.State.PASSED, Enrolment.State.FAILED) else None
        return [
            Enrolment.objects.create(person=self.people[name], batch=batch, state=state, ended_on=ended)
            for name in names
        ]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(day, "today", lambda: TODAY)


@pytest.fixture
def school(system: Any) -> School:
    return School(
        person("training_centre", name="BALAI"),
        person("province_coordinator", regions=(SOUTH_KALIMANTAN,), name="KATIM PROVINSI"),
        person("regency_coordinator", regions=(TAPIN,), name="KATIM TAPIN"),
        Course.objects.create(code="bimtap", name="Bimtap SDM baru", kind="bimtap", days=3, hours=24),
        Course.objects.create(
            code="diklat-p2k2", name="Diklat P2K2/FDS", kind="diklat", days=10, hours=90, validity_months=60
        ),
    )
