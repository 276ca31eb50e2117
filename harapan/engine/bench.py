"""How fast the engine is here: an invented snapshot, one run from Parquet to Parquet, and the figures of both."""

from __future__ import annotations

import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from harapan.engine.generate import generate
from harapan.engine.run import run
from harapan.policy.stage_rules import StageRules


def bench_engine(*, families: int, rules: StageRules, seed: int = 1, folder: Path | None = None) -> dict[str, Any]:
    """Figures of one run: those of `harapan engine run --json`, the time to invent the snapshot, and families a second.

    Works in a new folder below `folder` (default: the system's) and removes it.
    """
    with TemporaryDirectory(prefix="harapan-bench-", dir=folder) as place:
        snapshot = Path(place) / "snapshot"
        started = time.perf_counter()
        generate(snapshot, families=families, rules=rules, seed=seed)
        seconds_generate = time.perf_counter() - started
        summary = run(snapshot, Path(place) / "run", rules=rules)
    return summary.as_json() | {
        "seconds_generate": round(seconds_generate, 3),
        "families_per_second": round(families / summary.seconds),
    }
