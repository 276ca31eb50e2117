"""Who lacks which course, the queue in its order, the plan that empties it, and what clears a role."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from harapan.accounts import roles
from harapan.accounts.models import Clearance, Post
from harapan.accounts.permission import allows, demand
from harapan.core.errors import NotCleared
from harapan.database.scope import Scope, put_on
from harapan.policy.reader import Policy, default_policy
from harapan.regions.codes import Level
from harapan.training.certificates.issuing import issue_batch
from harapan.training.certificates.revoking import revoke
from harapan.training.dated_data import centres
from harapan.training.models import Batch, Certificate, Enrolment, PlacePlan
from harapan.training.needs import law
from harapan.training.needs.accepting import QueueChanged, accept, draw_up
from harapan.training.needs.by_region import needs_by_region, people_standing
from harapan.training.needs.clearing import refresh_clearances
from harapan.training.needs.planning import MonthGone, NobodyWaits, NoCapacity
from harapan.training.needs.queue import queue_of
from harapan.training.needs.standing import MISSING, State, months_after, standings
from harapan.workforce.staff import beginning
from harapan.workforce.taking_on import take_on
from tests.certificates.conftest import HSS, SIGNER, TAPIN, TAPIN_TENGAH, TODAY, School

MONTH = "2025-08"


def states(school: School, name: str) -> dict[str, State]:
    return {each.course_code: each.state for each in standings(on=TODAY, people=[school.people[name].pk])}


def overlaid(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, Any]) -> Policy:
    rows = {key: [{"from": date(2007, 1, 1), "value": value}] for key, value in values.items()}
    made = default_policy().with_overlay(rows)
    monkeypatch.setattr(law, "default_policy", lambda: made)
    return made


def test_the_time_runs_from_the_day_the_role_was_taken_up(school: School) -> None:
    school.staff("BARU", since=date(2025, 4, 1))
    school.staff("LAMA", since=date(2022, 1, 3))
    assert states(school, "BARU") == {"bimtap": State.LACKING, "diklat-p2k2": State.LACKING}
    assert states(school, "LAMA") == {"bimtap": State.LATE, "diklat-p2k2": State.LATE}
    (bimtap, diklat) = standings(on=TODAY, people=[school.people["BARU"].pk])
    assert (bimtap.due_on, diklat.due_on) == (date(2025, 7, 1), date(2027, 4, 1))


def test_a_course_counts_by_pass_by_certificate_and_no_longer_when_revoked(school: School) -> None:
    school.staff("ANI", since=date(2022, 1, 3))
    batch = school.batch()
    school.enrol(batch, ["ANI"])
    assert states(school, "ANI")["diklat-p2k2"] is State.HAD  # passed, the paper to come
    (held,) = issue_batch(batch, signer=SIGNER, post=school.centre, by=school.centre.user, on=TODAY)
    assert states(school, "ANI")["diklat-p2k2"] is State.HAD
    revoke(held, letter="B/1", reason="nilainya palsu", post=school.centre, by=school.centre.user, on=TODAY)
    assert states(school, "ANI")["diklat-p2k2"] is State.LATE


@pytest.mark.parametrize(
    ("ended", "state"),
    [
        (date(2020, 11, 21), State.HAD),  # counts six months and a day more
        (date(2020, 11, 19), State.EXPIRING),
        (date(2020, 5, 20), State.EXPIRING),  # the last day
        (date(2020, 5, 19), State.EXPIRED),
    ],
)
def test_a_certificate_ends_and_calls_for_a_refresher(school: School, ended: date, state: State) -> None:
    school.staff("ANI", since=date(2018, 1, 1))
    school.enrol(school.batch(ends=ended), ["ANI"])
    assert states(school, "ANI")["diklat-p2k2"] is state


def test_who_has_a_place_waits_no_more(school: School) -> None:
    school.staff("ANI", since=date(2022, 1, 3))
    ahead = school.batch(ends=date(2025, 6, 14))
    Batch.objects.filter(pk=ahead.pk).update(state=Batch.State.INVITED)
    (place,) = school.enrol(ahead, ["ANI"], Enrolment.State.INVITED)
    assert states(school, "ANI")["diklat-p2k2"] is State.PLACED
    assert queue_of(school.diklat, on=TODAY) == []
    Enrolment.objects.filter(pk=place.pk).update(state=Enrolment.State.DECLINED)
    assert states(school, "ANI")["diklat-p2k2"] is State.LATE


def test_who_left_or_holds_no_such_role_must_have_nothing(school: School) -> None:
    gone = school.staff("GONE", since=date(2022, 1, 3))
    gone.until = date(2025, 1, 1)
    gone.save()
    school.staff("ENDED", since=date(2022, 1, 3))
    Post.objects.filter(pk=school.posts["ENDED"].pk).update(until=date(2025, 1, 1))
    school.staff("OFFICE", role="regency_office", region=TAPIN)
    assert [each.name for each in standings(on=TODAY)] == []


def test_regions_are_counted_and_people_listed_as_the_reader_sees_them(school: School) -> None:
    for name in ("ANI", "BUDI"):
        school.staff(name, since=date(2022, 1, 3))
    school.staff("HASAN", region=HSS + 10_000, since=date(2025, 4, 1))
    school.enrol(school.batch(), ["ANI"])
    found = {
        (each.region_no, each.course): (each.must, each.had, each.overdue)
        for each in needs_by_region(level=Level.REGENCY, on=TODAY)
    }
    assert found[TAPIN, school.diklat.pk] == (2, 1, 1)
    assert found[HSS, school.diklat.pk] == (1, 0, 0)
    assert found[TAPIN, school.bimtap.pk] == (2, 0, 2)
    with put_on(Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=7, via="test")):
        lacking = people_standing(on=TODAY, course=school.diklat.pk, states=MISSING, within=None)
        assert [each.name for each in lacking.order_by("name")] == ["BUDI"]
        assert {each.region_no for each in needs_by_region(level=Level.REGENCY, on=TODAY)} == {TAPIN}


def test_statements_do_not_grow_with_people(school: School) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connections["default"]) as found:
            list(standings(on=TODAY))
            needs_by_region(level=Level.REGENCY, on=TODAY)
            list(people_standing(on=TODAY, course=None, states=MISSING, within=None))
            queue_of(school.diklat, on=TODAY)
        return len(found)

    school.staff("SATU", since=date(2022, 1, 3))
    few = asked()
    for number in range(5):
        school.staff(f"LAIN {number}", since=date(2022, 1, 3))
    assert asked() == few == 4


def test_months_end_where_the_month_does() -> None:
    assert months_after(date(2024, 11, 30), 3) == date(2025, 2, 28)
    assert months_after(date(2024, 12, 31), 12) == date(2025, 12, 31)
    assert months_after(date(2023, 11, 30), 3) == date(2024, 2, 29)


def test_the_longest_recruited_come_first_and_a_plan_empties_the_queue(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlaid(monkeypatch, {"needs.class_size": 2, "needs.classes_per_month.banjarmasin": 1})
    for number, since in enumerate((date(2023, 1, 1), date(2021, 1, 1), date(2022, 1, 1))):
        school.staff(f"ORANG {number}", since=since)
    queue = queue_of(school.diklat, on=TODAY)
    assert [school.people[f"ORANG {number}"].pk for number in (1, 2, 0)] == [each.person for each in queue]
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert plan.digest == draw_up(school.diklat, first_month=MONTH, on=TODAY).digest
    made = accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    assert queue_of(school.diklat, on=TODAY) == []
    batches = list(Batch.objects.filter(pk__in=made.batch_nos).order_by("begins"))
    assert [(each.begins, each.ends, each.number, each.organiser) for each in batches] == [
        (date(2025, 8, 4), date(2025, 8, 13), 1, "BBPPKS Banjarmasin"),
        (date(2025, 9, 1), date(2025, 9, 10), 2, "BBPPKS Banjarmasin"),
    ]
    invited = Enrolment.objects.filter(batch=batches[0], state=Enrolment.State.INVITED)
    assert {each.person.name for each in invited} == {"ORANG 1", "ORANG 2"}
    again = accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    assert (again.pk, PlacePlan.objects.count(), Batch.objects.count()) == (made.pk, 1, 2)


def test_numbers_go_on_from_the_batches_the_centre_has(school: School) -> None:
    school.staff("ANI", since=date(2022, 1, 3))
    before = school.batch()
    Batch.objects.filter(pk=before.pk).update(wave=3, number=7)
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    made = accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    batch = Batch.objects.get(pk=made.batch_nos[0])
    assert (batch.wave, batch.number, batch.year) == (4, 8, 2025)


def test_a_class_that_a_centre_holds_already_takes_its_place(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    overlaid(monkeypatch, {"needs.classes_per_month.banjarmasin": 1})
    school.staff("ANI", since=date(2022, 1, 3))
    other = school.batch(school.bimtap, ends=date(2025, 8, 20))
    assert draw_up(school.diklat, first_month=MONTH, on=TODAY).last_month == "2025-09"
    Batch.objects.filter(pk=other.pk).update(state=Batch.State.CANCELLED)
    assert draw_up(school.diklat, first_month=MONTH, on=TODAY).last_month == "2025-08"


def test_a_plan_that_no_longer_holds_is_not_accepted(school: School) -> None:
    school.staff("ANI", since=date(2022, 1, 3))
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    school.staff("BUDI", since=date(2021, 1, 3))
    with pytest.raises(QueueChanged):
        accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    assert not Batch.objects.exists()


def test_a_plan_without_room_people_or_time_is_refused(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NobodyWaits):
        draw_up(school.diklat, first_month=MONTH, on=TODAY)
    school.staff("ANI", since=date(2022, 1, 3))
    with pytest.raises(MonthGone, match="Mei 2025"):
        draw_up(school.diklat, first_month="2025-05", on=TODAY)
    overlaid(monkeypatch, {"needs.classes_per_month.banjarmasin": 0})
    with pytest.raises(NoCapacity, match=r"BBPPKS Banjarmasin .*needs\.classes_per_month\.banjarmasin"):
        draw_up(school.diklat, first_month=MONTH, on=TODAY)


def test_every_province_is_taught_by_one_centre() -> None:
    taught = [province for each in centres(TODAY) for province in each.taught]
    assert len(taught) == len(set(taught)) == 39  # 38 provinces and the nation
    assert {each.code for each in centres(TODAY)} == set(law.classes_per_month(TODAY))


def test_by_default_nothing_is_withheld(school: School) -> None:
    school.staff("ANI", since=date(2022, 1, 3))
    assert not any(role.needs_clearance for role in roles.catalogue().values())
    assert allows(school.posts["ANI"], "session.record")
    assert refresh_clearances(on=TODAY) == 0


def test_what_policy_names_opens_with_the_course_and_closes_with_it(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = {**roles.catalogue()}
    facilitator = roles.Role(
        **{
            **{name: getattr(catalogue["facilitator"], name) for name in roles.Role.__slots__},
            "needs_clearance": frozenset({"session.record"}),
        }
    )
    catalogue["facilitator"] = facilitator
    for place in (roles, __import__("harapan.training.needs.clearing", fromlist=["x"])):
        monkeypatch.setattr(place, "catalogue", lambda: catalogue)
    overlaid(monkeypatch, {"needs.clears.facilitator": ["bimtap"]})
    school.staff("ANI", since=date(2022, 1, 3))

    def post() -> Post:
        return Post.objects.get(pk=school.posts["ANI"].pk)

    refresh_clearances(on=TODAY)
    assert not allows(post(), "session.record")
    assert allows(post(), "family.view")
    with pytest.raises(NotCleared, match="menunggu diklat wajib"):
        demand(post(), "session.record")
    batch = school.batch(school.bimtap)
    school.enrol(batch, ["ANI"])
    assert refresh_clearances(on=TODAY) == 1
    assert allows(post(), "session.record")
    assert refresh_clearances(on=TODAY) == 0
    issue_batch(batch, signer=SIGNER, post=school.centre, by=school.centre.user, on=TODAY)
    revoke(
        Certificate.objects.get(),
        letter="B/1",
        reason="nilainya palsu",
        post=school.centre,
        by=school.centre.user,
        on=TODAY,
    )
    refresh_clearances(on=TODAY)
    assert not allows(post(), "session.record")
    assert not Clearance.objects.exists()


def test_the_first_days_read_the_courses_that_are_due_in_them(school: School) -> None:
    """The long diklat is not due within the first days; whoever leads has no course that is."""
    for name in ("BARU", "LULUS"):
        school.staff(name, since=date(2025, 4, 1))
    school.staff("KETUA", role="district_lead", since=date(2025, 4, 1))
    alone = take_on("TANPA AKUN", region_no=TAPIN_TENGAH, since=date(2025, 4, 1))
    school.enrol(school.batch(school.bimtap, ends=date(2025, 4, 20)), ["LULUS"])
    found = beginning.progress([*school.people.values(), alone], on=TODAY)
    taught = {each.person.name: step for each in found for step in each.steps if step.step.code == "courses"}
    assert {name: step.done for name, step in taught.items()} == {
        "BARU": False, "LULUS": True, "KETUA": True, "TANPA AKUN": False,
    }  # fmt: skip
    assert not any(step.told for step in taught.values())
