"""Places as tiles: how many people stand outside their band now, and after a proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from harapan.workforce.fairness import Fairness

COLUMNS, WIDTH, HEIGHT, GAP = 4, 168, 74, 8
NAME_MAX = 26
STEPS = (10, 30, 60, 85)  # percent of people outside their band: where the next shade begins


@dataclass(frozen=True, slots=True)
class Tile:
    """One place on the picture; shades are classes of the ramp, from nobody to nearly everybody outside."""

    name: str
    x: int
    y: int
    before: Fairness
    after: Fairness | None
    url: str

    @property
    def short(self) -> str:
        bare = self.name.split(",")[0]
        return bare if len(bare) <= NAME_MAX else bare[: NAME_MAX - 1] + "…"

    @property
    def shade(self) -> str:
        return shade_of(self.before)

    @property
    def shade_after(self) -> str:
        return shade_of(self.after) if self.after else ""


@dataclass(frozen=True, slots=True)
class Picture:
    tiles: Sequence[Tile]
    width: int
    height: int


def shade_of(line: Fairness) -> str:
    return f"q{1 + sum(line.outside_percent >= step for step in STEPS)}"


def picture(
    before: Sequence[Fairness], after: Sequence[Fairness], names: Mapping[int, str], urls: Mapping[int, str]
) -> Picture:
    """Tiles in the order of the region numbers."""
    later = {line.region_no: line for line in after}
    tiles = [
        Tile(
            names.get(line.region_no, ""), (place % COLUMNS) * (WIDTH + GAP), place // COLUMNS * (HEIGHT + GAP),
            line, later.get(line.region_no), urls.get(line.region_no, ""),
        )
        for place, line in enumerate(before)
    ]  # fmt: skip
    rows = -(-len(tiles) // COLUMNS)
    return Picture(tiles, COLUMNS * (WIDTH + GAP) - GAP, max(rows * (HEIGHT + GAP) - GAP, HEIGHT))
