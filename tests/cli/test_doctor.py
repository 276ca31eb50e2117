"""`harapan doctor`: names what is wrong and what to do."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from harapan.cli import doctor
from harapan.database import places


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HARAPAN_VAR", str(tmp_path / "var"))
    return places.var()


def examined(monkeypatch: pytest.MonkeyPatch, *subjects: str) -> Result:
    """Only these checks, as JSON."""
    monkeypatch.setattr(doctor, "CHECKS", {subject: doctor.CHECKS[subject] for subject in subjects})
    return CliRunner().invoke(doctor.command, ["--json"], standalone_mode=False)


def test_a_sound_installation_ends_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    places.secret("nik")
    result = examined(monkeypatch, "Python", "Folder", "Kunci")
    assert result.return_value == 0, result.output
    assert {finding["subject"] for finding in json.loads(result.output)} == {"Python", "Folder", "Kunci"}


def test_a_key_that_others_read_is_wrong_and_says_the_command(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    places.secret("nik")
    key = var / "keys" / "nik.key"
    key.chmod(0o644)
    result = examined(monkeypatch, "Kunci")
    assert result.return_value == 1
    assert f"chmod 600 {key}" in result.output


def test_a_folder_that_others_read_is_wrong(monkeypatch: pytest.MonkeyPatch, var: Path) -> None:
    var.chmod(0o755)
    result = examined(monkeypatch, "Folder")
    assert result.return_value == 1
    assert f"chmod 711 {var}" in result.output


def test_a_missing_server_is_wrong_and_the_other_checks_go_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("HARAPAN_PG_BIN", str(tmp_path))
    result = examined(monkeypatch, "PostgreSQL", "Python")
    findings = {finding["subject"]: finding for finding in json.loads(result.output)}
    assert findings["PostgreSQL"]["state"] == "salah"
    assert "HARAPAN_PG_BIN" in findings["PostgreSQL"]["words"]
    assert findings["Python"]["state"] == "baik"


def test_a_package_that_differs_from_the_lock_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("click==0.1 \\\n    --hash=sha256:0\nabsent==1.0\n")
    monkeypatch.setattr(places, "CHECKOUT", tmp_path)
    words = json.loads(examined(monkeypatch, "Paket").output)[0]["words"]
    assert "click 0.1 (terpasang: " in words
    assert "absent 1.0 (terpasang: tidak ada)" in words
