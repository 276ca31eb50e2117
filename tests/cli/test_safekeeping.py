"""What `harapan doctor` says of keys, anchors and backups; with a database behind it, the drill asks it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from harapan.cli import safekeeping
from harapan.cli.finding import State
from harapan.custody import keyfiles, notes
from harapan.database import masters, places

NOTHING: Any = click.Context(click.Command("doctor"))


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    for name in ("master", "pepper"):
        places.secret(name)
    return places.var()


def test_keys_apart_are_sound() -> None:
    assert [state for state, _ in safekeeping.key_files(NOTHING)] == [State.GOOD]


def test_a_pepper_that_is_the_master_key_is_wrong(var: Path) -> None:
    (var / "keys" / "pepper.key").write_bytes((var / "keys" / "master.key").read_bytes())
    assert next(safekeeping.key_files(NOTHING))[0] is State.WRONG


def test_a_file_left_beside_the_environment_is_told(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(masters.VARIABLE, "ab" * 32)
    state, words = next(safekeeping.key_files(NOTHING))
    assert (state, "master.key" in words) == (State.MIND, True)


def backed_up(days: int, **facts: object) -> list[State]:
    made_at = (datetime.now(UTC) - timedelta(days=days)).isoformat()
    notes.remember({"made_at": made_at, "where": "/media/usb"} | facts)
    return [state for state, _ in safekeeping.backups(NOTHING)]


def test_an_installation_without_a_backup_is_told() -> None:
    found = list(safekeeping.backups(NOTHING))
    assert [state for state, _ in found] == [State.MIND, State.MIND]
    assert "harapan backup" in found[0][1]


def test_a_backup_grows_old_and_its_keys_may_have_changed(var: Path) -> None:
    now = datetime.now(UTC).isoformat()
    assert backed_up(1, keys_at=now, keys=keyfiles.fingerprints()) == [State.GOOD, State.GOOD]
    assert backed_up(8) == [State.MIND, State.GOOD]
    (var / "keys" / "master.key").write_bytes(bytes(32))
    assert backed_up(1) == [State.GOOD, State.MIND]
    assert (var / notes.NOTE).stat().st_mode & 0o777 == 0o600


def test_fingerprints_tell_nothing_of_the_keys(var: Path) -> None:
    marks = json.dumps(keyfiles.fingerprints())
    for path in (var / "keys").glob("*.key"):
        assert path.read_bytes().hex()[:16] not in marks


@pytest.mark.parametrize(
    ("anchor", "seal", "state"),
    [(0, 0, State.MIND), (3, 4, State.MIND), (4, 4, State.GOOD), (5, 4, State.WRONG)],
)
def test_anchors_are_held_against_the_last_seal(anchor: int, seal: int, state: State) -> None:
    assert safekeeping._anchored(anchor, seal)[0] is state
