"""`harapan integrity` and `harapan bench integrity`, as a program reads them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner

from bench.fabricators import kinds
from harapan.accounts.models import Post, User
from harapan.cli import bench, integrity, session
from harapan.core.errors import Forbidden
from tests.benefits.world import make_world
from tests.cli.test_stage import acts, run
from tests.performance.ground import RUN_ON, Field, make_field


@pytest.fixture
def field(system: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    made = make_field(make_world())
    for code, regions in (("operator", []), ("facilitator", [6305030000])):
        user = User.objects.create(username=code, name=code)
        acts[code] = Post.objects.create(user=user, role_code=code, region_nos=regions, since=date(2020, 1, 1))
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    monkeypatch.setattr("harapan.cli.integrity.day.today", lambda: RUN_ON)
    yield made
    acts.clear()


def test_a_month_is_looked_at_and_again_with_the_same_answer(field: Field) -> None:
    value = run(integrity.command, "run", "--month", "2025-06")
    assert (value["month"], value["people"], value["records"]) == ("2025-06", 12, 144)
    assert value["findings"] > 0
    assert run(integrity.command, "run") == value  # last month, by itself
    found = run(integrity.command, "calibrate")
    assert (found["checked"], found["changed"]) == (0, [])


def test_only_who_may_looks(field: Field) -> None:
    for deed in ("run", "calibrate"):
        with pytest.raises(Forbidden):
            run(integrity.command, deed, "--as", "facilitator")


def test_the_bench_tells_seen_kinds_from_unseen_ones() -> None:
    told = CliRunner().invoke(bench.command, ["integrity", "--facilitators", "200", "--per-kind", "1", "--json"])
    value = json.loads(told.output)
    assert value["seen"].keys() == kinds.SEEN.keys()
    assert value["unseen"].keys() == kinds.UNSEEN.keys()
    assert value["false_alarms"]["of"] == 200 - len(kinds.SEEN | kinds.UNSEEN)
    assert {row["of"] for row in (value["seen"] | value["unseen"]).values()} == {1}


def test_a_bench_with_hardly_anybody_honest_is_refused() -> None:
    told = CliRunner().invoke(bench.command, ["integrity", "--facilitators", "200", "--per-kind", "4"])
    assert told.exit_code == 2
    assert "200 pendamping" in told.output
