"""The steps on Spark, for more families than one machine should hold; a cluster is named in Spark's own settings.

Whatever spark-defaults.conf or spark-submit sets stands; where nothing names a master, Spark works in this process's
machine. ANSI mode is not for choice: a sum that overflows must stop the run, not wrap.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pyarrow as pa

from harapan.core.errors import Refused
from harapan.engine.plan import Plan
from harapan.engine.ranges import Worker
from harapan.engine.snapshot import absent
from harapan.policy.stage_rules import StageRules

try:
    from pyspark import SparkConf
    from pyspark.errors import PySparkException
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.storagelevel import StorageLevel
except ImportError as error:
    raise Refused(
        "Spark belum terpasang. Pasang dengan `pip install --require-hashes -r requirements/spark.txt`, "
        "atau hitung dengan --backend duckdb."
    ) from error

SETTINGS = {
    "spark.app.name": "harapan",
    "spark.master": "local[2]",
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",  # of one range; Spark's own 200 are mostly empty
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class SparkWorker(Worker):
    """`files` are those of a snapshot; every executor must be able to read them at the same path."""

    unfit = PySparkException

    def __init__(self, files: dict[str, list[Path]], plan: Plan, rules: StageRules) -> None:
        self._spark = session()
        self._made: dict[str, DataFrame] = {}
        for name, paths in files.items():
            if paths:
                self._spark.read.parquet(*map(str, paths)).createOrReplaceTempView(f"given_{name}")
        reads = {name: f"given_{name}" if paths else absent(name) for name, paths in files.items()}
        super().__init__(reads, plan, rules)

    def take(self, name: str, sql: str) -> None:
        self._spark.sql(sql).createOrReplaceTempView(name)

    def make(self, name: str, sql: str) -> None:
        """Computed once and kept, in memory or on disk, until the next range: a view would be computed at every use."""
        if name in self._made:
            self._made.pop(name).unpersist()
        self._made[name] = self._spark.sql(sql).persist(StorageLevel.MEMORY_AND_DISK)
        self._made[name].count()
        self._made[name].createOrReplaceTempView(name)

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self._spark.sql(sql).collect()]

    def table(self, sql: str) -> pa.Table:
        return self._spark.sql(sql).toArrow()

    def close(self) -> None:
        """The session is everybody's in this process and goes with it."""
        for made in self._made.values():
            made.unpersist()
        self._made.clear()


def session() -> SparkSession:
    """The one session of this process. Refuses where there is no Java."""
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise Refused("Spark memerlukan Java 17. Pasang (`apt install default-jre-headless`) atau tunjuk di JAVA_HOME.")
    settings = SparkConf()
    for name, value in SETTINGS.items():
        settings.setIfMissing(name, value)
    settings.set("spark.sql.ansi.enabled", "true")
    return SparkSession.builder.config(conf=settings).getOrCreate()
