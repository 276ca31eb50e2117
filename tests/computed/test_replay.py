"""A stage computed again: identical years later, and whatever was altered is named."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from django.db import connections

from harapan.benefits import freezing, replaying, running
from harapan.benefits.actions import plan
from harapan.benefits.models import Entitlement, Line, Mode, Replay, Run, Snapshot
from harapan.cli import session, stage
from harapan.core.errors import NotForRole, Refused
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.engine.comparing import MISSING, SURPLUS
from harapan.engine.recompute import one_hash
from harapan.policy import reader
from harapan.registry.models import Family, Member
from tests.cli.test_stage import Acting
from tests.computed.ground import DAY, STAGE, Ground, make_family


def again(ground: Ground, **more: Any) -> Replay:
    return replaying.replay(ground.stage(), actor=ground.people["auditor"].pk, **more)


def as_owner(*statements: str) -> None:
    """What nobody of Harapan may do: change rows of a partition past its trigger."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            for statement in statements:
                cursor.execute(statement)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def first_due(run: Run, ground: Ground) -> Entitlement:
    with put_on(ground.nation()):
        return Entitlement.objects.filter(run_id=run.pk, net_idr__gt=0).order_by("family_id").first()


def test_the_same_again_is_identical(ground: Ground) -> None:
    run = ground.approved()
    steps: list[tuple[int, int]] = []
    found = again(ground, told=lambda done, total: steps.append((done, total)))
    assert found.identical is True
    assert (found.output_sha256, found.rows_differing) == (run.output_sha256, 0)
    assert found.waves[0]["stored_sha256"] == run.output_sha256
    assert steps[-1] == (3, 3)
    assert list(places.folder("replays").iterdir()) == []


def test_it_is_kept_with_who_asked_and_stands_in_the_log(ground: Ground) -> None:
    ground.computed()
    row = again(ground)
    with put_on(ground.nation("auditor")):
        kept = Replay.objects.get(pk=row.pk)
        assert (kept.by, kept.identical) == (ground.people["auditor"], True)
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT actor, body::json FROM audit_entry WHERE verb = 'stage.replayed' ORDER BY id DESC LIMIT 1"
        )
        actor, body = cursor.fetchone()
    assert actor == ground.people["auditor"].pk
    assert (body["replay"], body["identical"]) == (row.pk, True)


