"""The difficulties planted in a demonstration: read from data/demo, and which families get which.

Every kind has at least `min` occurrences in a province of any size, and no family has two, so that each can be found
and told apart from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from harapan.core import yaml_text
from harapan.core.errors import Refused
from harapan.demo.province import FOLDER

FILE = FOLDER / "difficulties.yaml"


@dataclass(frozen=True, slots=True)
class Difficulty:
    """`families_min` and `per_thousand` count families; one occurrence takes `size` of them. `of`: who may have it."""

    code: str
    text: str
    find: str
    per_thousand: float
    occurrences_min: int
    of: str
    size: int

    def occurrences(self, families: int) -> int:
        return max(self.occurrences_min, round(families * self.per_thousand / 1000 / self.size))


def read_difficulties() -> list[Difficulty]:
    """In the order in which they choose their families."""
    rows = yaml_text.read(FILE.read_text(encoding="utf-8"))
    return [
        Difficulty(
            code,
            row["text"],
            row["find"],
            row["per_thousand"],
            row["min"],
            row.get("of", "anybody"),
            row.get("size", 1),
        )
        for code, row in rows.items()
    ]


def choose(
    difficulties: Sequence[Difficulty], families: int, fits: Mapping[str, Callable[[int], bool]], *, seed: int
) -> dict[str, list[int]]:
    """Difficulty -> rows of its families, disjoint. `fits` tells for each name in `of` whether a row qualifies.

    Raises Refused where a province is too small to hold one of each.
    """
    order = list(range(families))
    Random(f"difficulties {seed}").shuffle(order)
    chosen: dict[str, list[int]] = {}
    taken: set[int] = set()
    for each in difficulties:
        wanted = each.occurrences(families) * each.size
        found = _first(order, wanted, taken, fits[each.of])
        if len(found) < each.occurrences_min * each.size:
            raise Refused(
                f"Provinsi peragaan dengan {families} keluarga terlalu kecil untuk memuat “{each.text}” "
                "Pakai --families 300 atau lebih."
            )
        taken.update(found)
        chosen[each.code] = found
    return chosen


def _first(order: Sequence[int], wanted: int, taken: set[int], fit: Callable[[int], bool]) -> list[int]:
    found: list[int] = []
    for row in order:
        if len(found) == wanted:
            break
        if row not in taken and fit(row):
            found.append(row)
    return found
