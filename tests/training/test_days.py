"""A batch moved, divided, scheduled, attended, scored and concluded."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from harapan.core.errors import Refused
from harapan.database.scope import atomic
from harapan.training import answering, attending, concluding, dividing, moving, scoring, timetable
from harapan.training.attending import Mark, Via
from harapan.training.catalogue import rubric_on
from harapan.training.certificates.issuing import issue_batch
from harapan.training.certificates.wording import Signer
from harapan.training.codes import code_of
from harapan.training.errors import BatchClosed, Clash, OutsideBatch, ScoreTooHigh
from harapan.training.models import (
    Batch,
    ClassAttendance,
    ClassSession,
    CourseTopic,
    Enrolment,
    TestScore,
    Trainer,
    TrainingClass,
)
from harapan.training.rules import Division
from tests.training.conftest import BANJARMASIN, BEGINS, HSS, TAPIN, TODAY, Training, as_post

State, Kind = Enrolment.State, TestScore.Kind


def at(day: date, clock: time = time(8, 10)) -> datetime:
    return timezone.make_aware(datetime.combine(day, clock))


def everybody_there(training: Training, batch: Batch, *, but: set[int] = frozenset()) -> None:  # type: ignore[assignment]
    for session in ClassSession.objects.filter(batch=batch):
        members = Enrolment.objects.coming().filter(training_class=session.training_class_id).exclude(pk__in=but)
        said = dict.fromkeys(members.values_list("pk", flat=True), Mark.PRESENT)
        attending.mark(session.pk, said, by=training.by, on=session.day)


def test_a_moved_batch_asks_everybody_again_and_its_letter_gets_a_version(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 4})
    agreed, asked, away, *_rest = training.people(4, TAPIN)
    training.invite(batch, [agreed, asked, away])
    of = {row.person_id: row for row in Enrolment.objects.filter(batch=batch)}
    answering.note_answer(of[agreed.pk].pk, coming=True, by=training.by, on=TODAY)
    answering.note_answer(of[away.pk].pk, coming=False, why="melahirkan", by=training.by, on=TODAY)
    training.taught(batch)
    new = BEGINS + timedelta(days=7)
    with pytest.raises(Refused, match="sebab perubahan"):
        moving.move_batch(
            batch.pk, begins=new, ends=new + timedelta(days=2), place="", why="", by=training.by, on=TODAY
        )
    moved = moving.move_batch(
        batch.pk, begins=new, ends=new + timedelta(days=2), place="Balai Rantau", why="banjir", by=training.by, on=TODAY
    )
    assert (moved.asked, moved.batch.letter_version) == (3, 2)  # who could not come then is asked, too
    assert set(Enrolment.objects.filter(batch=batch).values_list("state", "asked_version")) == {(State.INVITED, 2)}
    days = set(ClassSession.objects.filter(batch=batch).values_list("day", flat=True))
    assert min(days) == new
    again = moving.move_batch(
        batch.pk, begins=new, ends=new + timedelta(days=2), place="Balai Rantau", why="banjir", by=training.by, on=TODAY
    )
    assert (again.asked, again.batch.letter_version) == (0, 2)


def test_who_could_not_come_is_not_asked_again_into_a_place_that_is_taken(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 1})
    away, instead = training.people(2, TAPIN)
    (row,) = training.invite(batch, [away]).done
    answering.note_answer(row.pk, coming=False, why="melahirkan", by=training.by, on=TODAY)
    training.invite(batch, [instead])
    new = BEGINS + timedelta(days=7)
    moved = moving.move_batch(
        batch.pk, begins=new, ends=new + timedelta(days=2), place="", why="banjir besar", by=training.by, on=TODAY
    )
    assert moved.asked == 1
    row.refresh_from_db()
    assert row.state == State.DECLINED


def test_who_has_another_batch_meanwhile_is_not_asked_again(training: Training) -> None:
    """Neither into a second batch of the course, nor into two courses on the same days; who stays is named."""
    batch, second = training.batch(), training.batch(begins=BEGINS + timedelta(days=30))
    new = BEGINS + timedelta(days=7)
    other = training.batch("bimtap", begins=new)
    placed, busy, free, stays = training.people(4, TAPIN)
    rows = {row.person_id: row for row in training.invite(batch, [placed, busy, free, stays]).done}
    for person in (placed, busy, free):
        answering.note_answer(rows[person.pk].pk, coming=False, why="melahirkan", by=training.by, on=TODAY)
    training.invite(second, [placed])
    training.invite(other, [busy, stays])
    moved = moving.move_batch(
        batch.pk, begins=new, ends=new + timedelta(days=2), place="", why="banjir besar", by=training.by, on=TODAY
    )
    asked = Enrolment.objects.filter(batch=batch, state=State.INVITED)
    assert (moved.asked, set(asked.values_list("person", flat=True))) == (2, {free.pk, stays.pk})
    assert [row.person_id for row in moved.clashes] == [stays.pk]


def test_an_answer_to_the_old_letter_does_not_count(training: Training) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    (row,) = training.invite(batch, [mine]).done
    new = BEGINS + timedelta(days=7)
    moving.move_batch(
        batch.pk, begins=new, ends=new + timedelta(days=2), place="", why="banjir besar", by=training.by, on=TODAY
    )
    with as_post(post):
        with pytest.raises(Refused, match="surat versi 2"):
            answering.answer(row.pk, coming=True, version=1, by=post.user, on=TODAY)
        assert answering.answer(row.pk, coming=True, version=2, by=post.user, on=TODAY).state == State.CONFIRMED


def test_bimtap_of_four_hundred_and_seventy_then_the_diklat_after_it(training: Training) -> None:
    bimtap = training.batch("bimtap", begins=date(2023, 5, 25), wave=7)
    people = [each for place in (TAPIN, HSS, BANJARMASIN) for each in training.people(150, place)]
    people += training.people(20, 6_303_000_000)
    assert len(training.invite(bimtap, people).done) == 470
    classes = training.taught(bimtap)
    sizes = Counter(Enrolment.objects.filter(batch=bimtap).values_list("training_class", flat=True))
    assert (len(classes), max(sizes.values()), min(sizes.values())) == (12, 40, 39)
    sessions = ClassSession.objects.filter(batch=bimtap)
    assert {each.day for each in sessions} == {date(2023, 5, 25 + number) for number in range(3)}
    assert sum(each.hours for each in sessions) == 12 * bimtap.course.hours
    diklat = training.batch("diklat-p2k2", post=training.centre, begins=date(2023, 6, 5))
    assert len(training.invite(diklat, people[:120]).done) == 120
    assert [each.letter for each in training.taught(diklat)] == ["A", "B", "C"]
    sizes = Counter(Enrolment.objects.filter(batch=diklat).values_list("training_class", flat=True))
    assert set(sizes.values()) == {40}
    assert diklat.days == 10
    Enrolment.objects.filter(batch=diklat).update(state=State.PASSED, ended_on=diklat.ends)  # how is told below
    signer = Signer("SRI LESTARI", "Kepala BBPPKS Banjarmasin")
    made = issue_batch(diklat, signer=signer, post=training.centre, by=training.centre.user, on=diklat.ends)
    assert [each.number for each in made] == list(range(1, 121))


def test_the_same_people_get_the_same_classes(training: Training) -> None:
    batch = training.batch()
    training.invite(batch, [*training.people(45, TAPIN), *training.people(45, HSS)])
    rooms = ["Aula", "Ruang A", "Ruang B"]

    def divided(how: Division) -> dict[int, int]:
        dividing.divide(batch.pk, how=how, rooms=rooms, by=training.by, on=TODAY)
        return dict(Enrolment.objects.filter(batch=batch).values_list("person", "training_class__number"))

    mixed = divided(Division.MIXED)
    near = divided(Division.REGION)
    assert divided(Division.MIXED) == mixed != near
    with pytest.raises(Refused, match="3 kelas, ruang yang disebut 2"):
        dividing.divide(batch.pk, how=Division.MIXED, rooms=["Aula", "Ruang A"], by=training.by, on=TODAY)
    with pytest.raises(Refused, match="Ruang Aula disebut dua kali"):
        dividing.divide(batch.pk, how=Division.MIXED, rooms=["Aula", "aula", "B"], by=training.by, on=TODAY)


@pytest.fixture
def small(training: Training) -> tuple[Training, Batch]:
    """A batch of one class, scheduled with one trainer."""
    batch = training.batch()
    training.invite(batch, training.people(4, TAPIN))
    training.taught(batch)
    return training, batch


def _facts(batch: Batch, **other: object) -> timetable.SessionFacts:
    told = {
        "class_id": TrainingClass.objects.filter(batch=batch)[0].pk,
        "topic_id": CourseTopic.objects.filter(course=batch.course)[0].pk,
        "trainer_id": Trainer.objects.all()[0].pk,
        "day": batch.begins,
        "begins": time(19, 0),
        "hours": 1,
        "room": "",
    }
    return timetable.SessionFacts(**(told | other))  # type: ignore[arg-type]


def test_nobody_and_nothing_is_in_two_places(small: tuple[Training, Batch]) -> None:
    training, batch = small
    other = training.batch(wave=2)
    training.invite(other, training.people(2, HSS))
    dividing.divide(other.pk, how=Division.MIXED, rooms=["Ruang lain"], by=training.by, on=TODAY)
    free = timetable.add_trainer("PELATIH LAIN", "BBPPKS", by=training.by).pk
    with pytest.raises(Clash, match="PELATIH 0 sudah terpakai"):
        timetable.put_down(other.pk, _facts(other, begins=time(8, 30)), by=training.by, on=TODAY)
    same_room = _facts(other, begins=time(8, 30), trainer_id=free, room="ruang  1")
    with pytest.raises(Clash, match="Ruang ruang 1 sudah terpakai"):
        timetable.put_down(other.pk, same_room, by=training.by, on=TODAY)
    same_class = _facts(batch, begins=time(8, 30), trainer_id=free, room="Aula")
    with pytest.raises(Clash, match="Kelas A sudah terpakai"):
        timetable.put_down(batch.pk, same_class, by=training.by, on=TODAY)
    with pytest.raises(Refused, match="belum punya pelatih"):
        timetable.put_down(batch.pk, _facts(batch, trainer_id=None), by=training.by, on=TODAY)
    with pytest.raises(OutsideBatch, match="di luar angkatan ini"):
        timetable.put_down(batch.pk, _facts(batch, day=batch.ends + timedelta(days=1)), by=training.by, on=TODAY)
    timetable.put_down(other.pk, _facts(other, begins=time(8, 30), trainer_id=free), by=training.by, on=TODAY)


def test_a_proposal_passes_over_trainers_who_teach_elsewhere(small: tuple[Training, Batch]) -> None:
    training, _batch = small
    other = training.batch(wave=2)
    training.invite(other, training.people(2, HSS))
    dividing.divide(other.pk, how=Division.MIXED, rooms=["Ruang lain"], by=training.by, on=TODAY)
    busy = Trainer.objects.get(name="PELATIH 0")
    free = timetable.add_trainer("PELATIH LAIN", "BBPPKS", by=training.by)
    with pytest.raises(Clash, match="Kelas A sudah terpakai"):
        timetable.propose(other.pk, [busy.pk], by=training.by, on=TODAY)
    made = timetable.propose(other.pk, [busy.pk, free.pk], by=training.by, on=TODAY)
    assert {each.trainer_id for each in made} == {free.pk}


def test_too_few_trainers_are_told(training: Training) -> None:
    batch = training.batch()
    training.invite(batch, training.people(41, TAPIN))
    dividing.divide(batch.pk, how=Division.MIXED, rooms=["A", "B"], by=training.by, on=TODAY)
    one = timetable.add_trainer("SATU", "BBPPKS", by=training.by).pk
    with pytest.raises(Refused, match="2 kelas memerlukan 2 pelatih sekaligus; yang dipilih 1"):
        timetable.propose(batch.pk, [one], by=training.by, on=TODAY)


def test_marks_by_list_count_once_and_only_on_the_day(small: tuple[Training, Batch]) -> None:
    training, batch = small
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    first, *others = Enrolment.objects.filter(batch=batch).order_by("pk")
    with pytest.raises(Refused, match="belum berlangsung"):
        attending.mark(session.pk, {first.pk: Mark.SICK}, by=training.by, on=TODAY)
    told = {first.pk: Mark.SICK}
    assert attending.mark(session.pk, told, by=training.by, on=BEGINS, rest=Mark.PRESENT).saved == 4
    assert attending.mark(session.pk, told, by=training.by, on=BEGINS, rest=Mark.PRESENT).saved == 0
    batch.refresh_from_db()
    assert batch.state == Batch.State.RUNNING
    assert set(Enrolment.objects.filter(pk__in=[row.pk for row in others]).values_list("state", flat=True)) == {
        State.PRESENT
    }
    found = attending.mark(session.pk, {0: Mark.PRESENT}, by=training.by, on=BEGINS)
    assert "bukan anggota kelas ini" in str(found.refused[0])


def test_a_mark_stays_within_its_batch(small: tuple[Training, Batch]) -> None:
    training, batch = small
    other = training.batch(wave=2)
    (row,) = training.invite(other, training.people(1, HSS)).done
    session = ClassSession.objects.filter(batch=batch)[0]
    with pytest.raises(IntegrityError), atomic():
        ClassAttendance.objects.create(
            person_id=row.person_id, region_no=row.region_no, batch=batch, enrolment=row, session=session,
            mark="present", via="list", said_by=training.by,
        )  # fmt: skip


def test_a_card_is_ticked_with_or_without_a_camera(small: tuple[Training, Batch]) -> None:
    training, batch = small
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    row = Enrolment.objects.filter(batch=batch)[0]
    assert row.code
    typed = f"{row.code[:5]} {row.code[5:]}".lower()
    attending.tick_card(session.pk, typed, by=training.by, on=BEGINS)
    attending.tick_card(session.pk, typed, by=training.by, on=BEGINS)
    held = ClassAttendance.objects.get(enrolment=row)
    assert (held.mark, held.via) == (Mark.PRESENT, Via.CARD)
    with pytest.raises(Refused, match="tidak ada dalam angkatan ini"):
        attending.tick_card(session.pk, "AAAAAAAAAA", by=training.by, on=BEGINS)
    assert attending.session_now(row, now=at(BEGINS)) == session


def test_the_code_of_a_session_counts_for_those_who_sit_there(training: Training) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    stranger, _person = training.with_account("facilitator", 6_306_010_000, name="LAIN")
    training.invite(batch, [mine])
    training.taught(batch)
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    with pytest.raises(Refused, match="hanya dibuka pada harinya"):
        attending.show_code(session.pk, by=training.by, on=BEGINS + timedelta(days=1), now=at(BEGINS))
    shown = attending.show_code(session.pk, by=training.by, on=BEGINS, now=at(BEGINS))
    code = code_of(shown)
    late = at(BEGINS, time(8, 41))
    with as_post(post):
        for wrong, now in (("ZZZZZZ", at(BEGINS)), (code, late)):
            with pytest.raises(Refused, match="tidak berlaku atau sudah lewat"):
                attending.attend(session.pk, wrong, by=post.user, on=BEGINS, now=now)
        attending.attend(session.pk, code, by=post.user, on=BEGINS, now=at(BEGINS))
        attending.attend_by_word(code.lower(), by=post.user, on=BEGINS, now=at(BEGINS))  # twice is once
    with as_post(stranger), pytest.raises(Refused, match="bukan peserta kelas ini"):
        attending.attend(session.pk, code, by=stranger.user, on=BEGINS, now=at(BEGINS))
    held = ClassAttendance.objects.get()
    assert (held.mark, held.via, held.said_by) == (Mark.PRESENT, Via.CODE, post.user)
    fresh = attending.show_code(session.pk, by=training.by, on=BEGINS, now=at(BEGINS, time(8, 20)))
    assert code_of(fresh) != code


def test_the_database_lets_people_add_their_own_presence_and_no_more(training: Training) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    (other,) = training.people(1, TAPIN)
    training.invite(batch, [mine, other])
    training.taught(batch)
    session = ClassSession.objects.filter(batch=batch)[0]
    rows = {row.person_id: row for row in Enrolment.objects.filter(batch=batch)}
    for who, via in ((other, "code"), (mine, "list")):
        row = rows[who.pk]
        with as_post(post), pytest.raises(DatabaseError, match="row-level security"), atomic():
            ClassAttendance.objects.create(
                person_id=who.pk, region_no=who.region_no, batch=batch, enrolment=row, session=session, mark="present",
                via=via, said_by=post.user,
            )  # fmt: skip


def test_results_follow_the_published_rule(small: tuple[Training, Batch]) -> None:
    training, batch = small
    good, weak, away, never = Enrolment.objects.filter(batch=batch).order_by("pk")
    everybody_there(training, batch, but={away.pk, never.pk})
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    attending.mark(session.pk, {away.pk: Mark.PRESENT}, by=training.by, on=BEGINS)
    points = {good.pk: Decimal(80), weak.pk: Decimal("59.50"), away.pk: Decimal(90)}
    assert scoring.record_scores(batch.pk, Kind.POST, points, by=training.by, on=batch.ends).saved == 3
    with pytest.raises(Refused, match="baru berakhir"):
        concluding.conclude(batch.pk, by=training.by, on=BEGINS)
    counts = concluding.conclude(batch.pk, by=training.by, on=batch.ends)
    assert counts == {"passed": 1, "failed": 2, "absent": 1}
    assert concluding.conclude(batch.pk, by=training.by, on=batch.ends) == counts
    for row in (good, weak, away, never):
        row.refresh_from_db()
    assert (good.state, good.result_why, good.ended_on) == (State.PASSED, "", batch.ends)
    assert (weak.state, weak.result_why) == (State.FAILED, "post-test 59,5, paling sedikit 60")
    assert away.result_why == "hadir 2 dari 24 JP, paling sedikit 80%"
    assert (never.state, never.ended_on) == (State.ABSENT, None)
    with pytest.raises(BatchClosed, match="sudah selesai"):
        scoring.record_scores(batch.pk, Kind.POST, points, by=training.by, on=batch.ends)
    concluding.reopen(batch.pk, why="nilai baru masuk", by=training.by, on=batch.ends)
    scoring.record_scores(batch.pk, Kind.POST, {weak.pk: Decimal(60)}, by=training.by, on=batch.ends)
    assert concluding.conclude(batch.pk, by=training.by, on=batch.ends)["passed"] == 2


def test_points_above_the_maximum_are_refused_alone(small: tuple[Training, Batch]) -> None:
    training, batch = small
    first, second, *_rest = Enrolment.objects.filter(batch=batch).order_by("pk")
    told = {first.pk: Decimal("100.5"), second.pk: Decimal(100), 0: Decimal(50)}
    found = scoring.record_scores(batch.pk, Kind.PRE, told, by=training.by, on=BEGINS)
    assert found.saved == 1
    assert isinstance(found.refused[first.pk], ScoreTooHigh)
    assert "Nilai 100,5 bukan 0 sampai 100" in str(found.refused[first.pk])
    assert "tidak ada dalam angkatan ini" in str(found.refused[0])


def test_practice_is_judged_whole_by_the_rubric(training: Training) -> None:
    batch = training.batch("diklat-p2k2")
    (row,) = training.invite(batch, training.people(1, TAPIN)).done
    full = {each.code: each.points for each in rubric_on(batch.begins).criteria}
    with pytest.raises(Refused, match="belum ada nilai"):
        scoring.record_practice(row.pk, full, by=training.by, on=BEGINS - timedelta(days=1))
    with pytest.raises(ScoreTooHigh):
        scoring.record_practice(row.pk, full | {"method": 5}, by=training.by, on=BEGINS)
    with pytest.raises(Refused, match="belum dinilai"):
        scoring.record_practice(row.pk, {"method": 4}, by=training.by, on=BEGINS)
    assert scoring.record_practice(row.pk, full | {"method": 2}, by=training.by, on=BEGINS) == 85
    assert concluding.practice_of([row.pk]) == {row.pk: 85.0}
    Enrolment.objects.filter(pk=row.pk).update(state=State.FAILED, ended_on=batch.ends)  # as in a batch reopened for it
    assert scoring.record_practice(row.pk, full, by=training.by, on=batch.ends) == 100
    bimtek = training.batch()
    (other,) = training.invite(bimtek, training.people(1, TAPIN)).done
    with pytest.raises(Refused, match="tanpa praktik mengajar"):
        scoring.record_practice(other.pk, full, by=training.by, on=BEGINS)


def test_what_has_begun_is_not_moved_or_divided_again(small: tuple[Training, Batch]) -> None:
    training, batch = small
    session = ClassSession.objects.filter(batch=batch)[0]
    attending.mark(session.pk, {}, rest=Mark.PRESENT, by=training.by, on=session.day)
    new = BEGINS + timedelta(days=9)
    for deed in (
        lambda: moving.move_batch(
            batch.pk, begins=new, ends=new + timedelta(days=2), place="", why="banjir besar", by=training.by, on=TODAY
        ),
        lambda: moving.cancel_batch(batch.pk, why="banjir besar", by=training.by, on=TODAY),
        lambda: dividing.divide(batch.pk, how=Division.MIXED, rooms=["A"], by=training.by, on=TODAY),
        lambda: timetable.propose(batch.pk, [1], by=training.by, on=TODAY),
    ):
        with pytest.raises(Refused, match="sudah tercatat"):
            deed()
