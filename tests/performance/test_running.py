"""A month's run: found once, whoever runs it how often; the person first, and only then whoever supervises."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.fieldwork.models import HomeVisit
from harapan.p2k2.models import Attendance, Mark
from harapan.performance.answering import answer
from harapan.performance.errors import NotYourFinding
from harapan.performance.inputs import Months, read
from harapan.performance.judging import Judged
from harapan.performance.law import law_on
from harapan.performance.measures import Measured
from harapan.performance.models import Finding, FindingAnswer, FindingRecord, IntegrityRun, PersonMonth
from harapan.performance.running import _store, release_due, run
from harapan.registry.models import ComponentSpell, Facility, Family, Member, Source
from harapan.verification.models import Declaration, FacilityMonth, Observation
from tests.benefits.world import HIYUNG
from tests.performance.ground import AFTER, GROUPS, MONTH, MONTHS, RUN_ON, Field


def ran(on: date = RUN_ON) -> IntegrityRun:
    return run("2025-06", actor=0, on=on)


def seen_by(post: Post) -> set[str]:
    """Indicators of the copier's findings, through the database's policies alone."""
    with put_on(post.scope(actor=post.user_id)):
        return set(Finding.objects.filter(person__name="PENDAMPING 0").values_list("indicator", flat=True))


def test_the_copier_is_found_and_the_others_are_not(field: Field) -> None:
    made = ran()
    assert (made.people, made.records) == (12, 12 * GROUPS * len(MONTHS))
    found = Finding.objects.filter(indicator="session_copied")
    assert [each.person_id for each in found] == [field.copier.user_id]
    one = found.get()
    assert one.value == 1.0
    assert one.usual < 0.5
    assert one.region_no == 6305030000
    assert one.private_until == RUN_ON + timedelta(days=law_on(RUN_ON).private_days)
    shown = FindingRecord.objects.filter(finding=one)
    own = {each.pk for each in field.sessions if each.recorded_by_id == field.copier.user_id}
    assert {each.record for each in shown} <= own
    assert [each.place for each in shown.order_by("place")] == [1, 2, 3, 4, 5]
    work = PersonMonth.objects.get(person=field.copier.user, month=MONTH)
    assert (work.sessions, work.facility_months) == (GROUPS, 0)


def test_a_second_run_changes_nothing_and_writes_nothing(field: Field) -> None:
    ran()
    before = list(Finding.objects.order_by("pk").values())
    changes = Entry.objects.filter(subject_kind="finding").count()
    assert ran(on=date(2025, 7, 9)).findings == len(before)
    assert list(Finding.objects.order_by("pk").values()) == before
    assert Entry.objects.filter(subject_kind="finding").count() == changes
    assert IntegrityRun.objects.count() == 1


def test_what_is_met_no_more_is_marked_and_its_answer_kept(field: Field) -> None:
    ran()
    one = Finding.objects.get(indicator="session_copied")
    answer(one.pk, "Tiga keluarga itu merantau sejak Januari.", by=field.copier.user, on=RUN_ON)
    rows = Attendance.objects.filter(session__recorded_by=field.copier.user, mark=Mark.ABSENT)
    rows.update(mark=Mark.PRESENT)
    ran(on=date(2025, 7, 8))
    one.refresh_from_db()
    assert one.gone_on == date(2025, 7, 8)
    assert FindingAnswer.objects.get().finding_id == one.pk
    Attendance.objects.filter(pk__in=rows.values("pk")).update(mark=Mark.ABSENT)


def test_only_the_person_sees_it_until_the_days_are_over(field: Field) -> None:
    ran()
    mine = seen_by(field.copier)
    assert "session_copied" in mine
    others = (field.honest, field.lead, field.coordinator, field.stranger)
    assert [seen_by(post) for post in others] == [set()] * 4
    with put_on(field.lead.scope(actor=field.lead.user_id)):
        assert not FindingRecord.objects.exists()
    with put_on(Scope.batch()):
        assert release_due(on=RUN_ON + timedelta(days=law_on(RUN_ON).private_days)) == 0
        release_due(on=AFTER)
    assert seen_by(field.lead) == mine
    assert seen_by(field.coordinator) == mine
    assert (seen_by(field.honest), seen_by(field.stranger)) == (set(), set())
    with put_on(field.lead.scope(actor=field.lead.user_id)):
        assert FindingRecord.objects.exists()


def test_an_answer_shows_that_finding_at_once_and_no_other(field: Field) -> None:
    ran()
    one = Finding.objects.get(indicator="session_copied")
    with put_on(field.copier.scope(actor=field.copier.user_id)):
        answer(one.pk, "Tiga keluarga itu merantau sejak Januari.", by=field.copier.user, on=RUN_ON)
        answer(one.pk, "Surat keterangan desa menyusul.", by=field.copier.user, on=RUN_ON)
    assert seen_by(field.lead) == {"session_copied"}
    with put_on(field.lead.scope(actor=field.lead.user_id)):
        assert FindingAnswer.objects.filter(finding=one).count() == 2


def test_nobody_answers_for_another_and_an_answer_says_something(field: Field) -> None:
    ran()
    one = Finding.objects.get(indicator="session_copied")
    for post in (field.honest, field.lead, field.coordinator):
        with pytest.raises(NotYourFinding), put_on(post.scope(actor=post.user_id)):
            answer(one.pk, "Ini bukan temuan saya, tetapi saya jawab.", by=post.user, on=AFTER)
    with pytest.raises(Refused, match="10 sampai"), put_on(field.copier.scope(actor=field.copier.user_id)):
        answer(one.pk, "  tidak  ", by=field.copier.user, on=AFTER)
    assert not FindingAnswer.objects.exists()


def test_a_month_that_is_not_over_is_not_looked_at(field: Field) -> None:
    with pytest.raises(Refused, match="belum berakhir"):
        run("2025-07", actor=0, on=date(2025, 7, 31))


def test_an_officer_who_types_for_others_is_no_case(field: Field) -> None:
    typed = [each for each in field.sessions if each.recorded_by_id == field.copier.user_id]
    for session in typed:
        session.recorded_by = field.coordinator.user
        session.save()
    tables = read(Months.between("2025-01", "2025-06"))
    assert field.coordinator.user_id not in set(tables.event["person"].to_pylist())
    assert tables.event.num_rows == len(field.sessions) - len(typed)


def test_a_month_of_a_school_is_read_for_whom_it_was_declared(field: Field) -> None:
    """Two of the own pupils were away, one was left out, and a colleague's pupil of the same school is not counted."""
    school = Facility.objects.create(kind="school", name="SDN HIYUNG", name_key="SDN HIYUNG", region_id=HIYUNG)
    pupils = [_pupil(school, field.copier, n) for n in range(4)] + [_pupil(school, field.facilitators[2], 0)]
    by = field.copier.user
    now = datetime(2025, 7, 3, 8, tzinfo=UTC)
    FacilityMonth.objects.create(
        facility=school, month=MONTH, effective_days=13, manner="all_but", declared_by=by, declared_at=now
    )
    for group in field.copier.groups:
        Declaration.objects.create(
            facility=school, month=MONTH, group_no=group, district_no=6305030000, manner="all_but", declared_by=by,
            declared_at=now,
        )  # fmt: skip
    marks: tuple[dict[str, int], ...] = ({"absent_days": 2}, {"leave_days": 1}, {"outcome": 3}, {}, {"absent_days": 9})
    for pupil, mark in zip(pupils, marks, strict=True):
        if mark:
            Observation.objects.create(family=pupil.family, member=pupil, facility=school, month=MONTH, **mark)
    tables = read(Months.between("2025-06", "2025-06"))
    mine = next(row for row in tables.event.to_pylist() if row["kind"] == "school")
    told = {name: mine[name] for name in ("person", "units", "away", "reasons", "days", "subject")}
    assert told == {"person": by.pk, "units": 3, "away": 2, "reasons": 1, "days": 13, "subject": school.pk}
    rows = [row for row in tables.away.to_pylist() if row["event"] == mine["event"]]
    assert sorted((row["absent"], row["leave"], row["sick"]) for row in rows) == [(0, 1, 0), (2, 0, 0)]


