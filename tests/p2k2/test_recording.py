"""Meetings and marks against PostgreSQL: what cannot be is refused in words, the rest of the deed is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from harapan.accounts.models import User
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import Scope, atomic, put_on
from harapan.p2k2.attending import Said, mark_attendance, roster
from harapan.p2k2.errors import (
    EndsBeforeItBegan,
    GroupMetThen,
    MonthClosed,
    NotYetHeld,
    ReasonMissing,
    UnknownLesson,
)
from harapan.p2k2.models import Attendance, Mark, Session
from harapan.p2k2.recording import correct_session, record_session, remove_session
from harapan.registry.actions import NotYours
from harapan.registry.grouping import move_to_group
from harapan.registry.models import NO_GROUP, Member
from harapan.workforce.models import Mentorship
from harapan.workforce.staff.beginning import progress
from harapan.workforce.taking_on import take_on
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, TAPIN, World
from tests.p2k2.conftest import FACTS, TODAY, Record

TOLD = {"on": TODAY}


def mark(session: Session, world: World, said: dict[int, Said] | None = None, **more: Any) -> Any:
    return mark_attendance(session.pk, said or {}, by=world.user, **{**TOLD, **more})


def test_a_meeting_stands_with_who_recorded_it_and_a_number_of_its_group_and_year(world: World, record: Record) -> None:
    first, second = record(), record(held_on=date(2025, 5, 20))
    other = record(village=CEMPAKA)
    assert [each.number for each in (first, second, other)] == [1, 2, 1]
    assert first.report_number == f"001/P2K2/{world.groups[HIYUNG].pk}/2025"
    assert (first.recorded_by, first.region_no) == (world.user, HIYUNG)
    assert Entry.objects.filter(verb="session.recorded", subject=world.groups[HIYUNG].pk).count() == 2
    assert not Attendance.objects.exists()


@pytest.mark.parametrize(
    ("told", "refusal", "said"),
    [
        ({"held_on": TODAY + timedelta(days=1)}, NotYetHeld, "belum terjadi; hari ini 20 Mei 2025"),
        ({"begins": time(16), "ends": time(14)}, EndsBeforeItBegan, "Jam selesai 14.00"),
        ({"ends": time(14)}, EndsBeforeItBegan, "tidak sesudah"),
        ({"lesson": "klasik-9.9"}, UnknownLesson, "klasik-9.9"),
        ({"lesson": "2026-1.1"}, UnknownLesson, "berlaku pada 19 Mei 2025"),
        ({"place": "  "}, Refused, "tempat kosong"),
        ({"speaker": ""}, Refused, "narasumber kosong"),
        ({"held_on": date(2025, 5, 2)}, ReasonMissing, "18 hari kemudian"),
        ({"held_on": date(2025, 3, 2)}, MonthClosed, "Maret 2025 ditutup sejak 2 Mei 2025"),
        ({"held_on": date(1999, 3, 2)}, Refused, "lebih dahulu daripada PKH"),
    ],
)
def test_what_cannot_be_is_refused_in_words(record: Record, told: dict[str, Any], refusal: type, said: str) -> None:
    with pytest.raises(refusal, match=said):
        record(**told)
    assert not Session.objects.exists()


def test_a_late_meeting_is_taken_with_a_reason_and_a_closed_month_by_who_may(record: Record) -> None:
    late = record(held_on=date(2025, 5, 2), late_because="tidak ada sinyal")
    assert late.late_because == "tidak ada sinyal"
    closed = record(held_on=date(2025, 3, 2), late_because="formulir kertas tertinggal", completes=True)
    assert closed.held_on == date(2025, 3, 2)


def test_a_group_meets_once_at_a_time(record: Record) -> None:
    record()
    with pytest.raises(GroupMetThen, match=r"pukul 14\.00 sampai 16\.00"):
        record(begins=time(15), ends=time(17))
    record(begins=time(16), ends=time(17))  # right after
    record(village=CEMPAKA)


def test_nobody_is_present_until_someone_says_so(world: World, record: Record) -> None:
    families = [world.family() for _ in range(3)]
    session = record()
    assert set(roster(session)) == set(families)
    assert not Attendance.objects.exists()


def test_all_present_but_some_is_one_deed_and_stands_per_family(world: World, record: Record) -> None:
    families = [world.family() for _ in range(5)]
    session = record()
    told = {
        families[0].pk: Said(Mark.SICK),
        families[1].pk: Said(Mark.ABSENT),
        families[2].pk: Said(Mark.REPRESENTED, "Rahmah, adik"),
    }
    assert mark(session, world, told, rest=Mark.PRESENT).saved == 5
    rows = {row.family_id: row for row in Attendance.objects.all()}
    assert [rows[each.pk].mark for each in families] == [Mark.SICK, Mark.ABSENT, Mark.REPRESENTED, 1, 1]
    assert [rows[each.pk].manner for each in families] == [1, 1, 1, 2, 2]
    assert {(row.said_by, row.held_on, row.lesson, row.region_no) for row in rows.values()} == {
        (world.user, session.held_on, session.lesson, HIYUNG)
    }


def test_the_first_meeting_of_somebody_new_is_a_step_of_their_first_days(world: World, record: Record) -> None:
    new = take_on("FITRI", region_no=TAPIN, since=date(2025, 5, 1), user=world.user)
    old = take_on("ANI", region_no=TAPIN, since=date(2025, 5, 1))

    def first(on: date = TODAY) -> list[tuple[bool, date | None]]:
        steps = [
            step for each in progress([new, old], on=on) for step in each.steps if step.step.code == "first_session"
        ]
        assert not any(step.told for step in steps)
        return [(step.done, step.done_on) for step in steps]

    mentor = User.objects.create_user("mentor", name="SITI")
    Mentorship.objects.create(person=new, mentor=mentor, person_name="FITRI", since=date(2025, 5, 2))
    late = "tidak ada sinyal"
    with pytest.raises(Refused, match="belum punya pembimbing pada 28 April 2025"):
        record(held_on=date(2025, 4, 28), late_because=late, mentored=True)
    record(held_on=date(2025, 5, 3), late_because=late)  # the mentor was not there
    assert first() == [(False, None), (False, None)]
    met = [record(held_on=date(2025, 5, day), late_because=late, mentored=True) for day in (14, 6, 19)]
    assert {session.beside for session in met} == {mentor}
    assert first() == [(True, date(2025, 5, 6)), (False, None)]
    assert first(date(2025, 5, 5))[0] == (False, None)


def test_said_again_it_keeps_who_said_it_first_and_a_change_names_who_changed_it(world: World, record: Record) -> None:
    one, other = world.family(), world.family()
    session = record()
    mark(session, world, rest=Mark.PRESENT)
    lead = User.objects.create_user("lead", name="Ketua tim")
    said = {one.pk: Said(Mark.PRESENT), other.pk: Said(Mark.ABSENT)}
    assert mark_attendance(session.pk, said, by=lead, on=TODAY).saved == 1
    by = dict(Attendance.objects.values_list("family", "said_by"))
    assert by == {one.pk: world.user.pk, other.pk: lead.pk}


def test_what_was_said_can_be_taken_back(world: World, record: Record) -> None:
    family = world.family()
    session = record()
    mark(session, world, {family.pk: Said(Mark.PRESENT)})
    mark(session, world, {family.pk: Said(None)})
    assert not Attendance.objects.exists()
    mark(session, world, {family.pk: Said(Mark.SICK)})
    mark(session, world, {family.pk: Said(None)}, rest=Mark.PRESENT)
    assert Attendance.objects.values_list("mark", "manner").get() == (Mark.PRESENT, Attendance.Manner.REST)


def test_a_bad_mark_is_refused_and_the_others_are_kept(world: World, record: Record) -> None:
    good, dead, silent = (world.family(name=name) for name in ("BAIK", "WAFAT", "DIWAKILI"))
    stranger = world.family(village=CEMPAKA)
    Member.objects.filter(family=dead).update(died_on=date(2025, 3, 9))
    session = record()
    found = mark(
        session, world,
        {
            good.pk: Said(Mark.PRESENT), dead.pk: Said(Mark.PRESENT), stranger.pk: Said(Mark.PRESENT),
            silent.pk: Said(Mark.REPRESENTED, " "), 10**15: Said(Mark.ABSENT),
        },
    )  # fmt: skip
    assert found.saved == 1
    told = dict(found.refused)
    assert set(told) == {dead.pk, stranger.pk, silent.pk, 10**15}
    assert "meninggal 9 Maret 2025" in told[dead.pk]
    assert "bukan anggota kelompok ini" in told[stranger.pk]
    assert "belum disebut oleh siapa" in told[silent.pk]
    assert Attendance.objects.get().family == good


def test_the_rest_does_not_make_the_dead_present(world: World, record: Record) -> None:
    family, dead = world.family(), world.family(name="WAFAT")
    Member.objects.filter(family=dead).update(died_on=date(2025, 3, 9))
    found = mark(record(), world, rest=Mark.PRESENT)
    assert [pk for pk, _why in found.refused] == [dead.pk]
    assert Attendance.objects.get().family == family


def test_who_died_later_was_there(world: World, record: Record) -> None:
    family = world.family()
    Member.objects.filter(family=family).update(died_on=TODAY)
    assert mark(record(), world, {family.pk: Said(Mark.PRESENT)}).saved == 1


def test_a_family_is_in_one_meeting_at_a_time(world: World, record: Record) -> None:
    family = world.family(name="PINDAH")
    here, there = record(), record(village=CEMPAKA, begins=time(15), ends=time(17))
    later = record(village=CEMPAKA, begins=time(17), ends=time(18))
    mark(here, world, {family.pk: Said(Mark.PRESENT)})
    move_to_group([family.pk], world.groups[CEMPAKA].pk, by=world.user, on=TODAY, why="pindah rumah")
    found = mark(there, world, rest=Mark.PRESENT)
    assert "sudah tercatat hadir di pertemuan lain pada 19 Mei 2025 pukul 14.00" in found.refused[0][1]
    assert mark(there, world, {family.pk: Said(Mark.ABSENT)}).saved == 1
    assert mark(later, world, rest=Mark.PRESENT).saved == 1


def test_families_whose_membership_had_ended_are_not_on_the_sheet(world: World, record: Record) -> None:
    world.family(enrolled=False)
    assert not roster(record()).exists()


def test_marks_of_a_closed_month_need_who_may_and_a_reason(world: World, record: Record) -> None:
    family = world.family()
    session = record(held_on=date(2025, 5, 19))
    said = {family.pk: Said(Mark.PRESENT)}
    with pytest.raises(ReasonMissing):
        mark(session, world, said, on=date(2025, 6, 10))
    assert mark(session, world, said, on=date(2025, 6, 10), why="daftar hadir baru diterima").saved == 1
    with pytest.raises(MonthClosed):
        mark(session, world, {family.pk: Said(Mark.SICK)}, on=date(2025, 7, 10))
    assert mark(session, world, {family.pk: Said(Mark.SICK)}, on=date(2025, 7, 10), completes=True).saved == 1


def test_a_meeting_moved_to_another_day_takes_its_attendance_along(world: World, record: Record) -> None:
    family = world.family()
    session = record()
    mark(session, world, {family.pk: Said(Mark.PRESENT)})
    moved = replace(FACTS, held_on=date(2025, 5, 16), lesson="klasik-2.2")
    correct_session(session.pk, moved, by=world.user, on=TODAY)
    assert Attendance.objects.values_list("held_on", "lesson").get() == (date(2025, 5, 16), "klasik-2.2")


def test_a_meeting_recorded_by_mistake_goes_with_a_reason_and_stays_in_the_log(world: World, record: Record) -> None:
    family = world.family()
    session = record()
    mark(session, world, {family.pk: Said(Mark.PRESENT)})
    with pytest.raises(Refused, match="alasan"):
        remove_session(session.pk, by=world.user, on=TODAY, why="x")
    remove_session(session.pk, by=world.user, on=TODAY, why="tercatat pada kelompok lain")
    assert not Session.objects.exists()
    assert Entry.objects.filter(subject_kind="attendance", verb="attendance.removed").exists()
    assert Entry.objects.filter(verb="session.removed", why="tercatat pada kelompok lain").exists()


def facilitator(world: World, village: int) -> Scope:
    return Scope.of_groups((world.groups[village].pk,), actor=world.user.pk)


def test_a_facilitator_sees_and_writes_the_own_groups_only(world: World, record: Record) -> None:
    family = world.family()
    session = record()
    mark(session, world, {family.pk: Said(Mark.PRESENT)})
    with put_on(facilitator(world, CEMPAKA)):
        assert not Session.objects.exists()
        assert not Attendance.objects.exists()
        for refused in (
            lambda: mark(session, world, rest=Mark.PRESENT),
            lambda: record_session(world.groups[HIYUNG].pk, FACTS, by=world.user, on=TODAY),
            lambda: record_session(NO_GROUP, FACTS, by=world.user, on=TODAY),
        ):
            with pytest.raises(NotYours):
                refused()
    with put_on(facilitator(world, HIYUNG)):
        told = replace(FACTS, begins=time(9), ends=time(10))
        record_session(world.groups[HIYUNG].pk, told, by=world.user, on=TODAY)
        assert Session.objects.count() == 2


def test_what_a_family_heard_moves_with_it_though_the_meeting_does_not(world: World, record: Record) -> None:
    family = world.family()
    mark(record(), world, {family.pk: Said(Mark.PRESENT)})
    move_to_group([family.pk], world.groups[CEMPAKA].pk, by=world.user, on=TODAY, why="pindah rumah")
    with put_on(facilitator(world, CEMPAKA)):
        assert not Session.objects.exists()
        assert Attendance.objects.get().lesson == "klasik-2.1"


def test_a_row_cannot_lie_about_its_place(world: World, record: Record) -> None:
    session = record()
    with pytest.raises(IntegrityError, match="p2k2_session_of_group"), atomic():
        Session.objects.filter(pk=session.pk).update(region_no=BAMBAN)
    family = world.family()
    mark(session, world, {family.pk: Said(Mark.PRESENT)})
    with pytest.raises(IntegrityError, match="p2k2_attendance_of_session"), atomic():
        Attendance.objects.filter(session=session).update(held_on=TODAY)
