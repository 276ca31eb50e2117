"""`harapan import`: one JSON value, exit status by what was refused, and the refused rows in a folder."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from harapan.accounts.models import Post
from harapan.cli import session
from harapan.cli.imports import command
from harapan.core.errors import HarapanError
from harapan.exchange.beneficiaries import codec
from harapan.registry.models import Family
from tests.intake.conftest import row

acting: dict[str, Any] = {}


def resolve(username: str | None, *, why: str = "") -> SimpleNamespace:
    post = acting["post"]
    return SimpleNamespace(user=post.user, post=post, scope=post.scope(actor=post.user_id, via="cli", why=why))


@pytest.fixture
def run(operator: Post, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    acting["post"] = operator
    monkeypatch.setattr(session, "ACTOR", f"{__name__}.resolve")

    def invoke(*arguments: Any) -> Result:
        return CliRunner().invoke(command, [str(each) for each in arguments], standalone_mode=False)

    return invoke


def written(folder: Path, name: str, *rows: dict[str, Any]) -> Path:
    path = folder / name
    path.write_bytes(codec.render(rows, form="csv"))
    return path


def test_a_list_is_rehearsed_unless_told_to_commit(run, tmp_path: Path) -> None:
    path = written(tmp_path, "daftar.csv", row(1), row(2))
    rehearsed = run("beneficiaries", path, "--stage", "2025-2", "--json")
    assert (rehearsed.return_value, Family.objects.count()) == (0, 0)
    assert json.loads(rehearsed.output) == {
        "rows": 2, "accepted": 2, "changed": 0, "unchanged": 0, "refused": 0, "committed": False, "refusals": [],
    }  # fmt: skip
    assert "--commit" in run("beneficiaries", path, "--stage", "2025-2").output
    assert run("beneficiaries", path, "--stage", "2025-2", "--commit").return_value == 0
    assert Family.objects.count() == 2


def test_refused_rows_are_named_and_given_back(run, tmp_path: Path) -> None:
    bad = row(2, village_code="6305039999", village="ANTAH", district="")
    path = written(tmp_path, "daftar.csv", row(1), bad)
    back = tmp_path / "kembali"
    done = run("beneficiaries", path, "--stage", "2025-2", "--commit", "--json", "--refused-to", back)
    assert done.return_value == 3
    value = json.loads(done.output)
    assert (value["accepted"], value["refused"], value["committed"]) == (1, 1, True)
    (refusal,) = value["refusals"]
    assert (refusal["file"], refusal["row"], refusal["column"]) == ("daftar.csv", 3, "kode_wilayah")
    assert codec.parse(back / "daftar-ditolak.csv")["name"] == ["RUSMINI 2"]


def test_where_one_file_cannot_be_read_none_is_written(run, tmp_path: Path) -> None:
    good, broken = written(tmp_path, "satu.csv", row(1)), tmp_path / "dua.xlsx"
    broken.write_bytes(b"PK\x03\x04 broken")
    done = run("beneficiaries", good, broken, "--stage", "2025-2", "--commit")
    assert isinstance(done.exception, HarapanError)
    assert "dua.xlsx" in str(done.exception)
    assert done.exception.exit_status == 1
    assert Family.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        (("kartu", "x.csv"), "beneficiaries, caseload", 2),
        (("beneficiaries", "x.csv"), "tahap", 2),
        (("beneficiaries", "x.csv", "--stage", "2025-9"), "2025", 1),
        (("caseload", "x.csv", "--facilitator", "entah"), "entah", 1),
        (("bnba", "tidak-ada.csv"), "tidak-ada.csv", 1),
    ],
)
def test_what_is_asked_wrongly_is_said_in_a_sentence(run, arguments: tuple[str, ...], words: str, status: int) -> None:
    done = run(*arguments)
    assert isinstance(done.exception, HarapanError), done.output
    assert words in str(done.exception)
    assert done.exception.exit_status == status
