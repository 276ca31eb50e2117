"""How fast payment files are written, and read back with every check: rows a second of one processor, per layout.

.venv/bin/python -m bench.payment_files --rows 100000
"""

from __future__ import annotations

import argparse
import io
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa

from harapan.core.references import reference_of
from harapan.exchange.payment_file.codec import BATCH_ROWS, parse, write
from harapan.exchange.payment_file.head import Head
from harapan.exchange.payment_file.layouts import Layout, layout, read_folder

STAGE, DAY = "2024-4", date(2024, 11, 28)
HEAD = Head("2024-4/BRI/63.05/1", "Kementerian Sosial", STAGE, "BRI", "63.05", 1, 1, DAY)
NAMES = ("SITI RAHMAH", "NOR'AINI", "RENÉE HIDAYAH", "HJ. SALASIAH AMINAH", 'JUMIATI "ACIL"', "KASMAWATI")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--layout", action="append", choices=sorted(read_folder()), help="default: all of them")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args()
    pa.set_cpu_count(1)
    names = chosen.layout or sorted(read_folder())
    steps = [measured(layout(name, on=DAY), chosen.rows) for name in names]
    report = {"rows": chosen.rows, "steps": steps, "peak_rss_mb": peak_mb()}
    if chosen.json:
        sys.stdout.write(json.dumps(report) + "\n")
        return
    for step in steps:
        sys.stdout.write(
            "{name:16} {written_per_second:>10,} rows/s written {read_per_second:>10,} read\n".format(**step)
        )
    sys.stdout.write(f"{'peak memory':16} {report['peak_rss_mb']:>10} MB\n")


def measured(chosen: Layout, rows: int) -> dict[str, Any]:
    """Seconds of the processor, without the making of the orders."""
    batches, into = list(orders(rows)), io.BytesIO()
    start = time.process_time()
    stated = write(batches, HEAD, chosen, into)
    written = time.process_time()
    _, _, totals = parse(into.getvalue(), chosen)
    read = time.process_time()
    assert totals == stated
    return {
        "name": chosen.name,
        "written_per_second": round(rows / (written - start)),
        "read_per_second": round(rows / (read - written)),
    }


def orders(rows: int) -> Iterator[pa.RecordBatch]:
    chance = random.Random(rows)
    for first in range(0, rows, BATCH_ROWS):
        numbers = range(first, min(first + BATCH_ROWS, rows))
        yield pa.record_batch({
            "reference": [reference_of(STAGE, 1_000_000 + 7 * number, 1) for number in numbers],
            "account": [f"{chance.randrange(10**14):015d}" for _ in numbers],
            "name": [f"{NAMES[number % len(NAMES)]} {number % 997}" for number in numbers],
            "village": ["TATAKAN" for _ in numbers],
            "address": [f"JL. PASAR RT {number % 20:03d}" for number in numbers],
            "amount_idr": pa.array([chance.randrange(150, 3000) * 1000 for _ in numbers], pa.int64()),
        })  # fmt: skip


def peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    main()