def test_a_visit_is_a_record_with_the_place_and_hour_it_claims(field: Field) -> None:
    family = Family.objects.filter(group__in=field.copier.groups).order_by("pk")[0]
    told = {
        "visited_on": date(2025, 6, 10),
        "begins": time(9),
        "ends": time(9, 40),
        "latitude": -3.0,
        "longitude": 115.0,
    }
    HomeVisit.objects.create(family=family, found=True, eligible=True, visited_by=field.copier.user, **told)
    HomeVisit.objects.create(family=family, found=True, eligible=True, visited_by=field.coordinator.user, **{
        **told, "begins": time(13), "ends": time(14)})  # fmt: skip
    tables = read(Months.between("2025-06", "2025-06"))
    (mine,) = [row for row in tables.event.to_pylist() if row["kind"] == "visit"]
    assert (mine["person"], mine["subject"], mine["begins"], mine["ends"]) == (
        field.copier.user_id,
        family.pk,
        540,
        580,
    )
    (shot,) = [row for row in tables.photo.to_pylist() if row["event"] == mine["event"]]
    assert (shot["latitude"], shot["taken_at"], shot["digest"]) == (-3.0, datetime(2025, 6, 10, 9), None)  # noqa: DTZ001
    ran()
    assert PersonMonth.objects.get(person=field.copier.user, month=MONTH).facility_months == 0


def test_a_school_s_finding_is_each_one_s_who_spoke_of_it(field: Field) -> None:
    """The figure is the school's; both facilitators see and answer their own copy, a second run keeps both."""
    school = Facility.objects.create(kind="school", name="SDN HIYUNG", name_key="SDN HIYUNG", region_id=HIYUNG)
    both = field.copier, field.facilitators[2]
    rows = [
        Judged(Measured("school_copied", 0, 6305030000, 40, 0.8, 0.1, (), school.pk, tuple(p.user_id for p in both)),
               usual=0.1, strength=5.0, rarity=1e-6, found=True)
    ]  # fmt: skip
    for _turn in range(2):
        with put_on(Scope.batch(actor=0)):
            _store(rows, MONTH, law_on(RUN_ON), RUN_ON)
    found = Finding.objects.filter(indicator="school_copied")
    assert {(each.person_id, each.facility_id) for each in found} == {(post.user_id, school.pk) for post in both}
    with put_on(both[1].scope(actor=both[1].user_id)):
        assert [each.person_id for each in Finding.objects.all()] == [both[1].user_id]


def _pupil(school: Facility, post: Post, number: int) -> Member:
    family = Family.objects.filter(group__in=post.groups).order_by("pk")[number]
    pupil = Member.objects.create(family=family, name=f"ANAK {number}", name_key=f"ANAK {number}")
    ComponentSpell.objects.create(
        family=family, member=pupil, component=Component.PRIMARY, spell=DateRange(date(2024, 7, 1), None),
        source=Source.LIST, facility=school,
    )  # fmt: skip
    return pupil
