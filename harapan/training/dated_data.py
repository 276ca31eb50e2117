"""Lists of the training data (`data/training`) whose rows hold between two days: competences, feedback, centres."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from harapan.core.phrases import Phrase
from harapan.database.places import CHECKOUT
from harapan.policy.catalogues import Held, rows_of, words
from harapan.policy.errors import BadPolicy

FOLDER = CHECKOUT / "data" / "training"
REPAIR = "Ikuti bentuk di data/training/PROVENANCE.md"


@dataclass(frozen=True, slots=True)
class Competence:
    """What somebody can do. `courses`: the codes of those that teach it; `external`: proven from outside, too."""

    code: str
    title: Phrase
    courses: tuple[str, ...]
    external: bool
    held: Held


@dataclass(frozen=True, slots=True)
class Statement:
    """A line of the feedback form."""

    code: str
    text: Phrase
    held: Held


@dataclass(frozen=True, slots=True)
class Centre:
    """A training centre (BBPPKS). `provinces`: codes of those whose staff it teaches; `nation`: and the ministry's."""

    code: str
    name: str
    place: str
    provinces: tuple[int, ...]
    nation: bool
    held: Held

    @property
    def taught(self) -> tuple[int, ...]:
        """The provinces, with 0 for those who serve the nation."""
        return (*self.provinces, 0) if self.nation else self.provinces


def competences(on: date, folder: Path = FOLDER) -> list[Competence]:
    """Those in force on a day, in the order of the file. Raises BadPolicy."""
    return [each for each in _competences(folder) if each.held.holds_on(on)]


def statements(on: date, folder: Path = FOLDER) -> list[Statement]:
    """The feedback form of a day. Raises BadPolicy."""
    return [each for each in _statements(folder) if each.held.holds_on(on)]


def centres(on: date, folder: Path = FOLDER) -> list[Centre]:
    """The centres of a day; no province is taught by two. Raises BadPolicy."""
    found = [each for each in _centres(folder) if each.held.holds_on(on)]
    served = Counter(province for each in found for province in each.taught)
    if any(times > 1 for times in served.values()):
        raise BadPolicy("centres.yaml", "satu provinsi, atau pusat, dilayani dua balai", REPAIR)
    return found


@cache
def _competences(folder: Path) -> tuple[Competence, ...]:
    rows = _rows(folder / "competences.yaml", "competences", {"code", "title", "english", "courses", "external"})
    return tuple(
        Competence(row["code"], words(row), tuple(row["courses"]), bool(row["external"]), row["held"]) for row in rows
    )


@cache
def _statements(folder: Path) -> tuple[Statement, ...]:
    rows = _rows(folder / "feedback.yaml", "statements", {"code", "text", "english"})
    return tuple(Statement(row["code"], words(row, "text"), row["held"]) for row in rows)


@cache
def _centres(folder: Path) -> tuple[Centre, ...]:
    rows = _rows(folder / "centres.yaml", "centres", {"code", "name", "place", "provinces"}, frozenset({"nation"}))
    return tuple(
        Centre(
            row["code"], row["name"], row["place"], tuple(row["provinces"]), bool(row.get("nation")), row["held"]
        )
        for row in rows
    )  # fmt: skip


def _rows(
    file: Path, name: str, fields: set[str], optional: frozenset[str] = frozenset()
) -> list[Mapping[str, Any]]:  # fmt: skip
    """Rows with a code each. Raises BadPolicy, also for none and for a code that holds twice on one day."""
    rows = rows_of(file, name, fields=fields, optional=optional, repair=REPAIR)
    if not rows:
        raise BadPolicy(file.name, f"tidak memuat daftar {name}", REPAIR)
    for place, row in enumerate(rows):
        if any(row["code"] == other["code"] and _meet(row["held"], other["held"]) for other in rows[:place]):
            raise BadPolicy(file.name, f"kode {row['code']} ditulis dua kali untuk hari yang sama", REPAIR)
    return rows


def _meet(one: Held, other: Held) -> bool:
    """Whether both hold on some day."""
    later = max(one.since, other.since)
    return one.holds_on(later) and other.holds_on(later)
