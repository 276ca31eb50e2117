"""The steps of a computed stage as commands: what they answer, and who may."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from harapan.accounts.models import Post, User
from harapan.cli import session, stage
from harapan.core.errors import NotForRole, Refused
from harapan.database.scope import Scope, put_on
from tests.computed.ground import STAGE, Ground

people: dict[str, User] = {}


class Acting(NamedTuple):
    user: User
    post: Post
    scope: Scope


def resolve(username: str | None, *, why: str) -> Acting:
    """Whoever acts in these tests, named by role; the PPK by default."""
    with put_on(Scope.batch(via="test")):
        post = Post.objects.select_related("user").get(user=people[username or "commitment_officer"])
    return Acting(post.user, post, post.scope(actor=post.user_id, via="cli", why=why))


@pytest.fixture
def acting(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setitem(people, "", ground.world.user)
    people.update(ground.people)
    monkeypatch.setattr(session, "ACTOR", "tests.computed.test_commands.resolve")
    return ground


def run(*arguments: str) -> dict[str, Any]:
    found = CliRunner().invoke(stage.command, [*arguments, "--json"], catch_exceptions=False, standalone_mode=False)
    answered: dict[str, Any] = json.loads(found.output)
    return answered


def test_each_step_answers_with_stage_and_sums(acting: Ground) -> None:
    acting.planned()
    head = {"stage": STAGE, "mode": "computed"}
    frozen = run("freeze", STAGE)
    assert {**head, "state": "frozen", "wave": 0, "families": 12}.items() <= frozen.items()
    sums = {"families": 12, "paid": 12, "gross_idr": 6_532_000, "cut_idr": 0, "net_idr": 6_532_000}
    assert {**head, "state": "computed", "wave": 0, **sums}.items() <= run("compute", STAGE).items()
    checked = run("check", STAGE)
    assert {
        **head,
        "state": "checked",
        **sums,
        "base": None,
        "findings": 0,
        "findings_idr": 0,
    }.items() <= checked.items()
    sent_back = run("refuse", STAGE, "--why", "belum jelas", "--as", "policy_maker")
    assert {**head, "state": "frozen", "decision": "refused", "net_idr": 6_532_000}.items() <= sent_back.items()
    run("compute", STAGE)
    run("check", STAGE)
    approved = run("approve", STAGE, "--sk", "7/SK/2024", "--sk-date", "2024-11-05", "--as", "payment_signer")
    assert {**head, "state": "approved", "decision": "approved", "decree_no": "7/SK/2024"}.items() <= approved.items()


def test_who_may_not_and_what_is_too_early(acting: Ground) -> None:
    acting.checked()
    for step in ("freeze", "compute", "check"):
        with pytest.raises(NotForRole):
            run(step, STAGE, "--as", "treasurer")
    with pytest.raises(NotForRole):
        run("approve", STAGE, "--sk", "1", "--sk-date", "2024-11-05")
    with pytest.raises(Refused, match="Tulis apa yang perlu diperbaiki"):
        run("refuse", STAGE, "--as", "policy_maker")
    with pytest.raises(Refused, match="sekarang diperiksa"):
        run("check", STAGE)
    with pytest.raises(Refused, match="Susulan dibuka setelah gelombang utama diperintahkan"):
        run("freeze", STAGE, "--susulan")


def test_without_json_it_says_what_comes_next(acting: Ground) -> None:
    acting.frozen()
    said = CliRunner().invoke(stage.command, ["compute", STAGE], catch_exceptions=False, standalone_mode=False).output
    assert "12 keluarga dihitung: Rp6.532.000 untuk 12 keluarga." in said
    assert f"harapan stage check {STAGE}" in said
