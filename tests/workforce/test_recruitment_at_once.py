"""Two people at the same moment, on two real connections: the last place is held once, and nobody is left waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from harapan.accounts.models import User
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.demo import emptied
from harapan.workforce.models import Application, Person, PlaceOffer
from harapan.workforce.recruitment import applying, checking, freezing, looking_up, offering, rounds
from harapan.workforce.recruitment.replay import replay
from tests.workforce.recruiting import OPENS, TENGAH, Running, make_running

PUBLISHED_ON = date(2025, 4, 1)
SETTLED_ON = PUBLISHED_ON + timedelta(days=4)
NIK = "6305034101950001"


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Running]:
    """An open round that every connection sees; all of it goes again."""
    with django_db_blocker.unblock():
        with put_on(Scope.batch(via="test")):
            before = list(User.objects.values_list("pk", flat=True))
            made = make_running()
        yield made
        emptied.empty(("workforce", "files"))
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT set_config('harapan.actor', '0', false)")
            cursor.execute("DELETE FROM accounts_post WHERE NOT user_id = ANY(%s)", [before])
            cursor.execute("DELETE FROM accounts_user WHERE NOT id = ANY(%s)", [before])
        connections.close_all()


def together(*deeds: Callable[[], Any]) -> list[str]:
    """What came of deeds begun at the same moment, each on a connection of its own: "done", or the refusal."""
    start = Barrier(len(deeds))

    def carried_out(deed: Callable[[], Any]) -> str:
        try:
            with put_on(looking_up.scope_at(TENGAH)):
                Application.objects.exists()  # the connection is open before anybody begins
                start.wait(timeout=20)
                deed()
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [each.result() for each in [pool.submit(carried_out, deed) for deed in deeds]]


def settled(made: Running) -> list[Application]:
    """Three for one place: it is offered to the first, the second is the reserve."""
    with put_on(Scope.batch(via="test")):
        people = [made.apply() for _ in range(3)]
        made.close()
        checking.check_all(made.round.pk, **made.who)
        made.score_all(dict(zip(people, (90, 80, 70), strict=True)))
        freezing.make_ranking(made.round.pk, **made.who)
        rounds.publish(made.round.pk, **made.who, on=PUBLISHED_ON)
        rounds.settle(made.round.pk, **made.who, on=SETTLED_ON)
        offering.offer_places(made.round.pk, **made.who, on=SETTLED_ON)
    return people


def test_of_two_who_want_the_last_place_at_once_one_has_it(committed: Running) -> None:
    """The first takes it as their last day ends, while it is taken back and offered to the reserve."""
    first, second, _third = settled(committed)
    last_day = SETTLED_ON + timedelta(days=5)

    def offered_on() -> None:
        offering.offer_places(committed.round.pk, **committed.who, on=last_day + timedelta(days=1))
        offering.accept(second.pk, on=last_day + timedelta(days=1))

    said = together(lambda: offering.accept(first.pk, on=last_day), offered_on)
    assert said.count("done") == 1, said
    with put_on(Scope.batch(via="test")):
        holder = PlaceOffer.objects.get(state="accepted")
        assert holder.application_id == (first.pk if said[0] == "done" else second.pk)
        assert Person.objects.get(cohort=2025).name == holder.application.name
        assert not PlaceOffer.objects.filter(state="open").exists()
        assert replay(committed.round.rankings.select_related("round", "input_file").get()).same


def test_a_place_given_up_twice_at_once_goes_to_one_of_the_reserve(committed: Running) -> None:
    first, second, _third = settled(committed)
    twice = [lambda: offering.decline(first.pk, on=SETTLED_ON)] * 2
    said = together(*twice, lambda: offering.offer_places(committed.round.pk, **committed.who, on=SETTLED_ON))
    assert sorted(each == "done" for each in said) == [False, True, True]
    with put_on(Scope.batch(via="test")):
        states = dict(PlaceOffer.objects.values_list("application", "state"))
    assert states == {first.pk: "declined", second.pk: "open"}


def test_of_two_applications_sent_at_once_with_one_nik_one_counts(committed: Running) -> None:
    with put_on(Scope.batch(via="test")):
        drafts = [committed.draft(nik=NIK) for _ in range(2)]
    said = together(*(lambda pk=each.pk: applying.submit(pk, on=OPENS) for each in drafts))
    assert said == ["done", "done"]
    with put_on(Scope.batch(via="test")):
        assert Application.objects.filter(state="submitted").count() == 2
        assert Application.objects.counted().count() == 1
