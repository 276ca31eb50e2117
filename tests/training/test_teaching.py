"""A trainer of another place writes down their own sessions, sees that class, and nothing else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from harapan.accounts.models import Post
from harapan.core.errors import Refused
from harapan.database.scope import current
from harapan.training import attending, concluding, scoring, timetable
from harapan.training.catalogue import rubric_on
from harapan.training.codes import code_of
from harapan.training.errors import NotYourBatch, NotYourSession
from harapan.training.models import Batch, ClassAttendance, ClassSession, Enrolment, Mark, TestScore, Trainer
from harapan.training.teaching import in_class, taught_by
from harapan.workforce.models import Person
from tests.training.conftest import BEGINS, HSS, TAPIN, Training, as_post
from tests.training.test_days import at

State = Enrolment.State


def taught(training: Training, batch: Batch, post: Post) -> ClassSession:
    """The first session of the first class, with the post's holder named for it."""
    training.invite(batch, [*training.people(41, TAPIN), *training.people(2, HSS)])
    training.taught(batch, trainers=3)
    trainer = timetable.add_trainer("PELATIH 0", "BBPPKS", by=training.by, user=post.user)
    return ClassSession.objects.filter(batch=batch, trainer=trainer).order_by("day", "begins")[0]


@pytest.mark.parametrize("place", ["provincial", "national"])
def test_a_trainer_marks_their_own_session_alone(training: Training, place: str) -> None:
    batch = training.batch() if place == "provincial" else training.batch("diklat-p2k2", post=training.centre)
    post, _person = training.with_account("regency_coordinator", HSS, name="PELATIH HSS")
    held = taught(training, batch, post)
    other = ClassSession.objects.filter(batch=batch).exclude(trainer=held.trainer).order_by("day", "begins")[0]
    members = list(Enrolment.objects.filter(training_class=held.training_class_id))
    with as_post(post):
        held, other = (ClassSession.objects.select_related("trainer", "batch", "topic").get(pk=each.pk)
                       for each in (held, other))  # fmt: skip
        assert held in taught_by(post.user)
        with pytest.raises(NotYourBatch):  # from the post alone the batch is not to be written
            attending.mark(held.pk, {members[0].pk: Mark.PRESENT}, by=post.user, on=held.day)
        seen = Person.objects.count()
        with pytest.raises(NotYourSession), in_class(other, by=post.user):
            raise AssertionError
        with in_class(held, by=post.user):
            told = attending.mark(held.pk, {members[0].pk: Mark.SICK}, by=post.user, on=held.day, rest=Mark.PRESENT)
        assert (told.saved, told.refused) == (len(members), {})
        assert Person.objects.count() == seen  # and afterwards sees no more than before
        scope = current()
        assert scope is not None
        assert scope.actor == post.user_id
    marks = ClassAttendance.objects.filter(session=held)
    assert {each.said_by for each in marks} == {post.user}
    assert Enrolment.objects.get(pk=members[1].pk).state == State.PRESENT


