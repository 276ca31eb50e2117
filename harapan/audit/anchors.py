"""Anchors: the number and hash of the last seal, kept outside the database.

A log that was cut off, or rewritten whole with a stolen key, agrees with itself; only what lies elsewhere tells.
Copy the folder to another machine, and give it to `harapan audit verify --anchors`.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from harapan.audit.merkle import Seal
from harapan.core.errors import Unreadable
from harapan.database.places import folder

LATEST = "latest.json"
EVERY_US = 10 * 60 * 1_000_000  # of every seal the last one stays; of each ten minutes one is kept for good


@dataclass(frozen=True, slots=True)
class Anchor:
    no: int
    hash: str
    at_us: int
    source: str


def write(seal: Seal) -> None:
    """Keep this seal as the last one, and now and then for good, one file a month."""
    home = folder("anchors")
    line = json.dumps({"no": seal.no, "hash": seal.hash.hex(), "entries": seal.entries, "at_us": seal.at_us})
    before = next(iter(_in(home / LATEST)), None)
    if before and before.no == seal.no:
        return
    if before is None or before.at_us // EVERY_US != seal.at_us // EVERY_US:
        month = datetime.fromtimestamp(seal.at_us / 1_000_000, UTC).strftime("%Y-%m")
        _append(home / f"{month}.jsonl", line)
    _replace(home / LATEST, line)


def read(home: Path) -> list[Anchor]:
    """Every anchor in a folder. Raises Unreadable when a line is no anchor."""
    return [anchor for path in sorted(home.glob("*.json*")) for anchor in _in(path)]


def _in(path: Path) -> Iterator[Anchor]:
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            kept = json.loads(line)
            yield Anchor(int(kept["no"]), str(kept["hash"]), int(kept["at_us"]), path.name)
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(
                "Jangkar di {path}, baris {number}, tidak terbaca. Pakai salinan lain dari folder anchors.",
                path=path,
                number=number,
            ) from error


def _append(path: Path, line: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())


def _replace(path: Path, line: str) -> None:
    descriptor, draft = tempfile.mkstemp(dir=path.parent)  # 0600
    with open(descriptor, "w", encoding="utf-8") as file:
        file.write(line + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
