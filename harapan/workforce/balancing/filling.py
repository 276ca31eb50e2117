"""From numbers to families: which villages, groups and parts of groups make up what one person gives another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

from harapan.workforce.balancing.problem import NOBODYS, Bundle, Move, Reason, Team


def fill(team: Team, sent: Mapping[tuple[int | None, int], int]) -> list[Move]:
    """Moves that make up exactly what is sent: whole villages first, then whole groups, then a part of one.

    At most one group is divided for each pair of giver and taker.
    """
    moves: list[Move] = []
    holding: dict[int | None, list[Bundle]] = {}
    for bundle in sorted(team.bundles, key=lambda each: (each.village, each.group)):
        holding.setdefault(bundle.holder, []).append(bundle)
    for (giver, taker), families in sorted(sent.items(), key=lambda each: (each[0][0] or 0, -each[1], each[0][1])):
        left, given = _take(team, holding[giver], taker, families)
        holding[giver] = left
        reason = Reason.UNHELD if giver is None else Reason.EVEN
        moves += [
            Move(
                each.group,
                each.village,
                n,
                n == each.families and each.group != NOBODYS,
                giver,
                taker,
                reason,
                team.step(taker, each.village),
            )
            for each, n in given
        ]
    return moves


def _take(
    team: Team, bundles: list[Bundle], taker: int, families: int
) -> tuple[list[Bundle], list[tuple[Bundle, int]]]:
    """What stays, and (bundle, families) of what goes."""
    near = sorted(bundles, key=lambda each: (team.step(taker, each.village), each.village, each.group))
    villages = [list(some) for _village, some in groupby(near, key=lambda each: each.village)]
    sums = [sum(each.families for each in some) for some in villages]
    whole = [each for place in best_subset(sums, families) for each in villages[place]]
    rest = families - sum(each.families for each in whole)
    others = [each for each in near if each not in whole]
    more = [others[place] for place in best_subset([each.families for each in others], rest)]
    rest -= sum(each.families for each in more)
    given = [(each, each.families) for each in (*whole, *more)]
    left = [each for each in others if each not in more]
    if rest:  # each that is left has more families than the rest, or it would have gone whole
        nearest = team.step(taker, left[0].village)
        part = max((each for each in left if team.step(taker, each.village) == nearest), key=lambda each: each.families)
        given.append((part, rest))
        left[left.index(part)] = Bundle(part.group, part.village, part.families - rest, part.holder)
    return left, given


def best_subset(sizes: Sequence[int], wanted: int) -> list[int]:
    """Places of sizes whose sum comes nearest to `wanted` from below; among equal sums the later ones are left out.

    Exact. The sums that can be reached stand as bits of one number, one such number for each size.
    """
    if wanted <= 0:
        return []
    mask, reached = (1 << (wanted + 1)) - 1, [1]
    for size in sizes:
        reached.append((reached[-1] | reached[-1] << size) & mask)
    total, taken = reached[-1].bit_length() - 1, []
    for place in range(len(sizes) - 1, -1, -1):
        if not reached[place] >> total & 1:
            taken.append(place)
            total -= sizes[place]
    return taken[::-1]


def least_sum(sizes: Sequence[int], wanted: int) -> int:
    """The smallest sum of some of the sizes that reaches `wanted`; all of them where none does. Exact."""
    if wanted <= 0:
        return 0
    reached = 1
    for size in sizes:
        reached |= reached << size
    above = reached >> wanted
    return wanted + (above & -above).bit_length() - 1 if above else sum(sizes)
