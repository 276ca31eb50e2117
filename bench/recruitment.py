"""A round of recruitment ranked in memory: the ranking itself, its freezing into a file, and its replay."""

from __future__ import annotations

import resource
import time
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from harapan.workforce.recruitment.freezing import fingerprint, read_back, written
from harapan.workforce.recruitment.law import rules_on
from harapan.workforce.recruitment.ranking import INPUT, SELECTED, digest_of, rank, rows_of

DAY = date(2019, 12, 1)
APPLICANTS_PER_PLACE = 60
PLACES_PER_FORMATION = 2


def bench_recruitment(*, applications: int, seed: int = 1) -> dict[str, Any]:
    """Seconds of each part, for so many applicants drawn by chance."""
    rules, table = rules_on(DAY), drawn(applications, seed=seed)
    began = time.perf_counter()
    rows = rows_of(rank(table, rules, seed="bench"))
    ranked = time.perf_counter()
    raw = written(table)
    frozen = time.perf_counter()
    same = digest_of(rows_of(rank(read_back(raw), rules, seed="bench"))) == digest_of(rows)
    replayed = time.perf_counter()
    return {
        "applications": applications,
        "formations": len(set(table["formation"].to_pylist())),
        "selected": sum(row[4] == SELECTED for row in rows),
        "rank_seconds": round(ranked - began, 3),
        "freeze_seconds": round(frozen - ranked, 3),
        "replay_seconds": round(replayed - frozen, 3),
        "same": same,
        "input_mb": round(len(raw) / 2**20, 1),
        "input_digest": fingerprint(raw)[:16],
        "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def drawn(applications: int, *, seed: int, quota: int = PLACES_PER_FORMATION, formations: int = 0) -> pa.Table:
    """So many applicants of `ranking.INPUT`; scores as tests give them, with many equal ones."""
    chance = Random(seed)
    formations = formations or max(1, applications // (APPLICANTS_PER_PLACE * quota))
    born = date(1985, 1, 1)
    columns: list[list[Any]] = [[] for _ in INPUT]
    for number in range(1, applications + 1):
        passed = chance.random() < 0.45
        tests = [round(min(100.0, max(0.0, chance.gauss(62, 14)))) * 100 if passed else None for _ in range(2)]
        spoken = round(min(100.0, max(0.0, chance.gauss(70, 10)))) * 100 if passed else None
        row = (
            number, chance.randrange(formations) + 1, quota, 10_000 if passed else 0, *tests, spoken,
            chance.random() < 0.8, born + timedelta(days=chance.randrange(365 * 15)),
        )  # fmt: skip
        for column, value in zip(columns, row, strict=True):
            column.append(value)
    arrays = [pa.array(values, kind.type) for values, kind in zip(columns, INPUT, strict=True)]
    return pa.Table.from_arrays(arrays, schema=INPUT)
