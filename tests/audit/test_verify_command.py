"""`harapan audit verify` answers in words and in JSON, and leaves with 1 when something is broken."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harapan.audit import log, seal
from harapan.cli.audit import command
from harapan.database.scope import Scope, put_on
from tests.audit.conftest import Owner


@pytest.fixture
def sealed(owner: Owner, monkeypatch: pytest.MonkeyPatch) -> Owner:
    monkeypatch.setattr(seal, "WATERMARK", "pg_snapshot_xmax(pg_current_snapshot())")
    with put_on(Scope.common(actor=1)):
        log.record("family.looked", kind="family", subject=1)
    seal.seal_all()
    return owner


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["verify", *arguments], standalone_mode=False)


def test_a_whole_log(sealed: Owner) -> None:
    said = run("--json")
    assert said.return_value == 0
    assert json.loads(said.stdout) == {"entries": 1, "sealed": 1, "intact": True, "first_broken": None}
    assert "Semuanya utuh." in run().stdout


def test_a_broken_log(sealed: Owner) -> None:
    sealed("UPDATE audit_entry SET actor = 2")
    said = run("--json")
    assert said.return_value == 1
    answer = json.loads(said.stdout)
    assert (answer["intact"], "diubah" in answer["first_broken"]) == (False, True)
    assert "TIDAK utuh" in run().stdout


def test_a_folder_of_anchors_that_is_not_there(sealed: Owner, tmp_path: Path) -> None:
    said = run("--anchors", str(tmp_path / "usb"))
    assert "tidak ada" in str(said.exception)