def test_points_are_told_of_ones_own_class_from_its_day_on(training: Training) -> None:
    batch = training.batch("diklat-p2k2", post=training.centre)
    post, _person = training.with_account("regency_coordinator", HSS, name="PELATIH HSS")
    held = taught(training, batch, post)
    mine = Enrolment.objects.filter(training_class=held.training_class_id)[0]
    stranger = Enrolment.objects.filter(batch=batch).exclude(training_class=held.training_class_id)[0]
    full = {each.code: each.points for each in rubric_on(batch.begins).criteria}
    told = {mine.pk: Decimal(80), stranger.pk: Decimal(90)}
    with as_post(post):
        held = ClassSession.objects.select_related("trainer", "batch", "topic").get(pk=held.pk)
        with in_class(held, by=post.user):
            later = taught_by(post.user).filter(day__gt=held.day)[0]
            with pytest.raises(Refused, match="belum berlangsung"):
                scoring.record_scores(batch.pk, TestScore.Kind.POST, told, by=post.user, on=held.day, session=later)
            found = scoring.record_scores(
                batch.pk, TestScore.Kind.POST, told, by=post.user, on=held.day, session=held
            )  # fmt: skip
            with pytest.raises(Refused, match="bukan praktik mengajar"):
                scoring.record_practice(mine.pk, full, by=post.user, on=held.day, session=held)
    assert (found.saved, set(found.refused)) == (1, {stranger.pk})
    teaching = ClassSession.objects.filter(training_class=held.training_class_id, topic__practice=True)
    ClassSession.objects.filter(trainer=held.trainer, day__gt=held.day).delete()  # nobody is in two places at once
    teaching.update(trainer=held.trainer)
    practice = teaching.select_related("trainer", "batch", "topic")[0]
    with as_post(post), in_class(practice, by=post.user):
        reached = scoring.record_practice(mine.pk, full, by=post.user, on=practice.day, session=practice)
        assert reached == 100
        with pytest.raises(Refused, match="bukan peserta kelas ini"):
            scoring.record_practice(stranger.pk, full, by=post.user, on=practice.day, session=practice)


def test_an_account_belongs_to_one_trainer(training: Training) -> None:
    post, _person = training.with_account("regency_coordinator", HSS)
    first = timetable.add_trainer("SITI", "BBPPKS", by=training.by)
    again = timetable.add_trainer("SITI", "BBPPKS", by=training.by, user=post.user)
    assert (again, again.user) == (first, post.user)
    assert timetable.add_trainer("SITI", "BBPPKS", by=training.by).user == post.user  # unnamed, it stays
    with pytest.raises(Refused, match="sudah milik pelatih SITI, BBPPKS"):
        timetable.add_trainer("AHMAD", "BBPPKS", by=training.by, user=post.user)
    assert Trainer.objects.count() == 1


def test_who_says_so_by_the_code_takes_part_before_anybody_else_marks(training: Training) -> None:
    """Without a place in the batch being theirs to write: the database books it from the mark."""
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    (row,) = training.invite(batch, [mine]).done
    training.taught(batch)
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    now = at(BEGINS)
    shown = attending.show_code(session.pk, by=training.by, on=BEGINS, now=now)
    with as_post(post):
        attending.attend(session.pk, code_of(shown), by=post.user, on=BEGINS, now=now)
    row.refresh_from_db()
    batch.refresh_from_db()
    assert (row.state, batch.state) == (State.PRESENT, Batch.State.RUNNING)


def test_a_list_that_came_late_is_marked_in_a_reopened_batch(training: Training) -> None:
    batch = training.batch()
    training.invite(batch, training.people(2, TAPIN))
    training.taught(batch)
    there, late = Enrolment.objects.filter(batch=batch).order_by("pk")
    sessions = list(ClassSession.objects.filter(batch=batch))
    for each in sessions:
        attending.mark(each.pk, {there.pk: Mark.PRESENT}, by=training.by, on=each.day)
    scoring.record_scores(batch.pk, TestScore.Kind.POST, {there.pk: Decimal(80), late.pk: Decimal(80)},
                          by=training.by, on=batch.ends)  # fmt: skip
    concluding.conclude(batch.pk, by=training.by, on=batch.ends)
    late.refresh_from_db()
    assert late.state == State.ABSENT
    concluding.reopen(batch.pk, why="daftar hadir kelas A menyusul", by=training.by, on=batch.ends)
    for each in sessions:
        found = attending.mark(each.pk, {late.pk: Mark.PRESENT}, by=training.by, on=batch.ends)
        assert found.refused == {}
    there.refresh_from_db()
    assert there.state == State.PASSED  # results stand until the batch is concluded anew
    counts = concluding.conclude(batch.pk, by=training.by, on=batch.ends)
    assert counts == {"passed": 2}
