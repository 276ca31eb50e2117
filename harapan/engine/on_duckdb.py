"""The steps on a DuckDB of its own: one machine, in memory, spilling to disk where it is told to."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from harapan.engine.plan import Plan
from harapan.engine.ranges import Worker
from harapan.policy.stage_rules import StageRules


class DuckDBWorker(Worker):
    """Tables in memory are handed over as `given` and read by the name in `reads`."""

    unfit = duckdb.ConversionException

    def __init__(
        self,
        reads: dict[str, str],
        plan: Plan,
        rules: StageRules,
        *,
        memory: str,
        threads: int,
        spill: Path | None = None,
        given: dict[str, pa.Table] | None = None,
    ) -> None:
        self._con = duckdb.connect(config={"memory_limit": memory, "threads": threads})
        self._con.execute("set preserve_insertion_order = false")
        self._con.execute("set parquet_metadata_cache = true")  # every range looks into the ends of all files
        if spill is not None:
            self._con.execute("set temp_directory = ?", [str(spill)])
        for name, table in (given or {}).items():
            self._con.register(reads[name], table)
        super().__init__(reads, plan, rules)

    def take(self, name: str, sql: str) -> None:
        self.make(name, sql)  # stored: each input is read three times

    def make(self, name: str, sql: str) -> None:
        self._con.execute(f"create or replace temp table {name} as {sql}")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self._con.execute(sql).fetchall()

    def table(self, sql: str) -> pa.Table:
        return self._con.sql(sql).to_arrow_table()

    def close(self) -> None:
        self._con.close()
