"""Which figures are odd enough to be checked: against colleagues, by how much is known, and not by looking often.

1. The usual figure is the median of the own kecamatan, drawn towards that of the whole run by `peers_weight`
   colleagues (shrinkage): a kecamatan of three says little of itself.
2. A figure's distance from it is counted in standard deviations: how much colleagues differ (median absolute
   deviation and upper tail, which a few odd ones do not move) and the sampling error of the own records together.
3. Who looks at four thousand people finds somebody odd: only findings that stand after Benjamini and Hochberg's step,
   indicator by indicator, are kept, and only those of at least `strength_min`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from statistics import median

from harapan.performance.law import IntegrityLaw
from harapan.performance.measures import MEASURES, Measured

MAD_TO_SD = 1.4826  # of a normal distribution
UPPER, UPPER_TO_SD = 0.9, 1.2816  # the ninth tenth of a normal distribution lies so many deviations above its middle
SHARE_LEAST = 0.02  # what is never seen among colleagues may still happen to somebody
SD_LEAST = 0.02
TOGETHER, EACH_MOST = "together", 4.0  # no single figure makes the whole
PUPILS = 5  # of a school count as one record
STRENGTH_MOST = 20.0  # beyond, differences say nothing more


@dataclass(frozen=True, slots=True)
class Judged:
    """A figure with what is usual among colleagues, its distance in standard deviations, and how rare that is."""

    measured: Measured
    usual: float
    strength: float
    rarity: float
    found: bool = False


def judge(figures: Iterable[Measured], law: IntegrityLaw) -> list[Judged]:
    """Every figure that rests on enough records, in its order; `found` are those to be checked."""
    ordered = sorted(figures, key=lambda each: (each.indicator, each.person, each.facility))
    judged: list[Judged] = []
    for _indicator, some in groupby(ordered, key=lambda each: each.indicator):
        judged += _kept([each for each in some if each.n >= law.records_min * (PUPILS if each.facility else 1)], law)
    alone = {each.measured.person for each in judged if each.found}
    together = _kept(_together(judged), law)
    return judged + [replace(each, found=each.found and each.measured.person not in alone) for each in together]


def _together(judged: list[Judged]) -> list[Measured]:
    """How far a person stands from colleagues in everything at once: several small oddities may be one large.

    It is said only of those of whom nothing else is.
    """
    squares: defaultdict[tuple[int, int], float] = defaultdict(float)
    for each in judged:
        if each.measured.facility:
            continue
        whose = (each.measured.person, each.measured.district)
        squares[whose] += min(max(each.strength, 0.0), EACH_MOST) ** 2
    return [
        Measured(TOGETHER, person, district, len(MEASURES), math.sqrt(square), 0.0, ())
        for (person, district), square in sorted(squares.items())
    ]


def _kept(figures: list[Measured], law: IntegrityLaw) -> list[Judged]:
    if not figures:
        return []
    centre = median(each.value for each in figures)
    spread = _spread([each.value for each in figures], centre)
    own: defaultdict[int, list[float]] = defaultdict(list)
    for each in figures:
        own[each.district].append(each.value)
    usual = {
        district: (len(values) * median(values) + law.peers_weight * centre) / (len(values) + law.peers_weight)
        for district, values in own.items()
    }
    judged = [_against(each, usual[each.district], spread) for each in figures]
    false_percent = law.school_false_percent if figures[0].facility else law.false_percent
    bar = _bar([each.rarity for each in judged], false_percent / 100)
    least = law.strength_min_tenths / 10
    return [
        Judged(each.measured, each.usual, each.strength, each.rarity, each.strength >= least and each.rarity <= bar)
        for each in judged
    ]


def _spread(values: list[float], centre: float) -> float:
    """How much colleagues differ, as a standard deviation: by the middle half, or the upper tail where it is longer."""
    middle = MAD_TO_SD * median(abs(value - centre) for value in values)
    upper = (sorted(values)[int((len(values) - 1) * UPPER)] - centre) / UPPER_TO_SD
    return max(middle, upper, SD_LEAST)


def _against(figure: Measured, usual: float, spread: float) -> Judged:
    se = figure.se
    if se is None:
        share = min(max(usual, SHARE_LEAST), 1 - SHARE_LEAST)
        se = math.sqrt(share * (1 - share) / figure.n)
    strength = min((figure.value - usual) / math.hypot(spread, se), STRENGTH_MOST)
    return Judged(figure, usual, strength, math.erfc(strength / math.sqrt(2)) / 2)


def _bar(rarities: list[float], share: float) -> float:
    """Benjamini and Hochberg: the largest rarity that still counts, so that about `share` of what is kept is chance."""
    bar = 0.0
    for place, rarity in enumerate(sorted(rarities), start=1):
        if rarity <= share * place / len(rarities):
            bar = rarity
    return bar
