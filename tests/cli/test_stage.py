from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result

from harapan.accounts.models import Post, User
from harapan.benefits.actions import stage_named
from harapan.cli import lists, session, stage
from harapan.core.errors import Forbidden, Refused
from harapan.database.scope import Scope
from harapan.payments.enums import Outcome
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from tests.benefits.world import BAMBAN, BEFORE, STAGE, World, make_world

DAY = date(2025, 6, 2)
acts: dict[str, Any] = {}


class Acting(NamedTuple):
    user: User
    post: Post
    scope: Scope


def resolve(username: str | None, *, why: str) -> Acting:
    """Whoever acts in these tests: the operator, or the dinas by name."""
    post: Post = acts[username or "operator"]
    return Acting(post.user, post, post.scope(actor=post.user_id, via="cli", why=why))


@pytest.fixture
def world(system: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    made = make_world()
    for code, regions in (("operator", []), ("regency_office", [6305000000]), ("data_officer", [6305000000])):
        user = User.objects.create(username=code, name=code)
        acts[code] = Post.objects.create(user=user, role_code=code, region_nos=regions, since=date(2020, 1, 1))
    monkeypatch.setattr(session, "ACTOR", "tests.cli.test_stage.resolve")
    yield made
    acts.clear()


def run(command: Any, *arguments: str) -> Any:
    """The JSON a command prints; what it refuses is raised."""
    found: Result = CliRunner().invoke(command, [*arguments, "--json"], catch_exceptions=False, standalone_mode=False)
    return json.loads(found.output)


@contextmanager
def refused(kind: type[Exception], words: str) -> Iterator[None]:
    with pytest.raises(kind, match=words):
        yield


def test_a_stage_is_planned_and_listed(world: World) -> None:
    assert run(stage.command, "plan", STAGE) == {"stage": STAGE, "mode": "received", "state": "open"}
    assert run(stage.command, "list") == [{"stage": STAGE, "mode": "received", "state": "open"}]


def test_status_names_every_field(world: World) -> None:
    world.listed({world.family(): 600_000})
    assert run(stage.command, "status", STAGE, "--region", "63.05") == {
        "stage": STAGE, "mode": "received", "state": "open", "families": 1, "net_idr": 600_000, "orders": 1,
        "credited_idr": 0, "withdrawn_idr": 0, "untouched_idr": 0, "failed_idr": 0, "returned_idr": 0, "held_idr": 0,
        "exceptions": 0,
    }  # fmt: skip


def test_the_operator_reconciles_and_the_dinas_closes(world: World) -> None:
    family = world.family()
    world.listed({family: 600_000})
    with refused(Refused, "belum terjawab"):
        run(stage.command, "reconcile", STAGE)
    rows = [SettlementRow(2, family.pk, Outcome.WITHDRAWN, 600_000, DAY)]
    receive_settlement(STAGE, rows, digest="a", name="bri.csv", by=world.user, on=DAY)
    assert run(stage.command, "reconcile", STAGE)["state"] == "reconciled"
    with refused(Forbidden, "bukan untuk peran Anda"):
        run(stage.command, "close", STAGE)
    for step, state in (("close", "closed"), ("finish", "final")):
        assert run(stage.command, step, STAGE, "--as", "regency_office", "--why", "lengkap")["state"] == state
    assert [move.why for move in stage_named(STAGE).moves.filter(went_to="closed", regency_no__gt=0)] == ["lengkap"]


def test_an_answer_file_is_taken_back_by_its_name_with_a_reason(world: World) -> None:
    family = world.family()
    world.listed({family: 600_000})
    rows = [SettlementRow(2, family.pk, Outcome.WITHDRAWN, 600_000, DAY)]
    receive_settlement(STAGE, rows, digest="a", name="bri.csv", by=world.user, on=DAY)
    with refused(Refused, "Tulis alasan menarik berkas kembali"):
        run(stage.command, "unsettle", STAGE, "bri.csv")
    found = run(stage.command, "unsettle", STAGE, "bri.csv", "--why", "tahap lain")
    assert found == {"stage": STAGE, "file": "bri.csv", "withdrawn": 1}
    with refused(Refused, "tidak mempunyai berkas jawaban “bri.csv”"):
        run(stage.command, "unsettle", STAGE, "bri.csv", "--why", "tahap lain")


def test_computing_beside_answers_with_the_sums_and_the_gaps(world: World) -> None:
    world.listed({world.family(): 600_000})
    found = run(stage.command, "compute", STAGE)
    assert (found["families"], found["net_idr"], found["differences"]) == (1, 0, 1)


def test_lists_are_compared_and_written(world: World, tmp_path: Path) -> None:
    world.listed({world.family(): 600_000}, stage=BEFORE)
    world.listed({world.family(): 825_000})
    book = tmp_path / "perubahan.xlsx"
    found = run(lists.command, "compare", BEFORE, STAGE, "--out", str(book))
    assert (found["new"], found["gone"], found["idr_before"], found["idr_after"]) == (1, 1, 600_000, 825_000)
    assert book.read_bytes()[:2] == b"PK"
    said = CliRunner().invoke(lists.command, ["compare", BEFORE, STAGE], catch_exceptions=False).output
    assert "Kec. Tapin Tengah: baru 1, keluar 1" in said


@pytest.mark.parametrize(
    ("by", "key", "name"),
    [
        ("village", "villages", "Desa Hiyung"), ("desil", "desils", "Desil belum diketahui"),
        ("facilitator", "facilitators", "Pendamping 1"),
    ],
)  # fmt: skip
def test_lists_are_compared_by_village_desil_and_facilitator(world: World, by: str, key: str, name: str) -> None:
    world.listed({world.family(): 600_000}, stage=BEFORE)
    world.listed({world.family(): 825_000})
    (row,) = run(lists.command, "compare", BEFORE, STAGE, "--by", by)[key]
    assert (row["name"], row["new"], row["gone"]) == (name, 1, 1)
    said = CliRunner().invoke(lists.command, ["compare", BEFORE, STAGE, "--by", by], catch_exceptions=False).output
    assert f"  {name}: baru 1, keluar 1" in said


def test_every_command_says_what_it_does_with_an_example(world: World) -> None:
    for group in (stage.command, lists.command):
        for name in group.commands:
            told = CliRunner().invoke(group, [name, "--help"]).output
            assert "Contoh: harapan" in " ".join(told.split()), name


def test_a_move_names_the_regencies_that_moved_and_the_stage_beside_them(world: World) -> None:
    near, far = world.family(), world.family(village=BAMBAN)
    world.listed({near: 600_000, far: 600_000})
    rows = [SettlementRow(line, one.pk, Outcome.WITHDRAWN, 600_000, DAY) for line, one in enumerate((near, far), 2)]
    receive_settlement(STAGE, rows, digest="a", name="bri.csv", by=world.user, on=DAY)
    arguments = ["reconcile", STAGE, "--region", "63.05"]
    said = CliRunner().invoke(stage.command, arguments, catch_exceptions=False, standalone_mode=False).output
    here = f"Tahap {STAGE} sekarang direkonsiliasi di Kab. Tapin."
    assert said == f"{here} Keadaan tahap {STAGE} secara keseluruhan: dibuka.\n"
    found = run(stage.command, "reconcile", STAGE)
    assert found["state"] == "reconciled"
    assert [(one["region"], one["state"]) for one in found["regencies"]] == [("63.06", "reconciled")]


def test_computing_beside_tells_an_officer_of_their_own_regency_only(world: World) -> None:
    world.listed({world.family(): 600_000, world.family(village=BAMBAN): 600_000})
    found = run(stage.command, "compute", STAGE, "--as", "data_officer")
    assert (found["families"], found["differences"]) == (1, 1)
