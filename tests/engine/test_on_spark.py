"""Spark says what DuckDB says, to the last bit. Skipped by name without pyspark (requirements/spark.txt) or Java."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from harapan.core.errors import Refused
from harapan.engine.generate import generate
from harapan.engine.run import run, run_tables
from harapan.engine.tables import INPUTS
from harapan.policy.stage_rules import StageRules
from tests.engine.builders import RULES, as_tables
from tests.spec.drawing import read
from tests.spec.manual import CHAPTERS

pytest.importorskip("pyspark", reason="pyspark is not installed: requirements/spark.txt")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java for Spark"),
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),  # pyspark leaves them to the collector
]


def drawn() -> dict[StageRules, dict[str, pa.Table]]:
    """Every drawing of the rules, those of one law together; numbers are shifted so that no two drawings meet."""
    found: dict[StageRules, list[dict[str, pa.Table]]] = {}
    shifts = count(0, 100_000)

    def collect(drawing: str, expected: object, law: StageRules = RULES) -> None:
        shift = next(shifts)
        tables = as_tables(read(drawing, law))
        found.setdefault(law, []).append({name: shifted(table, shift) for name, table in tables.items()})

    for chapter in CHAPTERS:
        for name in [name for name in vars(chapter) if name.startswith("test_")]:
            vars(chapter)[name](collect)
    return {
        law: {name: pa.concat_tables([each[name] for each in many]) for name in INPUTS} for law, many in found.items()
    }


def shifted(table: pa.Table, shift: int) -> pa.Table:
    for name in {"family_id", "member_id", "facility_id"} & set(table.column_names):
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), pc.add(table.column(name), shift))
    return table


def on_spark(folder: Path, tables: dict[str, pa.Table], law: StageRules) -> str:
    snapshot = folder / "snapshot"
    snapshot.mkdir()
    for name, table in tables.items():
        pq.write_table(table, snapshot / f"{name}.parquet")
    return run(snapshot, folder / "out", rules=law, backend="spark").output_sha256


def test_the_drawn_rules_under_every_law(tmp_path: Path) -> None:
    laws = drawn()
    assert len(laws) > 5
    for number, (law, tables) in enumerate(laws.items()):
        folder = tmp_path / str(number)
        folder.mkdir()
        assert on_spark(folder, tables, law) == run_tables(**tables, rules=law).output_sha256


def test_twenty_thousand_invented_families(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("harapan.engine.snapshot.RANGE_FAMILIES", 15_000)  # two ranges
    generate(tmp_path / "snapshot", families=20_000, rules=RULES, seed=3)
    on_duckdb = run(tmp_path / "snapshot", tmp_path / "duckdb", rules=RULES)
    spark = run(tmp_path / "snapshot", tmp_path / "spark", rules=RULES, backend="spark", keep=["gross"])
    assert spark.totals == on_duckdb.totals
    assert spark.output_sha256 == on_duckdb.output_sha256
    steps = [pq.read_metadata(path).num_rows for path in sorted((tmp_path / "spark" / "steps").glob("gross-*"))]
    assert steps == [15_000, 5_000]


def test_a_value_that_does_not_fit_is_refused_there_too(tmp_path: Path) -> None:
    law, tables = next(iter(drawn().items()))
    families = tables["families"]
    place = families.schema.get_field_index("category")
    wide = families.set_column(place, "category", families.column("category").cast("int32"))
    too_much = wide.set_column(place, "category", [[1000] * wide.num_rows])
    with pytest.raises(Refused, match="families"):
        on_spark(tmp_path, tables | {"families": too_much}, law)
