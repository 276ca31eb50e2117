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
from harapan.training.models import Batch, Certificate, Course, Enrolment, PlacePlan, Quota
from harapan.training.needs import law
from harapan.training.needs.accepting import CourseEnds, QueueChanged, accept, draw_up
from harapan.training.needs.by_region import needs_by_region, people_standing
from harapan.training.needs.clearing import refresh_clearances
from harapan.training.needs.planning import MonthGone, NobodyWaits, NoCapacity, Plan
from harapan.training.needs.queue import queue_of
from harapan.training.needs.standing import MISSING, State, months_after, standings
from harapan.workforce.models import Departure, Person
from harapan.workforce.staff import beginning
from harapan.workforce.taking_on import take_on
from tests.certificates.conftest import HSS, SIGNER, SOUTH_KALIMANTAN, TAPIN, TAPIN_TENGAH, TODAY, School

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


def standing(school: School, *, ends: date = date(2025, 8, 20), course: Course | None = None) -> Batch:
    """A batch of the centre that takes people still."""
    made = school.batch(course, ends=ends)
    Batch.objects.filter(pk=made.pk).update(state=Batch.State.INVITED)
    return made


def where(plan: Plan) -> dict[str, tuple[int, date]]:
    """By name: the batch that stands (0: a class to be made) and its first day."""
    names = dict(Person.objects.values_list("pk", "name"))
    return {names[one.person]: (each.batch, each.begins) for each in plan.all for one in each.people}


def test_free_seats_of_standing_batches_are_filled_before_a_class_is_opened(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlaid(monkeypatch, {"needs.class_size": 2, "needs.classes_per_month.banjarmasin": 7})
    for number in range(3):
        school.staff(f"ORANG {number}", since=date(2021, 1, 1 + number))
    there, full, gone, early, theirs = (standing(school) for _each in range(5))
    school.staff("SUDAH", since=date(2022, 1, 3))
    school.staff("PENUH", since=date(2022, 1, 3))
    school.enrol(there, ["SUDAH"], Enrolment.State.CONFIRMED)
    school.enrol(full, ["PENUH"], Enrolment.State.INVITED)
    Quota.objects.create(batch=full, region_id=TAPIN, places=1)
    Enrolment.objects.filter(batch=full).update(quota=Quota.objects.get())
    Batch.objects.filter(pk=gone.pk).update(state=Batch.State.CANCELLED)
    Batch.objects.filter(pk=early.pk).update(begins=date(2025, 7, 1), ends=date(2025, 7, 10))
    Batch.objects.filter(pk=theirs.pk).update(region_no=SOUTH_KALIMANTAN)
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert where(plan) == {
        "ORANG 0": (there.pk, date(2025, 8, 11)),
        "ORANG 1": (0, date(2025, 8, 4)),
        "ORANG 2": (0, date(2025, 8, 4)),
    }
    assert plan.filled[0].words == (
        f"Kursi kosong gelombang 1 angkatan {there.number} di BBPPKS Banjarmasin, "
        "11 Agustus 2025 sampai 20 Agustus 2025"
    )
    made = accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    assert (made.people, len(made.batch_nos), made.places.count()) == (3, 1, 3)
    assert queue_of(school.diklat, on=TODAY) == []
    coming = there.enrolments.values_list("person__name", "state")
    assert set(coming) == {("SUDAH", "confirmed"), ("ORANG 0", "invited")}


def test_seats_of_a_quota_go_to_those_it_counts(school: School) -> None:
    there = standing(school)
    Quota.objects.create(batch=there, region_id=HSS, places=1)
    for name, region in (("ANI", TAPIN_TENGAH), ("HASAN", HSS + 10_000), ("HAMDAN", HSS + 10_000)):
        school.staff(name, region=region, since=date(2022, 1, 3))
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert {name: batch for name, (batch, _day) in where(plan).items()} == {"HASAN": there.pk, "ANI": 0, "HAMDAN": 0}
    accept(school.diklat, first_month=MONTH, digest=plan.digest, by=school.centre.user, on=TODAY)
    assert [row.quota.region_id for row in there.enrolments.all()] == [HSS]


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (Enrolment.State.INVITED, "sudah mendapat tempat di Bimtap SDM baru pada 5 Agustus 2025 sampai 7 Agustus 2025"),
        (Enrolment.State.CONFIRMED, "sudah mendapat tempat di Bimtap SDM baru"),
        (Enrolment.State.DECLINED, "tidak dapat mengikuti Bimtap SDM baru pada 5 Agustus 2025"),
    ],
)
def test_nobody_is_placed_on_days_given_away(
    school: School, monkeypatch: pytest.MonkeyPatch, state: Enrolment.State, why: str
) -> None:
    """The next class takes them, and the seat on those days goes to the next in the queue."""
    overlaid(monkeypatch, {"needs.class_size": 1, "needs.classes_per_month.banjarmasin": 2})
    school.staff("ANI", since=date(2021, 1, 3))
    school.staff("BUDI", since=date(2022, 1, 3))
    school.enrol(standing(school, course=school.bimtap, ends=date(2025, 8, 7)), ["ANI"], state)
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert where(plan) == {"BUDI": (0, date(2025, 8, 4)), "ANI": (0, date(2025, 9, 1))}
    assert list(plan.kept) == [school.people["ANI"].pk]
    assert why in plan.kept[school.people["ANI"].pk].words