def test_nothing_of_today_is_read(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other families, other members and another law, years later."""
    run = ground.computed()
    as_owner(
        "DELETE FROM registry_member WHERE family_id % 2 = 0",
        "UPDATE registry_member SET born_on = born_on + 4000",
        "DELETE FROM registry_componentspell",
        "DELETE FROM registry_enrolment",
        "DELETE FROM registry_paymentaccount",
        "UPDATE registry_family SET region_no = region_no + 1",
    )

    def gone(*_: object, **__: object) -> None:
        raise AssertionError("a replay asked for the policy of today")

    monkeypatch.setattr(reader.Policy, "load", gone)
    monkeypatch.setattr(reader.Policy, "stage", gone)
    monkeypatch.setattr(reader.Policy, "value", gone)
    found = again(ground)
    assert found.identical is True
    assert found.output_sha256 == run.output_sha256
    with put_on(ground.nation()):
        assert Family.objects.count() == len(ground.families)
        assert not Member.objects.filter(family__in=[f for f in ground.families if f.pk % 2 == 0]).exists()


def test_a_policy_changed_after_the_freeze_changes_nothing(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.frozen()
    law = reader.default_policy()
    rules = law.stage(ground.stage().name)
    dearer = law.with_overlay(
        {"components.elderly.annual_idr": [{"from": date(2024, 1, 1), "value": 9_999_000, "confidence": "L"}]}
    )
    assert dearer.stage(rules.stage) != rules
    monkeypatch.setattr(freezing, "default_policy", lambda: dearer)
    run = running.compute(ground.stage(), actor=ground.maker, on=DAY)
    assert again(ground).output_sha256 == run.output_sha256


# What is done to a family's row, and the column that the replay names for it first.
ALTERED = (
    ("UPDATE benefits_entitlement SET net_idr = net_idr + 1, gross_idr = gross_idr + 1 WHERE {this}", "gross_idr"),
    ("UPDATE benefits_entitlement SET account_id = account_id + 1 WHERE {this}", "account_id"),
    ("UPDATE benefits_entitlement SET payer = 'BTN' WHERE {this}", "payer"),
    ("UPDATE benefits_entitlement SET decision = 300 WHERE {this}", "decision"),
    ("UPDATE benefits_line SET group_id = group_id + 1 WHERE {this}", "group_id"),
    ("DELETE FROM benefits_entitlement WHERE {this}", MISSING),
    ("UPDATE benefits_entitlement SET family_id = -family_id WHERE {this}", SURPLUS),
)


def test_a_stored_row_that_was_altered_is_named(ground: Ground) -> None:
    run = ground.computed()
    with put_on(ground.nation()):
        due = list(Entitlement.objects.filter(run_id=run.pk, net_idr__gt=0).order_by("family_id")[: len(ALTERED)])
    for row, (statement, _column) in zip(due, ALTERED, strict=True):
        as_owner(statement.format(this=f"run_id = {run.pk} AND family_id = {row.family_id}"))
    found = again(ground)
    assert found.identical is False
    assert found.output_sha256 == run.output_sha256
    assert found.waves[0]["problems"] == ["rows"]
    named = found.waves[0]["differing"]
    for row, (statement, column) in zip(due, ALTERED, strict=True):
        of_family = [each["column"] for each in named if abs(each["key"]["family_id"]) == row.family_id]
        assert column in of_family, statement
    first = [each for each in named if each["key"]["family_id"] == due[0].family_id]
    assert [(each["column"], each["expected"], each["found"]) for each in first] == [
        ("gross_idr", str(due[0].gross_idr), str(due[0].gross_idr + 1)),
        ("net_idr", str(due[0].net_idr), str(due[0].net_idr + 1)),
    ]


def test_the_first_twenty_of_many_are_shown_and_all_are_counted(ground: Ground) -> None:
    run = ground.computed()
    as_owner(
        f"UPDATE benefits_line SET stage_idr = stage_idr + 1 WHERE run_id = {run.pk}",
        f"UPDATE benefits_entitlement SET reasons = reasons + 1, gross_idr = 0 WHERE run_id = {run.pk}",
    )
    found = again(ground)
    with put_on(ground.nation()):
        rows = Line.objects.filter(run_id=run.pk).count() + Entitlement.objects.filter(run_id=run.pk).count()
    assert found.rows_differing == rows
    assert len(found.waves[0]["differing"]) == 20


def test_a_hash_or_a_total_altered_beside_whole_rows_is_named(ground: Ground) -> None:
    run = ground.approved()
    as_owner(f"UPDATE benefits_run SET output_sha256 = repeat('0', 64), net_idr = net_idr + 1 WHERE id = {run.pk}")
    found = again(ground)
    assert (found.identical, found.rows_differing) == (False, 0)
    assert found.waves[0]["problems"] == ["hash", "figures"]
    assert found.waves[0]["stored_sha256"] == found.output_sha256 == run.output_sha256


def _lose(path: Path) -> None:
    path.unlink()


def _change_a_byte(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [_lose, _change_a_byte])
def test_a_lost_or_altered_file_is_refused_by_name(ground: Ground, harm: Callable[[Path], None]) -> None:
    ground.computed()
    with put_on(ground.nation()):
        snapshot = Snapshot.objects.live().get(stage=ground.stage())
    for name in ("families-0000.parquet", "payees-0000.parquet", "facility_months.parquet"):
        whole = (snapshot.folder / name).read_bytes()
        harm(snapshot.folder / name)
        with pytest.raises(Refused, match=name):
            again(ground)
        with put_on(ground.nation()):
            kept = Replay.objects.filter(stage=ground.stage()).latest("pk")
        assert kept.identical is None
        assert name in kept.refusal
        (snapshot.folder / name).write_bytes(whole)


def test_a_file_slipped_in_and_a_manifest_rewritten_are_refused(ground: Ground) -> None:
    ground.computed()
    with put_on(ground.nation()):
        snapshot = Snapshot.objects.live().get(stage=ground.stage())
    stranger = snapshot.folder / "families-0001.parquet"
    pq.write_table(pq.read_table(snapshot.folder / "families-0000.parquet"), stranger)
    with pytest.raises(Refused, match=r"families-0001\.parquet"):
        again(ground)
    stranger.unlink()
    path = snapshot.folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["rules"]["persons_max"] = 1
    path.write_text(json.dumps(manifest))
    with pytest.raises(Refused, match="Manifes"):
        again(ground)


def test_a_law_altered_in_the_record_is_refused(ground: Ground) -> None:
    ground.computed()
    as_owner("UPDATE benefits_snapshot SET manifest = jsonb_set(manifest, '{rules,persons_max}', '1')")
    with pytest.raises(Refused, match="manifes"):
        again(ground)


def test_two_at_once_do_not_disturb_each_other(ground: Ground) -> None:
    run = ground.computed()
    here, who = ground.stage(), ground.people["auditor"].pk

    def once(_: int) -> str:
        try:
            return replaying.replay(here, actor=who).output_sha256
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(once, range(2))) == [run.output_sha256] * 2
    assert list(places.folder("replays").iterdir()) == []


def test_what_a_killed_one_left_goes_with_the_next(ground: Ground) -> None:
    ground.computed()
    left = places.folder("replays") / "left"
    left.mkdir()
    (left / "lines-0000.parquet").write_bytes(b"half")
    again(ground)
    assert not left.exists()


def test_a_received_stage_and_one_not_computed_are_refused(ground: Ground) -> None:
    with put_on(ground.nation()):
        received = plan("2025-1", mode=Mode.RECEIVED, by=ground.people["commitment_officer"], on=DAY)
    with pytest.raises(Refused, match="diterima dari pusat"):
        replaying.replay(received, actor=ground.maker)
    ground.frozen()
    with pytest.raises(Refused, match="belum dihitung"):
        again(ground)
    with put_on(ground.nation()):
        assert not Replay.objects.exists()


def test_one_hash_of_several_waves() -> None:
    assert one_hash([(0, "a" * 64)]) == "a" * 64
    two = [(0, "a" * 64), (1, "b" * 64)]
    assert one_hash(two) not in ("a" * 64, "b" * 64)
    assert one_hash(two) != one_hash(two[::-1])


def test_a_susulan_is_computed_again_beside_the_main_wave(ground: Ground) -> None:
    ground.instructed()
    with put_on(Scope.batch(via="test")):
        ground.families.append(make_family(ground.world, 12))
    freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY)
    late = running.compute(ground.stage(), actor=ground.maker, on=DAY)
    found = again(ground)
    assert found.identical is True
    assert [(wave["wave"], wave["run"] == late.pk) for wave in found.waves] == [(0, False), (1, True)]
    assert found.output_sha256 == one_hash([(wave["wave"], wave["recorded_sha256"]) for wave in found.waves])
    as_owner(f"UPDATE benefits_line SET counted = NOT counted WHERE run_id = {late.pk}")
    found = again(ground)
    assert [wave["problems"] for wave in found.waves] == [[], ["rows"]]


@pytest.fixture
def command(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """`harapan stage NAME ...` as somebody of the ground; the auditor where nobody else is named."""

    def resolve(username: str | None, *, why: str) -> Acting:
        with put_on(ground.nation()):
            post = ground.people[username or "auditor"].posts.get()
        return Acting(post.user, post, post.scope(actor=post.user_id, via="cli", why=why))

    monkeypatch.setattr(sys.modules[__name__], "resolve", resolve, raising=False)
    monkeypatch.setattr(session, "ACTOR", f"{__name__}.resolve")
    return lambda *told: CliRunner().invoke(stage.command, told, standalone_mode=False)


def test_the_command_says_identical_or_what_differs(ground: Ground, command: Callable[..., Any]) -> None:
    run = ground.computed()
    said = command("replay", STAGE, "--json")
    assert said.return_value == 0
    assert json.loads(said.stdout) == {
        "stage": STAGE, "identical": True, "output_sha256": run.output_sha256, "rows_differing": 0,
    }  # fmt: skip
    row = first_due(run, ground)
    as_owner(f"UPDATE benefits_entitlement SET net_idr = 1 WHERE run_id = {run.pk} AND family_id = {row.family_id}")
    said = command("replay", STAGE, "--json")
    assert said.return_value == 1
    assert (json.loads(said.stdout)["identical"], json.loads(said.stdout)["rows_differing"]) == (False, 1)
    named = f"hak keluarga, keluarga {row.family_id}: net_idr: tersimpan 1, seharusnya {row.net_idr}"
    assert named in said.stderr
    assert named in command("replay", STAGE).stdout


def test_the_command_is_for_those_who_may(ground: Ground, command: Callable[..., Any]) -> None:
    ground.computed()
    assert isinstance(command("replay", STAGE, "--as", "treasurer").exception, NotForRole)
    assert isinstance(command("pack", STAGE, "--out", "never.zip", "--as", "treasurer").exception, NotForRole)
    assert not Path("never.zip").exists()
