from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from harapan.cli.engine import command
from harapan.core.errors import Misuse, Refused

SCENARIO = """
family.persons_max:
  - from: 2025-01-01
    value: 2
"""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command") / "snapshot"
    answer = call("generate", "--families", "2000", "--out", str(folder), "--seed", "3")
    assert "2.000 keluarga rekaan" in answer
    return folder


def call(*arguments: str) -> str:
    result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_run_answers_in_json(generated: Path, tmp_path: Path) -> None:
    found = json.loads(call("run", str(generated), "--stage", "2025-2", "--out", str(tmp_path / "out"), "--json"))
    assert list(found) == [
        "families",
        "members",
        "paid",
        "gross_idr",
        "cut_idr",
        "net_idr",
        "output_sha256",
        "seconds",
        "seconds_entitlements",
        "peak_rss_mb",
    ]
    assert found["families"] == 2000
    assert found["gross_idr"] - found["cut_idr"] == found["net_idr"]


def test_run_answers_in_words(generated: Path, tmp_path: Path) -> None:
    said = call("run", str(generated), "--stage", "2025-2", "--out", str(tmp_path / "out"))
    assert "dari 2.000 keluarga menerima bantuan" in said
    with pytest.raises(Refused, match="sudah ada"):
        call("run", str(generated), "--stage", "2025-2", "--out", str(tmp_path / "out"))


def test_simulate_tells_the_difference(generated: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(SCENARIO)
    arguments = ("simulate", str(generated), "--stage", "2025-2", "--scenario", str(scenario))
    found = json.loads(call(*arguments, "--json"))
    assert found["net_idr"] == found["after"]["net_idr"] - found["before"]["net_idr"] < 0
    assert found["families_more"] == 0
    assert found["families_less"] > 0
    assert found["families_less"] + found["families_same"] == 2000
    assert "bantuan bersih turun" in call(*arguments)


def test_a_scenario_that_changes_nothing_says_so(generated: Path, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(SCENARIO.replace("2025-01-01", "2026-01-01"))
    with pytest.raises(Misuse, match="tidak mengubah apa pun"):
        call("simulate", str(generated), "--stage", "2025-2", "--scenario", str(scenario))


def test_the_engine_never_loads_django() -> None:
    code = "import sys, harapan.cli.engine, harapan.engine.bench; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
