"""Two people at the same moment, each on a connection of their own: the second waits, then sees what the first did."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from harapan.accounts.models import Post
from harapan.database.scope import Scope, put_on
from harapan.training import answering, inviting, planning
from harapan.training.errors import QuotaFull
from harapan.training.learning import attempting
from harapan.training.models import Answer, Attempt, Enrolment
from tests.learning import ground
from tests.learning.ground import NOW, RIGHT
from tests.learning.ground import TODAY as SCHOOL_DAY
from tests.training.conftest import KALSEL, TAPIN, TODAY, Training, since_2022
from tests.web.signing import person

OURS = ("training_", "workforce_", "accounts_", "files_", "registry_", "procrastinate_")
WAIT_SECONDS = 60  # for what must happen: no bar of speed


def filled() -> set[str]:
    """Tables of ours with any row."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall() if name.startswith(OURS)]
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)" for name in tables))
        return {name for (name,) in cursor.fetchall()}


def emptied(tables: set[str]) -> None:
    """Each of these, whatever refers to it, and nothing else: a TRUNCATE would take along what was there before."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for name in tables:
            cursor.execute(f'ALTER TABLE "{name}" DISABLE TRIGGER USER')
        left = set(tables)
        while left:
            gone = {name for name in left if _deleted(name)}
            assert gone, f"none of {left} lets go"
            left -= gone
    with connections["owner"].cursor() as cursor:
        for name in tables:
            cursor.execute(f'ALTER TABLE "{name}" ENABLE TRIGGER USER')


def _deleted(table: str) -> bool:
    try:
        with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}"')
    except IntegrityError:
        return False
    return True


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What a test writes is committed, and taken out again by the owner."""
    with django_db_blocker.unblock():
        before = filled()
        yield
        connections.close_all()
        emptied(filled() - before)
        assert filled() == before
        connections.close_all()


@contextmanager
def acting(post: Post) -> Iterator[None]:
    with put_on(post.scope(actor=post.user_id, via="test")):
        yield


def at_once(first: tuple[Post, Callable[[], Any]], second: tuple[Post, Callable[[], Any]]) -> list[Any]:
    """What came of both: the first has done its deed and not committed yet when the second begins and has to wait."""
    results: list[Any] = [None, None]
    done, go = Event(), Event()

    def run(place: int, post: Post, deed: Callable[[], Any]) -> None:
        try:
            with acting(post):
                results[place] = deed()
                if place == 0:
                    done.set()
                    go.wait(WAIT_SECONDS)
        except Exception as error:
            results[place] = error
        finally:
            done.set()
            connections.close_all()

    one, two = (Thread(target=run, args=(place, *each)) for place, each in enumerate((first, second)))
    one.start()
    assert done.wait(WAIT_SECONDS)
    two.start()
    _until_somebody_waits()
    assert results[1] is None
    go.set()
    one.join(WAIT_SECONDS)
    two.join(WAIT_SECONDS)
    return results


def _until_somebody_waits() -> None:
    with connections["owner"].cursor() as cursor:
        for _ in range(WAIT_SECONDS * 20):
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise AssertionError("the second never had to wait")


@pytest.fixture
def two_organisers(committed: None) -> tuple[Training, Post]:
    with put_on(Scope.batch(via="test")):
        planning.take_over_courses()
        training = Training(
            since_2022(person("province_coordinator", regions=(KALSEL,), name="KATIM SATU")),
            since_2022(person("training_centre", name="BBPPKS")),
        )
        other = since_2022(person("province_coordinator", regions=(KALSEL,), name="KATIM DUA"))
    return training, other


def test_the_last_place_goes_once(two_organisers: tuple[Training, Post]) -> None:
    training, other = two_organisers
    with put_on(Scope.batch(via="test")):
        batch = training.batch()
        training.quota(batch, {TAPIN: 1})
        one, two = training.people(2, TAPIN)

    def invite(post: Post, who: int) -> Callable[[], inviting.Invited]:
        return lambda: inviting.invite(batch.pk, [who], by=post.user, on=TODAY)

    first, second = at_once(
        (training.province, invite(training.province, one.pk)), (other, invite(other, two.pk))
    )  # fmt: skip
    assert (len(first.done), first.refused) == (1, {})
    assert (second.done, [type(each) for each in second.refused.values()]) == ([], [QuotaFull])
    with put_on(Scope.batch(via="test")):
        assert [row.person_id for row in Enrolment.objects.taking()] == [one.pk]


def test_a_seat_given_back_and_one_who_fills_it_do_not_meet(two_organisers: tuple[Training, Post]) -> None:
    """Two substitutes for one who cannot come: the second is told that the place is taken."""
    training, other = two_organisers
    with put_on(Scope.batch(via="test")):
        batch = training.batch()
        training.quota(batch, {TAPIN: 1})
        away, one, two = training.people(3, TAPIN)
        (row,) = training.invite(batch, [away]).done

    def replace(post: Post, who: int) -> Callable[[], Enrolment]:
        return lambda: answering.substitute(row.pk, who, by=post.user, on=TODAY)

    first, second = at_once(
        (training.province, replace(training.province, one.pk)), (other, replace(other, two.pk))
    )  # fmt: skip
    assert first.person_id == one.pk
    assert "sudah digantikan" in str(second)
    with put_on(Scope.batch(via="test")):
        assert [each.person_id for each in Enrolment.objects.taking()] == [one.pk]


def test_two_screens_of_one_learner_have_one_attempt_and_hand_in_once(committed: None) -> None:
    with put_on(Scope.batch(via="test")):
        school = ground.make_school()
        post = school.learner()

    def begin() -> Attempt:
        return attempting.begin(school.enrolment(post), school.quiz, on=SCHOOL_DAY, now=NOW)

    first, second = at_once((post, begin), (post, begin))
    assert first == second
    with acting(post):
        for place in (1, 2, 3):
            attempting.save(first.pk, place, RIGHT, on=SCHOOL_DAY, now=NOW)
    handed = at_once(
        (post, lambda: attempting.hand_in(first.pk, on=SCHOOL_DAY, now=NOW)),
        (post, lambda: attempting.hand_in(first.pk, on=SCHOOL_DAY, now=NOW)),
    )
    assert [(each.score, each.passed) for each in handed] == [(7500, True)] * 2
    with put_on(Scope.batch(via="test")):
        assert (Attempt.objects.count(), Answer.objects.filter(credit__isnull=False).count()) == (1, 4)
