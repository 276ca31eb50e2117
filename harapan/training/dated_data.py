"""Lists of the training data (data/training) whose rows hold between two days, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.errors import Unreadable
from harapan.core.phrases import Phrase
from harapan.policy.dated import CONFIDENCES
from harapan.policy.yaml_rows import written_in

FOLDER = Path(__file__).resolve().parents[2] / "data" / "training"


class BadTrainingData(Unreadable):
    """A file of the training data breaks its rules; nothing of it is used."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(
            Phrase(
                "{place}: {problem}. Perbaiki berkas itu; bentuknya dijelaskan di baris pertamanya.",
                place=place, problem=problem,
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Competence:
    """What somebody can do. `courses`: the codes of those that teach it; `external`: proven from outside, too."""

    code: str
    title: Phrase
    since: date
    until: date | None
    courses: tuple[str, ...]
    external: bool
    source: str
    confidence: str

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of the feedback form."""

    code: str
    text: Phrase
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Centre:
    """A training centre (BBPPKS). `provinces`: codes of those whose staff it teaches; `nation`: and the ministry's."""

    code: str
    name: str
    place: str
    provinces: tuple[int, ...]
    nation: bool

    @property
    def taught(self) -> tuple[int, ...]:
        """The provinces, with 0 for those who serve the nation."""
        return (*self.provinces, 0) if self.nation else self.provinces


def competences(on: date, folder: Path = FOLDER) -> list[Competence]:
    """Those in force on a day, in the order of the file. Raises BadTrainingData."""
    return [each for each in _competences(folder) if each.holds_on(on)]


def statements(on: date, folder: Path = FOLDER) -> list[Statement]:
    """The feedback form of a day. Raises BadTrainingData."""
    return [each for each in _statements(folder) if each.holds_on(on)]


@cache
def centres(folder: Path = FOLDER) -> tuple[Centre, ...]:
    """Every centre; no province is taught by two. Raises BadTrainingData."""
    rows = _rows("centres.yaml", "centres", {"code", "name", "place", "provinces"}, folder)
    found = tuple(
        Centre(row["code"], row["name"], row["place"], tuple(row["provinces"]), bool(row.get("nation"))) for row in rows
    )
    served = [province for each in found for province in each.provinces]
    if len(served) != len(set(served)) or sum(each.nation for each in found) > 1:
        raise BadTrainingData("centres.yaml", "satu provinsi, atau pusat, dilayani dua balai")
    return found


@cache
def _competences(folder: Path) -> tuple[Competence, ...]:
    wanted = {"code", "title", "english", "from", "courses", "external", "source", "confidence"}
    rows = _rows("competences.yaml", "competences", wanted, folder)
    if any(row["confidence"] not in CONFIDENCES for row in rows):
        raise BadTrainingData("competences.yaml", "confidence harus H, M, atau L")
    return tuple(
        Competence(
            row["code"], Phrase.of_data(row["title"], row["english"]), row["from"], row.get("until"),
            tuple(row["courses"]), bool(row["external"]), row["source"], row["confidence"],
        )
        for row in rows
    )  # fmt: skip


@cache
def _statements(folder: Path) -> tuple[Statement, ...]:
    rows = _rows("feedback.yaml", "statements", {"code", "text", "english", "from"}, folder)
    return tuple(
        Statement(row["code"], Phrase.of_data(row["text"], row["english"]), row["from"], row.get("until"))
        for row in rows
    )


def _rows(name: str, key: str, wanted: set[str], folder: Path) -> Sequence[Mapping[str, Any]]:
    written = written_in(folder / name)
    rows = written.get(key) if isinstance(written, Mapping) else None
    if not isinstance(rows, list) or not rows:
        raise BadTrainingData(name, f"tidak memuat daftar {key}")
    for row in rows:
        lacking = wanted - set(row) if isinstance(row, Mapping) else wanted
        if lacking:
            raise BadTrainingData(name, f"satu baris tidak memuat {', '.join(sorted(lacking))}")
    if len({row["code"] for row in rows}) != len(rows):
        raise BadTrainingData(name, "satu kode ditulis dua kali")
    return rows
