"""Make regions.csv.gz from the npm package idn-area-data: `python data/regions/make.py idn-area-data-4.0.1.tgz`.

Islands are left out: nobody lives under an island's code. The output is the same byte for byte for the same input.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import sys
import tarfile
from pathlib import Path

SOURCE_SHA256 = "8d47ffb2be39c08aacb0a2dd43193a1edb5754edb1022d57158341c702acc32d"
COUNTS = {"provinces": 38, "regencies": 514, "districts": 7_285, "villages": 83_762}
OUT = Path(__file__).with_name("regions.csv.gz")


def read(package: Path) -> list[tuple[str, str]]:
    """(dotted code, name) of the four levels, in order of code."""
    rows = []
    with tarfile.open(package) as archive:
        for table, expected in COUNTS.items():
            member = archive.extractfile(f"package/data/{table}.csv")
            if member is None:
                sys.exit(f"{package} has no data/{table}.csv; take idn-area-data 4.0.1.")
            found = [(row["code"], row["name"]) for row in csv.DictReader(io.TextIOWrapper(member, "utf-8"))]
            if len(found) != expected:
                sys.exit(f"{table}: {len(found)} rows, expected {expected}; take idn-area-data 4.0.1.")
            rows += found
    return sorted(rows)


def main(package: Path) -> None:
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        sys.exit(f"{package} has SHA-256 {digest}, expected {SOURCE_SHA256}; take idn-area-data 4.0.1.")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["code", "name"])
    writer.writerows(read(package))
    content = text.getvalue().encode()
    OUT.write_bytes(gzip.compress(content, 9, mtime=0))
    sys.stdout.write(f"{OUT.name} {hashlib.sha256(OUT.read_bytes()).hexdigest()}\n")
    sys.stdout.write(f"unpacked {hashlib.sha256(content).hexdigest()}\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python data/regions/make.py idn-area-data-4.0.1.tgz")
    main(Path(sys.argv[1]))
