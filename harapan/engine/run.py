"""A run: every range of families computed, in order, added up and hashed; from folder to folder, or in memory.

OUT/entitlements-0000.parquet  lines-0000.parquet  ...  manifest.json
"""

from __future__ import annotations

import json
import resource
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pyarrow as pa

from harapan.core.errors import Refused
from harapan.engine import NAME, VERSION
from harapan.engine.checks import refuse_other_totals
from harapan.engine.digest import digest_of, output_sha256
from harapan.engine.on_duckdb import DuckDBWorker
from harapan.engine.output import OutputFolder
from harapan.engine.plan import DIALECTS, Plan, plan
from harapan.engine.ranges import RangeResult, Totals, Worker
from harapan.engine.snapshot import MANIFEST, Snapshot, file_sha256, open_snapshot, ranges
from harapan.engine.tables import ADJUSTMENTS, INPUTS, OUTPUTS
from harapan.policy.stage_rules import StageRules

WORKERS = 2
MEMORY_OF_A_WORKER = "600MB"  # two of them, what they hand over and Python stay below 2 GiB

COUNTED = ("families", "members", "adjustments")  # each row belongs to a family of a range

Told = Callable[[int, int], None]  # ranges done, ranges in all


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to. `seconds_entitlements` is the part until the amounts stood: no order, hash or writing."""

    totals: Totals
    output_sha256: str
    seconds: float
    seconds_entitlements: float
    peak_rss_mb: int

    def as_json(self) -> dict[str, Any]:
        """The answer of `harapan engine run --json`."""
        names = ("families", "members", "paid", "gross_idr", "cut_idr", "net_idr")
        return {name: getattr(self.totals, name) for name in names} | {
            "output_sha256": self.output_sha256,
            "seconds": round(self.seconds, 3),
            "seconds_entitlements": round(self.seconds_entitlements, 3),
            "peak_rss_mb": self.peak_rss_mb,
        }


@dataclass(frozen=True, slots=True)
class Result:
    """A run in memory: `tables.ENTITLEMENTS` and `tables.LINES` in order of their keys."""

    entitlements: pa.Table
    lines: pa.Table
    totals: Totals
    output_sha256: str


def run(
    snapshot: Path,
    out: Path,
    *,
    rules: StageRules,
    told: Told | None = None,
    keep: Iterable[str] = (),
    backend: str = "duckdb",
) -> Summary:
    """Compute a stage from a snapshot folder into the new folder `out`.

    `backend` is one of `plan.DIALECTS`: DuckDB and Spark say the same. `keep` names steps (`plan.plan`) whose tables
    are written to `out/steps` as well. Raises Refused or Unreadable and then leaves no `out`; what is finished waits in
    OUT.sebagian for the next try.
    """
    started = time.perf_counter()
    compiled = plan(rules, keep=tuple(keep), dialect=DIALECTS[backend])
    source = open_snapshot(snapshot)
    folder = OutputFolder(out, _question(source, rules, compiled))
    bounds = source.ranges()
    todo = [number for number in range(len(bounds)) if not folder.has(number)]
    gathered = _Gathered()
    count = max(1, min(WORKERS, len(todo))) if backend == "duckdb" else 1  # Spark divides the work by itself
    workers = _workers(backend, count, source, compiled, rules, folder.spill)
    with closing(_computed(workers, count, bounds, todo, compiled, folder)) as fresh:
        for number in range(len(bounds)):
            if folder.has(number):
                result = folder.read(number)
            else:
                result = next(fresh)
                folder.store(result, number)
            gathered.add(result)
            if told is not None:
                told(number + 1, len(bounds))
    refuse_other_totals({name: source.rows(name) for name in COUNTED}, gathered.rows_in, "snapshot")
    folder.finish(gathered.totals, gathered.sha256)
    seconds = time.perf_counter() - started
    return Summary(gathered.totals, gathered.sha256, seconds, gathered.seconds / count, peak_rss_mb())


def finished(snapshot: Path, out: Path, *, rules: StageRules) -> Summary | None:
    """What an earlier run of the very same question came to, if it stands in `out` with all its files; else None."""
    if not (out / MANIFEST).exists():
        return None
    asked = _question(open_snapshot(snapshot), rules, plan(rules))
    answer: dict[str, Any] = json.loads((out / MANIFEST).read_text())
    if any(answer.get(name) != value for name, value in asked.items()):
        return None
    if any(file_sha256(out / name) != entry["sha256"] for name, entry in answer["files"].items()):
        return None
    return Summary(Totals(**answer["totals"], rows=answer["rows"]), answer["output_sha256"], 0.0, 0.0, peak_rss_mb())


def run_tables(
    families: pa.Table,
    members: pa.Table,
    observations: pa.Table,
    facility_months: pa.Table,
    adjustments: pa.Table | None = None,
    *,
    rules: StageRules,
) -> Result:
    """The same in memory, for tables with the columns of `tables.INPUTS`, in any order of rows."""
    given = {"families": families, "members": members, "observations": observations, "facility_months": facility_months}
    # made here, not above: the first table that pyarrow makes imports pandas, half a second for whoever only imports
    given["adjustments"] = ADJUSTMENTS.empty_table() if adjustments is None else adjustments
    for name, table in given.items():
        missing = [column for column in INPUTS[name].names if column not in table.column_names]
        if missing:
            raise Refused(
                "Tabel {name} tidak memuat kolom {missing}. Lihat docs/engine.md.",
                name=name,
                missing=", ".join(missing),
            )
    reads = {name: f"given_{name}" for name in INPUTS}
    gathered, results = _Gathered(), []
    with DuckDBWorker(reads, plan(rules), rules, memory="2GB", threads=WORKERS, given=given) as worker:
        for bounds in ranges(families.column("family_id")):
            results.append(worker.compute(bounds))
            gathered.add(results[-1])
    refuse_other_totals({name: given[name].num_rows for name in COUNTED}, gathered.rows_in, "data")
    made = {
        name: pa.concat_tables([schema.empty_table(), *(getattr(result, name) for result in results)])
        for name, schema in OUTPUTS.items()
    }
    return Result(**made, totals=gathered.totals, output_sha256=gathered.sha256)


def peak_rss_mb() -> int:
    """The most memory this process ever held, in MiB (Linux counts it in KiB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


class _Gathered:
    """Ranges in order: added up and hashed."""

    def __init__(self) -> None:
        self.totals = Totals()
        self.seconds = 0.0
        self._digests = {name: digest_of(name) for name in OUTPUTS}

    def add(self, result: RangeResult) -> None:
        for name, digest in self._digests.items():
            digest.update(getattr(result, name))
        self.totals.add(result.totals)
        self.seconds += result.seconds_entitlements

    @property
    def rows_in(self) -> dict[str, int]:
        """How many rows were taken in of each table whose rows belong to a family."""
        return {name: self.totals.rows.get(name, 0) for name in COUNTED}

    @property
    def sha256(self) -> str:
        return output_sha256(self._digests["entitlements"], self._digests["lines"])


def _question(snapshot: Snapshot, rules: StageRules, compiled: Plan) -> dict[str, Any]:
    """All that a run depends on: the same question has the same answer, whoever asks."""
    return {
        "stage": rules.stage,
        "engine": {"name": NAME, "version": VERSION},
        "inputs": snapshot.fingerprints,
        "rules": json.loads(rules.as_json()),
        "kept_steps": list(compiled.kept),
    }


def _workers(
    backend: str, count: int, snapshot: Snapshot, compiled: Plan, rules: StageRules, spill: Path
) -> Iterator[Worker]:
    """Opens one worker after the other, as many as `count`."""
    if backend == "spark":
        from harapan.engine.on_spark import SparkWorker  # not installed for everybody

        yield SparkWorker(snapshot.files, compiled, rules)
        return
    reads = {name: snapshot.reads(name) for name in INPUTS}
    for place in range(count):
        yield DuckDBWorker(
            reads,
            compiled,
            rules,
            memory=MEMORY_OF_A_WORKER,
            threads=WORKERS // count,
            spill=spill / str(place),
        )


def _computed(
    workers: Iterator[Worker],
    count: int,
    bounds: list[tuple[int, int]],
    todo: list[int],
    compiled: Plan,
    folder: OutputFolder,
) -> Generator[RangeResult, None, None]:
    """The ranges still to do, in order, a few worked on ahead while the one before is stored and hashed."""
    free: SimpleQueue[Worker] = SimpleQueue()

    def compute(number: int) -> RangeResult:
        worker = free.get()
        try:
            result = worker.compute(bounds[number])
            for step in compiled.kept:
                worker.keep(step, folder.step_file(step, number))
            return result
        finally:
            free.put(worker)

    with ExitStack() as stack:
        for worker in workers:
            free.put(stack.enter_context(worker))
        pool = ThreadPoolExecutor(count)
        stack.callback(pool.shutdown, cancel_futures=True)
        ahead: deque[Future[RangeResult]] = deque()
        for number in todo:
            ahead.append(pool.submit(compute, number))
            if len(ahead) > count:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
