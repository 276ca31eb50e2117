"""`harapan recruitment`, as a program reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner

from harapan.accounts.models import Post, User
from harapan.cli import recruitment, session
from harapan.core.errors import Forbidden, Refused
from harapan.workforce.models import Ranking
from harapan.workforce.recruitment import checking
from tests.cli.test_stage import acts, run
from tests.workforce.recruiting import AFTER, KALSEL, OPENS, Running, make_running


@pytest.fixture
def running(system: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    made = make_running()
    posts = (("operator", []), ("facilitator", [6305030000]), ("data_officer", [6305000000]))
    for code, regions in posts:
        user = User.objects.create(username=code, name=code)
        acts[code] = Post.objects.create(user=user, role_code=code, region_nos=regions, since=OPENS)
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    people = [made.apply() for _ in range(3)]
    made.close()
    checking.check_all(made.round.pk, **made.who)
    made.score_all({each: 60 + place for place, each in enumerate(people)})
    yield made
    acts.clear()


def test_a_round_is_ranked_and_replayed_the_same(running: Running) -> None:
    made = run(recruitment.command, "rank", "uji")
    assert (made["version"], made["applicants"]) == (1, 3)
    found = run(recruitment.command, "replay", "uji")
    assert (found["same"], found["result_digest"]) == (True, made["result"])


def test_a_difference_is_named_and_told_by_the_exit_status(running: Running) -> None:
    run(recruitment.command, "rank", "uji")
    Ranking.objects.update(input_digest="0" * 64)
    told = CliRunner().invoke(recruitment.command, ["replay", "uji"], standalone_mode=False)
    assert told.return_value == 1
    assert "Berkas nilai yang dibekukan bukan lagi berkas yang dipakai" in told.output


def test_only_who_reaches_all_of_it_replays(running: Running) -> None:
    run(recruitment.command, "rank", "uji")
    assert KALSEL == running.round.region_id
    with pytest.raises(Refused, match="di luar wilayah Anda"):
        run(recruitment.command, "replay", "uji", "--as", "data_officer")
    with pytest.raises(Forbidden):
        run(recruitment.command, "replay", "uji", "--as", "facilitator")
    with pytest.raises(Refused, match="Tidak ada putaran lain"):
        run(recruitment.command, "replay", "lain")


def test_a_round_is_closed_and_checked_by_command(system: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_running()
    user = User.objects.create(username="operator", name="operator")
    acts["operator"] = Post.objects.create(user=user, role_code="operator", since=OPENS)
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    monkeypatch.setattr("harapan.cli.recruitment.day.today", lambda: AFTER)
    for _ in range(2):
        made.apply(nik="6305030101950007")
    made.apply(education="senior")
    assert run(recruitment.command, "close", "uji") == {"round": "uji", "sent": 3, "doubles": 1}
    assert run(recruitment.command, "check", "uji") == {"round": "uji", "passed": 1, "failed": 1}
    acts.clear()


def test_rounds_are_listed(running: Running) -> None:
    (row,) = run(recruitment.command, "list")
    assert (row["round"], row["state"]) == ("uji", "closed")
