from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from harapan.accounts.models import Post, User
from harapan.cli import session, stage
from harapan.core.errors import Forbidden
from tests.benefits.hearing import AFTER, NOTICED, Hearing, make_hearing
from tests.benefits.world import TAPIN, make_world
from tests.cli.test_stage import acts, run


@pytest.fixture
def hearing(system: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hearing]:
    made = make_hearing(make_world())
    for code, regions in (("operator", []), ("facilitator", [6305030000])):
        user = User.objects.create(username=code, name=code)
        acts[code] = Post.objects.create(user=user, role_code=code, region_nos=regions, since=date(2020, 1, 1))
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    yield made
    acts.clear()


def on(monkeypatch: pytest.MonkeyPatch, day: date) -> None:
    monkeypatch.setattr("harapan.cli.notices.day.today", lambda: day)


def test_notices_are_given_lapse_and_say_what_they_cost(hearing: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    found, family = hearing.stage(), hearing.family()
    hearing.away(family, 202501, 202502)
    on(monkeypatch, NOTICED)
    value = run(stage.command, "notices", found.name, "--give")
    assert (value["given"], value["families"], value["withdrawn"]) == (2, 1, 0)
    assert run(stage.command, "notices", found.name, "--lapse")["lapsed"] == 0
    hearing.told(found)
    on(monkeypatch, AFTER)
    value = run(stage.command, "notices", found.name, "--lapse")
    assert (value["lapsed"], value["notices"]["lapsed"]) == (2, 2)
    hearing.computed(found)
    [effect] = run(stage.command, "notices", found.name)["effect"]
    assert (effect["region"], effect["effect"], effect["families"], effect["months"]) == (TAPIN, "cut", 1, 2)
    assert (effect["cut_idr"], effect["held_idr"]) == (45_000, 0)


def test_only_who_may_gives_notices(hearing: Hearing) -> None:
    found = hearing.stage()
    with pytest.raises(Forbidden):
        run(stage.command, "notices", found.name, "--give", "--as", "facilitator")
    assert run(stage.command, "notices", found.name, "--as", "facilitator")["notices"]["open"] == 0
