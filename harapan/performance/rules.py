"""Rules of findings, draws and their calibration: plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

Z95 = 1.959964  # of a two-sided 95 percent interval


def interval(hits: float, of: float) -> tuple[float, float]:
    """Wilson's 95 percent interval of a share; (0, 1) where nothing is known. `of` may be an effective number."""
    if of <= 0:
        return 0.0, 1.0
    share, z2 = hits / of, Z95**2
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of)) / (1 + z2 / of)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Precision:
    """What check visits say of an indicator: of the months it pointed at, the share whose records did not hold.

    `checked` visits were made; `effective` is what they are worth after weighing (Kish).
    """

    checked: int
    effective: float
    share: float
    low: float
    high: float


def precision(visits: Sequence[tuple[float, bool]]) -> Precision:
    """From (probability of having been drawn, records did not hold): each visit speaks for 1/probability months."""
    weights = [1 / probability for probability, _wrong in visits]
    if not weights:
        return Precision(0, 0.0, 0.0, 0.0, 1.0)
    total = sum(weights)
    share = sum(weight for weight, (_p, wrong) in zip(weights, visits, strict=True) if wrong) / total
    effective = total**2 / sum(weight**2 for weight in weights)
    low, high = interval(share * effective, effective)
    return Precision(len(visits), effective, share, low, high)


def probabilities(risk: Mapping[int, float], *, size: int, random_percent: int) -> dict[int, float]:
    """How likely each unit is drawn into a sample of `size`: a random share for all alike, the rest by risk.

    The sum is `size` (or the number of units, where that is less); nobody is above 1, and everybody above 0.
    """
    if size >= len(risk):
        return dict.fromkeys(risk, 1.0)
    total = sum(risk.values())
    share = 1.0 if total <= 0 else random_percent / 100
    wanted = {
        unit: size * (share / len(risk) + ((1 - share) * each / total if total > 0 else 0.0))
        for unit, each in risk.items()
    }
    sure: set[int] = set()
    while over := {unit for unit, each in wanted.items() if each >= 1 and unit not in sure}:
        sure |= over  # what they cannot take goes to the others, in proportion
        left = {unit: each for unit, each in wanted.items() if unit not in sure}
        scale = (size - len(sure)) / sum(left.values())
        wanted = {unit: 1.0 if unit in sure else each * scale for unit, each in wanted.items()}
    return wanted


def draw(chances: Mapping[int, float], *, seed: int) -> list[int]:
    """Which units a seed draws, with exactly these probabilities (systematic, in an order shuffled by the seed)."""
    chance = Random(seed)  # noqa: S311  (to be drawn again by anybody, not to be secret)
    order = sorted(chances)
    chance.shuffle(order)
    at, passed, drawn = chance.random(), 0.0, []
    for unit in order:
        passed += chances[unit]
        if passed > at + 1e-9:
            drawn.append(unit)
            at += 1
    return sorted(drawn)
