from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from harapan.core.errors import Refused
from harapan.engine.generate import generate
from harapan.engine.run import run
from tests.engine.builders import RULES


def test_the_same_seed_gives_the_same_files(snapshot: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", families=3000, rules=RULES, seed=7)
    generate(tmp_path / "other", families=3000, rules=RULES, seed=8)
    result = {
        folder: run(folder, tmp_path / f"run-{number}", rules=RULES).output_sha256
        for number, folder in enumerate([snapshot, tmp_path / "again", tmp_path / "other"])
    }
    assert result[snapshot] == result[tmp_path / "again"] != result[tmp_path / "other"]


def test_proportions_are_believable(snapshot: Path) -> None:
    con = duckdb.connect()
    con.execute(f"set file_search_path = '{snapshot}'")
    [[families]] = con.execute("select count(*) from 'families-*.parquet'").fetchall()
    [[people, born, missed]] = con.execute(
        "select count(*), count(*) filter (born_ymd > 0), (select count(*) from 'observations-*.parquet')"
        " from 'members-*.parquet'"
    ).fetchall()
    [[largest, known]] = con.execute(
        "select max(n), count(*) from (select count(*) as n from 'members-*.parquet' group by family_id)"
    ).fetchall()
    assert families == 3000
    assert 3.5 < people / families < 4.7
    assert largest == 9
    assert 0.98 < born / people < 1
    assert 0.99 < known / families < 1
    assert 0.05 < missed / people < 0.2


def test_a_folder_that_exists_is_refused(snapshot: Path) -> None:
    with pytest.raises(Refused, match="sudah ada"):
        generate(snapshot, families=10, rules=RULES)


@pytest.mark.parametrize("families", [0, -1, 10**12])
def test_an_impossible_number_is_refused(families: int, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="di luar batas"):
        generate(tmp_path / "out", families=families, rules=RULES)


def test_the_manifest_says_that_the_families_are_invented(snapshot: Path) -> None:
    manifest = json.loads((snapshot / "manifest.json").read_text())
    assert manifest["synthetic"] is True
    assert manifest["files"]["families-0000.parquet"]["rows"] == 3000
