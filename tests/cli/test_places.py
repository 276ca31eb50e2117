"""`harapan places`, as a program reads it: a plan looked at, and the same plan carried out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from harapan.cli import places, session
from harapan.core.errors import Forbidden, Refused
from harapan.database import day
from harapan.training.models import Batch, Enrolment, PlacePlan
from tests.certificates.conftest import TODAY, School, school
from tests.cli.test_stage import acts, run

__all__ = ["school"]


@pytest.fixture(autouse=True)
def _as_whom(school: School, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(day, "today", lambda: TODAY)
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    acts["bbppks"], acts["katim"] = school.centre, school.regency
    yield
    acts.clear()


def plan(*more: str, by: str = "bbppks", course: str = "diklat-p2k2") -> Any:
    return run(places.command, "plan", course, "--from", "2025-08", "--as", by, *more)


def test_a_plan_is_shown_and_then_carried_out_as_shown(school: School) -> None:
    for number in range(3):
        school.staff(f"ORANG {number}", since=date(2022, 1, 3))
    shown = plan()
    assert (shown["people"], shown["classes"], shown["accepted"]) == (3, 1, False)
    assert shown["months"] == [{"centre": "BBPPKS Banjarmasin", "month": "2025-08", "classes": 1, "people": 3}]
    assert not Batch.objects.exists()
    done = plan("--accept")
    assert (done["digest"], done["accepted"]) == (shown["digest"], True)
    assert (PlacePlan.objects.get().people, Enrolment.objects.count()) == (3, 3)


def test_only_who_may_plans_and_only_courses_that_are_there(school: School) -> None:
    with pytest.raises(Forbidden):
        plan(by="katim")
    with pytest.raises(Refused, match="bimtap, diklat-p2k2"):
        plan(course="menari")
