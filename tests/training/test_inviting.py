"""Quotas, invitations, answers and substitutes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connections
from django.test.utils import CaptureQueriesContext

from harapan.core.errors import Refused
from harapan.database.scope import active_alias, atomic
from harapan.regions.models import Region
from harapan.training import answering, inviting, planning
from harapan.training.doubts import doubts_about
from harapan.training.errors import BatchClosed, NotYourBatch
from harapan.training.models import Batch, Enrolment
from harapan.training.moving import cancel_batch
from harapan.training.queries import quota_lines
from harapan.workforce.models.person import NATION
from tests.training.conftest import (
    BANJARMASIN,
    BEGINS,
    BIMTEK_2023,
    HSS,
    KALSEL,
    TAPIN,
    TODAY,
    Training,
    as_post,
)

State = Enrolment.State


def number(code: int) -> int:
    return code * 10 ** (10 - len(str(code)))


def test_the_bimtek_of_seventy_five_with_its_fourteen_quotas(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {number(code): places for code, places in BIMTEK_2023.items()})
    people = [each for code, places in BIMTEK_2023.items() for each in training.people(places, number(code))]
    found = training.invite(batch, people)
    assert (len(found.done), found.refused) == (75, {})
    lines = quota_lines(batch)
    assert len(lines) == 14
    assert all(taken == line.places for line, taken, _agreed in lines)
    late = training.people(1, TAPIN)
    refused = training.invite(batch, late).refused[late[0].pk]
    assert "4 kursi untuk Kab. Tapin sudah terisi" in str(refused)
    assert Enrolment.objects.filter(batch=batch).count() == 75
    batch.refresh_from_db()
    assert batch.state == Batch.State.INVITED


def test_a_second_batch_on_the_same_days_and_a_course_still_had_are_doubted_and_not_forbidden(
    training: Training,
) -> None:
    busy, learned, free = training.people(3, TAPIN)
    before = training.batch("diklat-p2k2", begins=date(2022, 9, 5))
    training.invite(before, [learned])
    Enrolment.objects.filter(batch=before).update(state=State.PASSED, ended_on=date(2022, 9, 14))
    bimtap = training.batch("bimtap", begins=BEGINS + timedelta(days=1))
    training.invite(bimtap, [busy])
    batch = training.batch("diklat-p2k2")
    found = training.invite(batch, [busy, learned, free])
    assert len(found.done) == 3
    doubts = doubts_about(batch, [busy.pk, learned.pk, free.pk], on=TODAY)
    assert {person: [str(each) for each in said] for person, said in doubts.items()} == {
        busy.pk: [
            "Sudah diundang ke Bimbingan pemantapan (Bimtap) SDM PKH baru, 21 Februari 2023 sampai 23 Februari 2023, "
            "yang bertumpang tindih."
        ],
        learned.pk: ["Masih memiliki Diklat P2K2/FDS yang berlaku sampai 14 September 2027."],
    }
    cancel_batch(bimtap.pk, why="Gedung dipakai pemilu", by=training.by, on=TODAY)
    assert set(doubts_about(batch, [busy.pk, learned.pk], on=TODAY)) == {learned.pk}
    Enrolment.objects.filter(batch=before).update(ended_on=date(2018, 3, 30))
    assert doubts_about(batch, [learned.pk], on=TODAY) == {}  # about to end: that is what a refresher is for


def test_the_same_list_again_asks_nobody_twice(training: Training) -> None:
    batch, people = training.batch(), training.people(3, TAPIN)
    training.invite(batch, people)
    again = training.invite(batch, people)
    assert (again.done, sorted(again.known)) == ([], sorted(each.pk for each in people))


def test_people_count_under_the_nearest_region_and_the_most_exact_role(training: Training) -> None:
    batch = training.batch()
    province, tapin = Region.objects.get(no=KALSEL), Region.objects.get(no=TAPIN)
    planning.set_quota(batch.pk, province, 1, by=training.by)
    planning.set_quota(batch.pk, tapin, 1, by=training.by)
    planning.set_quota(batch.pk, tapin, 1, who="facilitator", by=training.by)
    planning.set_quota(batch.pk, tapin, 1, who="tksk", by=training.by)
    _post, facilitator = training.with_account("facilitator", 6_305_030_000)
    (plain,) = training.people(1, TAPIN)
    (guest,) = training.people(1, TAPIN, kind="tksk")
    (elsewhere,) = training.people(1, HSS)
    training.invite(batch, [facilitator, plain, guest, elsewhere])
    counted = {row.person_id: row.quota for row in Enrolment.objects.filter(batch=batch).select_related("quota")}
    told = {pk: (quota.region_id, quota.who) for pk, quota in counted.items() if quota}
    assert told == {
        facilitator.pk: (TAPIN, "facilitator"), plain.pk: (TAPIN, ""), guest.pk: (TAPIN, "tksk"),
        elsewhere.pk: (KALSEL, ""),
    }  # fmt: skip


def test_who_has_no_quota_is_refused_with_the_way_out(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 2})
    (stranger,) = training.people(1, HSS)
    refused = training.invite(batch, [stranger]).refused[stranger.pk]
    assert "tidak punya kuota untuk Kab. Hulu Sungai Selatan" in str(refused)


def test_those_of_the_nation_have_a_quota_of_their_own(training: Training) -> None:
    batch = training.batch("diklat-p2k2", post=training.centre)
    training.quota(batch, {NATION: 1})
    first, second = training.people(2, NATION)
    found = training.invite(batch, [first, second])
    assert [row.person_id for row in found.done] == [first.pk]
    assert second.pk in found.refused


def test_a_quota_does_not_fall_below_what_is_taken(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 3})
    training.invite(batch, training.people(2, TAPIN))
    with pytest.raises(Refused, match="sudah terisi 2"):
        training.quota(batch, {TAPIN: 1})
    training.quota(batch, {TAPIN: 2})


def test_two_that_invite_at_once_wait_for_the_batch(training: Training) -> None:
    """Places are counted after the batch is locked, so the second counts what the first has taken."""
    batch = training.batch()
    training.quota(batch, {TAPIN: 1})
    people = training.people(2, TAPIN)
    with CaptureQueriesContext(connections[active_alias()]) as seen:
        training.invite(batch, people)
    said = [each["sql"] for each in seen.captured_queries]
    locked = next(at for at, sql in enumerate(said) if '"training_batch"' in sql and "FOR UPDATE" in sql)
    touching = [at for at, sql in enumerate(said) if '"training_quota"' in sql or '"training_enrolment"' in sql]
    assert touching
    assert min(touching) > locked
    assert Enrolment.objects.taking().filter(batch=batch).count() == 1


def test_a_long_list_takes_no_more_statements_than_a_short_one(training: Training) -> None:
    counts = []
    for size in (3, 60):
        batch = training.batch(wave=size)
        training.quota(batch, {TAPIN: 80})
        people = training.people(size, TAPIN)
        with CaptureQueriesContext(connections[active_alias()]) as seen:
            training.invite(batch, people)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_another_place_does_not_change_the_batch(training: Training) -> None:
    national = training.batch("diklat-p2k2", post=training.centre)
    people = training.people(1, TAPIN)
    with as_post(training.province):
        with pytest.raises(NotYourBatch):
            training.invite(national, people)
        assert Batch.objects.filter(pk=national.pk).exists()  # to read it is everybody's
        assert Batch.objects.filter(pk=national.pk).update(place="LAIN") == 0
        own = training.batch(wave=2)
        assert len(training.invite(own, people).done) == 1
    with as_post(training.centre):
        assert len(training.invite(national, people).done) == 1


def test_what_is_over_takes_nobody(training: Training) -> None:
    batch = training.batch()
    cancel_batch(batch.pk, why="gedung terbakar", by=training.by, on=TODAY)
    with pytest.raises(BatchClosed, match="sudah dibatalkan"):
        training.invite(batch, training.people(1, TAPIN))


def test_days_must_fit_the_course(training: Training) -> None:
    with pytest.raises(Refused, match=r"adalah 2 hari; .* memerlukan 3 hari"):
        training.batch(ends=BEGINS.replace(day=21))
    training.batch()
    second = training.batch()
    assert second.number == 2


def test_somebody_answers_for_themselves_from_their_own_post(training: Training) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    (other,) = training.people(1, TAPIN)
    training.invite(batch, [mine, other])
    of = {row.person_id: row.pk for row in Enrolment.objects.filter(batch=batch)}
    with as_post(post):
        assert [row.person_id for row in Enrolment.objects.all()] == [mine.pk]
        row = answering.answer(of[mine.pk], coming=True, version=1, by=post.user, on=TODAY, travels_by="own")
        assert (row.state, row.travels_by) == (State.CONFIRMED, "own")
        answering.answer(of[mine.pk], coming=True, version=1, by=post.user, on=TODAY, travels_by="own")  # twice is once
        with pytest.raises(Refused, match="tidak menunggu jawaban Anda"):
            answering.answer(of[other.pk], coming=True, version=1, by=post.user, on=TODAY)
        with pytest.raises(Refused, match="sebab berhalangan"):
            answering.answer(of[mine.pk], coming=False, version=1, by=post.user, on=TODAY)
        answering.answer(of[mine.pk], coming=False, version=1, by=post.user, on=TODAY, why="melahirkan")
        with pytest.raises(Refused, match="hubungi"):
            answering.answer(of[mine.pk], coming=True, version=1, by=post.user, on=TODAY)


def test_the_database_lets_people_answer_and_no_more(training: Training) -> None:
    batch = training.batch()
    post, mine = training.with_account("facilitator", 6_305_030_000)
    training.invite(batch, [mine])
    with as_post(post), pytest.raises(DatabaseError, match="row-level security"), atomic():
        Enrolment.objects.filter(person=mine).update(state=State.PASSED, ended_on=BEGINS)
    assert Enrolment.objects.get(person=mine).state == State.INVITED


def test_a_place_given_back_goes_to_the_next(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 1})
    first, second = training.people(2, TAPIN)
    (row,) = training.invite(batch, [first, second]).done
    answering.note_answer(row.pk, coming=False, by=training.by, on=TODAY, why="anak sakit")
    assert [each.person_id for each in training.invite(batch, [second]).done] == [second.pk]
    refused = training.invite(batch, [first]).refused
    assert first.pk in refused  # their place is another's now


def test_a_substitute_comes_on_the_day_with_place_and_class(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 2})
    people = training.people(2, TAPIN)
    training.invite(batch, people)
    training.taught(batch)
    (stand_in,), (stranger,) = training.people(1, TAPIN), training.people(1, HSS)
    row = Enrolment.objects.get(person=people[0])
    with pytest.raises(Refused, match=r"Kursi ini milik Kab\. Tapin"):
        answering.substitute(row.pk, stranger.pk, by=training.by, on=BEGINS)
    with pytest.raises(Refused, match="sudah menjadi peserta"):
        answering.substitute(row.pk, people[1].pk, by=training.by, on=BEGINS)
    taken = answering.substitute(row.pk, stand_in.pk, by=training.by, on=BEGINS)
    row.refresh_from_db()
    assert row.state == State.SUBSTITUTED
    assert (taken.replaced_id, taken.state) == (people[0].pk, State.CONFIRMED)
    assert taken.training_class_id is not None
    assert Enrolment.objects.taking().filter(batch=batch).count() == 2


def test_who_comes_after_the_division_sits_in_the_smallest_class(training: Training) -> None:
    batch = training.batch()
    training.invite(batch, training.people(41, TAPIN))
    first, second = training.taught(batch)
    row = Enrolment.objects.filter(training_class=second).first()
    assert row is not None
    inviting.withdraw(row.pk, why="pindah tugas", by=training.by, on=TODAY)
    training.invite(batch, training.people(1, BANJARMASIN))
    sizes = [Enrolment.objects.coming().filter(training_class=each).count() for each in (first, second)]
    assert sorted(sizes) == [20, 21]
