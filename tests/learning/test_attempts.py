"""Attempts: frozen as drawn, saved as one goes, ended by the server's clock, booked in the training record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connections, transaction
from django.test.utils import CaptureQueriesContext

from harapan.accounts.models import Post
from harapan.audit.models import Entry
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.training.learning import attempting, bank, editing, inquiring, queries
from harapan.training.learning.coaching import set_aside
from harapan.training.learning.editing import LessonFacts
from harapan.training.learning.errors import (
    AlreadyHandedIn,
    AttemptsUsedUp,
    BatchNotOpen,
    NotTakingPart,
    TimeIsUp,
)
from harapan.training.learning.publishing import publish
from harapan.training.models import Answer, Attempt, Enrolment, Inquiry, Question, Reading
from tests.ground import TAPIN, TAPIN_TENGAH
from tests.learning.ground import NOW, RIGHT, TODAY, WRONG, School

HSS = 6306000000


def begun(school: School, post: Post, **told: Any) -> Attempt:
    with put_on(post.scope(actor=post.user_id, via="test")):
        return attempting.begin(school.enrolment(post), school.quiz, **{"on": TODAY, "now": NOW, **told})


def test_questions_and_order_are_frozen_whatever_becomes_of_the_bank(school: School) -> None:
    attempt = begun(school, school.learner())
    before = [(each.place, each.question_id, each.order) for each in attempt.answers.order_by("place")]
    assert len(before) == 4
    assert all(sorted(order) == [0, 1] for _place, _question, order in before)
    for each in Question.objects.all():
        bank.take_out(each.pk)
    assert [each.item.text for each in attempting.asked_in(attempt)]
    assert [(each.place, each.question_id, each.order) for each in attempt.answers.order_by("place")] == before


def test_two_learners_get_questions_of_their_own(school: School) -> None:
    drawn = {
        tuple((each.question_id, *each.order) for each in begun(school, school.learner(f"NAMA {n}")).answers.all())
        for n in range(6)
    }
    assert len(drawn) > 1
    assert Attempt.objects.values("seed").distinct().count() == 6


def test_a_tab_closed_midway_goes_on_where_it_was(school: School) -> None:
    post = school.learner()
    attempt = begun(school, post)
    with put_on(post.scope(actor=post.user_id, via="test")):
        attempting.save(attempt.pk, 1, RIGHT, on=TODAY, now=NOW)
        attempting.save(attempt.pk, 1, WRONG, on=TODAY, now=NOW)
        attempting.save(attempt.pk, 2, RIGHT, on=TODAY, now=NOW)
    again = begun(school, post, now=NOW + timedelta(hours=3))
    assert again == attempt
    assert [each.given for each in again.answers.order_by("place")] == [WRONG, RIGHT, None, None]
    assert Attempt.objects.count() == 1


def test_the_clock_of_the_server_ends_an_attempt(make_school: Callable[..., School]) -> None:
    school = make_school(minutes=20, attempts_max=2)
    post = school.learner()
    attempt = begun(school, post)
    with put_on(post.scope(actor=post.user_id, via="test")):
        for place in (1, 2, 3):
            attempting.save(attempt.pk, place, RIGHT, on=TODAY, now=NOW + timedelta(minutes=19))
        with pytest.raises(TimeIsUp):
            attempting.save(attempt.pk, 4, RIGHT, on=TODAY, now=NOW + timedelta(minutes=20))
        ended = attempting.hand_in(attempt.pk, on=TODAY, now=NOW + timedelta(hours=2))
    assert (ended.score, ended.passed, ended.ended_at) == (7500, True, attempt.due_at)


def test_what_is_left_open_beyond_its_time_is_scored_without_its_learner(
    make_school: Callable[..., School], system: Scope
) -> None:
    school = make_school(minutes=20)
    late, early = (
        begun(school, school.learner()),
        begun(school, school.learner("LAIN"), now=NOW + timedelta(minutes=15)),
    )
    assert attempting.end_overdue(on=TODAY, now=NOW + timedelta(minutes=25)) == 1
    late.refresh_from_db()
    early.refresh_from_db()
    assert (late.score, late.passed, early.ended_at) == (0, False, None)


def test_an_attempt_without_limit_ends_with_its_batch(make_school: Callable[..., School]) -> None:
    school = make_school()
    post = school.learner()
    attempt = begun(school, post)
    after, now = school.batch.ends + timedelta(days=2), NOW + timedelta(days=12)
    with put_on(post.scope(actor=post.user_id, via="test")):
        for place in (1, 2, 3):
            attempting.save(attempt.pk, place, RIGHT, on=school.batch.ends, now=now)
        with pytest.raises(TimeIsUp):
            attempting.save(attempt.pk, 4, RIGHT, on=after, now=now)
    assert attempting.end_overdue(on=school.batch.ends, now=now) == 0
    assert attempting.end_overdue(on=after, now=now) == 1
    attempt.refresh_from_db()
    assert (attempt.score, attempt.passed, attempt.ended_on) == (7500, True, school.batch.ends)


def test_an_attempt_that_ran_out_before_midnight_ended_that_day(make_school: Callable[..., School]) -> None:
    school = make_school(minutes=20)
    attempt = begun(school, school.learner())
    attempting.end_overdue(on=TODAY + timedelta(days=1), now=NOW + timedelta(days=1))
    attempt.refresh_from_db()
    assert (attempt.ended_at, attempt.ended_on) == (attempt.due_at, TODAY)


def test_handed_in_is_handed_in(school: School) -> None:
    post = school.learner()
    done = school.attempt(post, RIGHT, RIGHT, WRONG, WRONG)
    assert (done.score, done.passed) == (5000, False)
    with put_on(post.scope(actor=post.user_id, via="test")):
        with pytest.raises(AlreadyHandedIn):
            attempting.save(done.pk, 3, RIGHT, on=TODAY, now=NOW)
        assert attempting.hand_in(done.pk, on=TODAY, now=NOW).ended_at == done.ended_at
    assert [each.credit for each in done.answers.order_by("place")] == [10_000, 10_000, 0, 0]


@pytest.mark.parametrize(("counts", "percent", "passed"), [("best", "100%", True), ("last", "25%", False)])
def test_best_or_last_counts(make_school: Callable[..., School], counts: str, percent: str, passed: bool) -> None:
    school = make_school(counts=counts)
    post = school.learner()
    school.attempt(post, RIGHT, RIGHT, RIGHT, RIGHT)
    school.attempt(post, RIGHT, WRONG, WRONG, WRONG)
    standing = queries.progress_of([school.enrolment(post)])[school.enrolment(post).pk].standings[0]
    assert (standing.tried, standing.mark, standing.passed) == (2, percent, passed)


def test_attempts_are_used_up(make_school: Callable[..., School]) -> None:
    school = make_school(attempts_max=2)
    post = school.learner()
    for _ in range(2):
        school.attempt(post, WRONG)
    with pytest.raises(AttemptsUsedUp, match="sudah dicoba 2 kali"):
        begun(school, post)
    enrolment = school.enrolment(post)
    assert (enrolment.state, enrolment.ended_on) == (Enrolment.State.FAILED, TODAY)


def test_an_attempt_set_aside_counts_no_more_and_opens_the_way(make_school: Callable[..., School]) -> None:
    school = make_school(attempts_max=1)
    post = school.learner()
    school.read_all(post)
    spoilt = school.attempt(post, WRONG)
    assert school.enrolment(post).state == Enrolment.State.FAILED
    with pytest.raises(Refused, match="Tulis alasan"):
        set_aside(spoilt.pk, why="x", by=school.author)
    for _ in range(2):
        set_aside(spoilt.pk, why="Listrik padam saat kuis", by=school.author)
    assert (school.enrolment(post).state, school.enrolment(post).ended_on) == (Enrolment.State.CONFIRMED, None)
    assert Entry.objects.filter(verb="attempt.set_aside").count() == 1
    again = school.attempt(post, RIGHT, RIGHT, RIGHT, RIGHT)
    assert (again.number, school.enrolment(post).state) == (2, Enrolment.State.PASSED)
    with pytest.raises(Refused, match="sudah lulus"):
        set_aside(again.pk, why="Listrik padam saat kuis", by=school.author)


def test_only_while_the_batch_is_open_and_only_who_takes_part(school: School) -> None:
    post = school.learner()
    with pytest.raises(BatchNotOpen, match="baru dibuka 5 Mei 2025"):
        begun(school, post, on=date(2025, 5, 4))
    with pytest.raises(BatchNotOpen, match="ditutup 30 Mei 2025"):
        begun(school, post, on=date(2025, 5, 31))
    Enrolment.objects.update(state=Enrolment.State.DECLINED)
    with pytest.raises(NotTakingPart):
        begun(school, post)


# --- the result ------------------------------------------------------------------------------------------------------


def test_all_read_and_passed_is_booked_in_the_training_record(school: School) -> None:
    post = school.learner()
    school.attempt(post, RIGHT, RIGHT, RIGHT, WRONG)
    assert school.enrolment(post).state == Enrolment.State.CONFIRMED  # the lessons are still to be read
    school.read_all(post, on=date(2025, 5, 22))
    enrolment = school.enrolment(post)
    assert (enrolment.state, enrolment.ended_on) == (Enrolment.State.PASSED, date(2025, 5, 22))
    assert Entry.objects.filter(verb="learning.passed", subject=enrolment.pk).count() == 1
    school.read_all(post, on=date(2025, 5, 25))
    assert school.enrolment(post).ended_on == date(2025, 5, 22)
    assert Reading.objects.count() == 2


def test_a_learner_cannot_write_their_own_result(school: School) -> None:
    post = school.learner()
    enrolment = school.enrolment(post)
    with put_on(post.scope(actor=post.user_id, via="test")):
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            Enrolment.objects.filter(pk=enrolment.pk).update(state="passed", ended_on=TODAY)
        assert attempting.complete(enrolment.pk) == ""
    assert school.enrolment(post).state == Enrolment.State.CONFIRMED


def test_a_course_with_classes_is_not_finished_online(school: School) -> None:
    school.course.kind = "diklat"
    school.course.save()
    post = school.learner()
    school.attempt(post, RIGHT, RIGHT, RIGHT, RIGHT)
    school.read_all(post)
    assert school.enrolment(post).state == Enrolment.State.CONFIRMED
    progress = queries.progress_of([school.enrolment(post)])[school.enrolment(post).pk]
    assert (progress.done, progress.taught.steps) == (3, 3)


def test_a_later_edition_keeps_what_was_done_and_asks_for_what_is_new(school: School) -> None:
    post = school.learner()
    school.attempt(post, RIGHT, RIGHT, RIGHT, RIGHT)
    with put_on(post.scope(actor=post.user_id, via="test")):
        attempting.read_lesson(school.enrolment(post), school.lessons[0], on=TODAY)
    draft = editing.draft_of(school.course.pk, by=school.author)
    added = editing.write_lesson(draft.pk, LessonFacts("Baru", "Baru.", 3))
    publish(draft.pk, by=school.author, on=TODAY)
    school.read_all(post)
    progress = queries.progress_of([school.enrolment(post)])[school.enrolment(post).pk]
    assert (progress.done, progress.taught.steps, progress.next_lesson) == (3, 4, added)
    assert school.enrolment(post).state == Enrolment.State.CONFIRMED


# --- who sees what ---------------------------------------------------------------------------------------------------


def test_each_learner_has_their_own_work_from_any_post(school: School) -> None:
    one, other = school.learner(), school.learner("LAIN")
    attempt = school.attempt(one, RIGHT)
    with put_on(other.scope(actor=other.user_id, via="test")):
        assert not Attempt.objects.exists()
        assert not Answer.objects.exists()
        with pytest.raises(Attempt.DoesNotExist):
            attempting.save(attempt.pk, 2, RIGHT, on=TODAY, now=NOW)
    with put_on(Scope.of_ranges((TAPIN,), actor=7, via="test")):
        assert Attempt.objects.get() == attempt
    with put_on(Scope.of_ranges(((HSS, HSS + 10**6),), actor=7, via="test")):
        assert not Attempt.objects.exists()


def test_nobody_writes_work_under_anothers_name(school: School) -> None:
    one, other = school.learner(), school.learner("LAIN")
    enrolment = school.enrolment(one)
    with pytest.raises(Exception, match="row-level security"), put_on(other.scope(actor=other.user_id, via="test")):
        Reading.objects.create(
            enrolment=enrolment, person_id=enrolment.person_id, region_no=TAPIN_TENGAH[0],
            lesson=school.lessons[0].key, read_on=TODAY,
        )  # fmt: skip


def test_a_person_who_moves_takes_their_work_along(school: School) -> None:
    post = school.learner()
    school.attempt(post, RIGHT)
    mover = school.enrolment(post).person
    mover.region_no = HSS
    mover.save()
    assert {
        *Attempt.objects.values_list("region_no", flat=True),
        *Answer.objects.values_list("region_no", flat=True),
    } == {HSS}


# --- a batch ---------------------------------------------------------------------------------------------------------


def test_a_batch_at_a_glance(school: School) -> None:
    done, midway = school.learner("SELESAI"), school.learner("TENGAH")
    school.learner("BELUM")
    school.read_all(done)
    school.attempt(done, RIGHT, RIGHT, RIGHT, RIGHT)
    begun(school, midway)
    assert queries.totals_of([school.batch]) == {school.batch.pk: queries.Totals(3, 1, 0, 1)}
    assert queries.totals_of([school.batch])[school.batch.pk].waiting == 1


def test_progress_takes_as_many_queries_for_many_as_for_one(school: School) -> None:
    for number in range(8):
        school.attempt(school.learner(f"NAMA {number}"), RIGHT)
    enrolments = list(queries.learners_of(school.batch.pk))

    def counted(some: list[Enrolment]) -> int:
        with CaptureQueriesContext(connections["default"]) as asked:
            queries.progress_of(some)
        return len(asked)

    assert counted(enrolments) == counted(enrolments[:1]) == 5


# --- questions to the coach ------------------------------------------------------------------------------------------


def test_the_batch_reads_what_one_asks_and_the_coach_answers(school: School) -> None:
    one, other = school.learner(), school.learner("LAIN")
    with put_on(one.scope(actor=one.user_id, via="test")):
        asked = inquiring.ask(school.enrolment(one), "Bolehkah saya  menyimpan kartu?", on=TODAY, now=NOW)
        assert inquiring.ask(school.enrolment(one), "Bolehkah saya menyimpan kartu?", on=TODAY, now=NOW) == asked
    inquiring.answer(asked.pk, "Tidak boleh.", by=school.author, now=NOW)
    with put_on(other.scope(actor=other.user_id, via="test")):
        read = inquiring.inquiries_of(school.batch.pk).get()
        assert (read.text, read.answer) == ("Bolehkah saya menyimpan kartu?", "Tidak boleh.")
        assert Inquiry.objects.filter(pk=asked.pk).update(answer="Boleh.") == 0
    with put_on(Scope.of_groups((5,), actor=school.author.pk + 999, via="test")):
        assert not Inquiry.objects.exists()
    with pytest.raises(Refused, match="antara 10 dan 1000 huruf"):
        inquiring.ask(school.enrolment(one), "Apa?", on=TODAY, now=NOW)
    assert Entry.objects.filter(verb="inquiry.answered").count() == 1
