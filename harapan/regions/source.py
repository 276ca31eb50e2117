"""The official list that comes with Harapan (data/regions, idn-area-data 4.0.1, ODbL 1.0)."""

from __future__ import annotations

import csv
import gzip
from datetime import date
from pathlib import Path

from harapan.regions import codes

OFFICIAL_LIST = Path(__file__).resolve().parents[2] / "data" / "regions" / "regions.csv.gz"
OFFICIAL_LIST_DATE = date(2026, 5, 6)  # publication of the package; from then on its names and codes hold


def read_regions(path: Path = OFFICIAL_LIST, *, within: int | None = None) -> list[tuple[int, str]]:
    """(number, name) of every region, in order; with `within` only that region, its ancestors and all below it."""
    wanted = set(codes.lineage(within)) if within is not None else set()
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        numbered = [(codes.parse(row["code"]), row["name"]) for row in csv.DictReader(file)]
    if within is None:
        return sorted(numbered)
    return sorted(row for row in numbered if row[0] in wanted or codes.contains(within, row[0]))