def test_nobody_is_placed_on_days_of_leave(school: School) -> None:
    away = school.staff("ANI", since=date(2021, 1, 3))
    school.staff("BUDI", since=date(2022, 1, 3))
    for person, letter in ((away, "CUTI/1"), (school.people["BUDI"], "")):  # one granted, one asked for
        Departure.objects.create(
            person=person, kind="leave", leaves_on=date(2025, 7, 1), back_on=date(2025, 8, 12), why="cuti melahirkan",
            letter=letter, asked_on=None if letter else TODAY, planned_by=school.centre.user,
        )  # fmt: skip
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert where(plan) == {"BUDI": (0, date(2025, 8, 4)), "ANI": (0, date(2025, 9, 1))}
    assert plan.kept[away.pk].words == "cuti 1 Juli 2025 sampai 11 Agustus 2025"


def test_who_declined_a_batch_is_not_put_into_it_again(school: School) -> None:
    school.staff("ANI", since=date(2021, 1, 3))
    there = standing(school, ends=date(2025, 8, 13))
    school.enrol(there, ["ANI"], Enrolment.State.DECLINED)
    plan = draw_up(school.diklat, first_month=MONTH, on=TODAY)
    assert where(plan) == {"ANI": (0, date(2025, 9, 1))}


def test_courses_online_keep_nobody_from_a_class(school: School) -> None:
    online = Course.objects.create(code="daring", name="Daring", kind="elearning", days=30, hours=9)
    school.staff("ANI", since=date(2021, 1, 3))
    school.enrol(standing(school, course=online), ["ANI"], Enrolment.State.CONFIRMED)
    assert where(draw_up(school.diklat, first_month=MONTH, on=TODAY)) == {"ANI": (0, date(2025, 8, 4))}


def test_no_class_begins_after_its_course_has_ended(school: School) -> None:
    school.staff("ANI", since=date(2021, 1, 3))
    Course.objects.filter(pk=school.diklat.pk).update(until=date(2025, 8, 3))
    school.diklat.refresh_from_db()
    with pytest.raises(CourseEnds, match=r"berlaku sampai 3 Agustus 2025, .* mulai 4 Agustus 2025"):
        draw_up(school.diklat, first_month=MONTH, on=TODAY)


def test_whose_last_day_is_settled_waits_for_no_place(school: School) -> None:
    leaving = school.staff("ANI", since=date(2021, 1, 3))
    leaving.until = date(2025, 6, 1)
    leaving.save()
    assert states(school, "ANI")["diklat-p2k2"] is State.LATE
    assert queue_of(school.diklat, on=TODAY) == []


def test_what_a_plan_finds_standing_costs_the_same_whatever_it_is(school: School) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connections["default"]) as found:
            draw_up(school.diklat, first_month=MONTH, on=TODAY)
        return len(found)

    def more(name: str) -> None:
        school.staff(name, since=date(2022, 1, 3))
        Quota.objects.create(batch=standing(school), region_id=TAPIN, places=1)

    more("SATU")
    few = asked()
    for number in range(4):
        more(f"LAIN {number}")
    assert asked() == few


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
