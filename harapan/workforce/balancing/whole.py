"""Loads into the band with whole groups only: a group goes or stays, so a flow gives bounds and a search the moves.

Counted are, in this order: families outside the band of whoever holds them, families moved, steps to where they go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from harapan.workforce.balancing.even import Balanced
from harapan.workforce.balancing.filling import least_sum
from harapan.workforce.balancing.problem import NOBODYS, Band, Bundle, Move, Reason, Team

SEARCHED_MAX = 120  # groups of a team; beyond, a search would not end
NODES_MAX = 1500  # looked at by the proof; a count, not a time, so that every machine gives the same answer

Score = tuple[int, int, int]


def fit(team: Team) -> Balanced:
    """Moves of whole groups that bring the loads into the bands, or as near as their sum allows.

    Descends step by step, then looks for anything better until nothing is left or NODES_MAX are seen. `proven` says
    that no better moves exist: the bound is met, or the search came to its end. The same team gives the same moves.
    """
    state = _State(team)
    state.place_unheld()
    state.descend()
    best = dict(state.at)
    proven = state.score()[:2] <= _bound(team)
    if not proven and len(team.bundles) <= SEARCHED_MAX:
        search = _Search(team, best, state.score())
        best, proven = search.best, search.ended
    return _balanced(team, best, proven)


class _State:
    """Who holds each bundle just now (`at`, by place in the team), and what that makes of the loads."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.bands = {person.user: person.band for person in team.people}
        self.loads = dict(team.loads)
        self.at: dict[int, int | None] = {place: bundle.holder for place, bundle in enumerate(team.bundles)}
        self.moved = self.steps = 0

    def score(self) -> Score:
        outside = sum(self.bands[user].outside(load) for user, load in self.loads.items())
        return outside, self.moved, self.steps

    def put(self, place: int, taker: int) -> None:
        bundle, giver = self.team.bundles[place], self.at[place]
        self._count(bundle, giver, -1)
        self._count(bundle, taker, 1)
        self.at[place] = taker

    def _count(self, bundle: Bundle, user: int | None, sign: int) -> None:
        if user is None:
            return
        self.loads[user] += sign * bundle.families
        if user != bundle.holder:
            self.moved += sign * bundle.families
            self.steps += sign * bundle.families * self.team.step(user, bundle.village)

    def gain(self, place: int, taker: int) -> Score:
        """What a move adds to the score; less is better."""
        bundle, giver = self.team.bundles[place], self.at[place]
        n, outside = bundle.families, self._change(taker, bundle.families)
        moved = steps = 0
        if giver is not None:
            outside += self._change(giver, -n)
            if giver != bundle.holder:
                moved, steps = -n, -n * self.team.step(giver, bundle.village)
        if taker != bundle.holder:
            moved, steps = moved + n, steps + n * self.team.step(taker, bundle.village)
        return outside, moved, steps

    def _change(self, user: int, families: int) -> int:
        band, load = self.bands[user], self.loads[user]
        return band.outside(load + families) - band.outside(load)

    def place_unheld(self) -> None:
        """The largest first, each to whom it does least harm, then to the nearest, then to the least laden."""
        unheld = [place for place, holder in self.at.items() if holder is None]
        for place in sorted(unheld, key=lambda each: (-self.team.bundles[each].families, each)):
            options = ((self.gain(place, user), self._laden(user), user) for user in self.loads)
            self.put(place, min(options)[2])

    def _laden(self, user: int) -> int:
        """Thousandths of the band's upper edge."""
        return self.loads[user] * 1000 // max(self.bands[user].high, 1)

    def descend(self) -> None:
        while True:
            options = [(self.gain(place, taker), place, taker) for place, taker in self.useful()]
            best = min(options, default=((0, 0, 0), 0, 0))
            if best[0] >= (0, 0, 0):
                return
            self.put(best[1], best[2])

    def useful(self) -> Iterator[tuple[int, int]]:
        """Moves that may better the score: from or to somebody outside the band, or back home."""
        over = {user for user, load in self.loads.items() if load > self.bands[user].high}
        under = {user for user, load in self.loads.items() if load < self.bands[user].low}
        roomy = {user for user, load in self.loads.items() if load < self.bands[user].high}
        for place, giver in self.at.items():
            home = self.team.bundles[place].holder
            takers = roomy if giver in over else under
            if giver != home:
                takers = takers | ({home} if home is not None else self.loads.keys())
            for taker in takers:
                if taker != giver:
                    yield place, taker


def needed(loads: Mapping[int, int], bands: Mapping[int, Band], unheld: int) -> tuple[int, int]:
    """Bounds that hold even if groups could be divided: families that must stay outside, families that must move."""
    outside, goals = _goals(sum(loads.values()) + unheld, bands)
    giving = sum(max(load - goals[user].high, 0) for user, load in loads.items())
    taking = sum(max(goals[user].low - load, 0) for user, load in loads.items())
    return outside, max(unheld + giving, taking)


def _bound(team: Team) -> tuple[int, int]:
    """As `needed`, and knowing that groups are not divided: whoever must give 15 of groups of 20 gives 20."""
    bands = {person.user: person.band for person in team.people}
    unheld = sum(bundle.families for bundle in team.unheld)
    outside, goals = _goals(sum(team.loads.values()) + unheld, bands)
    own: dict[int | None, list[int]] = {}
    for bundle in team.bundles:
        own.setdefault(bundle.holder, []).append(bundle.families)
    sizes = [bundle.families for bundle in team.bundles]
    giving = sum(least_sum(own.get(user, []), load - goals[user].high) for user, load in team.loads.items())
    taking = sum(least_sum(sizes, goals[user].low - load) for user, load in team.loads.items())
    return outside, max(needed(team.loads, bands, unheld)[1], unheld + giving, taking)


def _goals(total: int, bands: Mapping[int, Band]) -> tuple[int, dict[int, Band]]:
    """Families outside the bands at best, and where each load then lies: too many fill all."""
    high, low = sum(band.high for band in bands.values()), sum(band.low for band in bands.values())
    if total >= high:
        return total - high, {user: Band(band.high, total) for user, band in bands.items()}
    if total <= low:
        return low - total, {user: Band(0, band.low) for user, band in bands.items()}
    return 0, dict(bands)


class _Search:
    """Every way to move groups, depth first, except what the bounds say cannot be better than the best so far."""

    def __init__(self, team: Team, best: dict[int, int | None], score: Score) -> None:
        self.best, self.score = best, score
        self.state = _State(team)
        self.nodes = 0
        self.order = sorted(range(len(team.bundles)), key=lambda each: _kind(team.bundles[each]))
        self._go(0, 0)
        self.ended = self.nodes <= NODES_MAX

    def _go(self, depth: int, least: int) -> None:
        """`least`: the place among the takers of the last bundle of the same kind; like bundles are not permuted."""
        self.nodes += 1
        if self.nodes > NODES_MAX or self._hopeless(depth):
            return
        if depth == len(self.order):
            self._keep()
            return
        place = self.order[depth]
        bundle = self.state.team.bundles[place]
        follows = depth + 1 < len(self.order) and _kind(self.state.team.bundles[self.order[depth + 1]]) == _kind(bundle)
        for number, taker in self._options(bundle):
            if number < least:
                continue
            before = self.state.at[place]
            self.state.put(place, taker)
            self._go(depth + 1, number if follows else 0)
            self._undo(place, before)

    def _undo(self, place: int, before: int | None) -> None:
        if before is not None:
            self.state.put(place, before)
            return
        state, bundle = self.state, self.state.team.bundles[place]
        state._count(bundle, state.at[place], -1)
        state.at[place] = None

    def _options(self, bundle: Bundle) -> list[tuple[int, int]]:
        """Staying first: the search then meets small changes before large ones."""
        users = sorted(self.state.loads, key=lambda user: (user != bundle.holder, user))
        return list(enumerate(users))

    def _hopeless(self, depth: int) -> bool:
        state = self.state
        unheld = sum(state.team.bundles[place].families for place in self.order[depth:] if state.at[place] is None)
        outside, moving = needed(state.loads, state.bands, unheld)
        return (outside, state.moved + moving, state.steps) >= self.score

    def _keep(self) -> None:
        score = self.state.score()
        if score < self.score:
            self.score, self.best = score, dict(self.state.at)


def _kind(bundle: Bundle) -> tuple[int, int, int]:
    """Bundles alike in this may stand for each other; the largest first."""
    return -bundle.families, bundle.holder or 0, bundle.village


def _balanced(team: Team, at: dict[int, int | None], proven: bool) -> Balanced:
    state, moves = _State(team), []
    for place, bundle in enumerate(team.bundles):
        taker = at[place]
        if taker is not None and taker != bundle.holder:
            moves.append((bundle, taker))
            state.put(place, taker)
    moves.sort(key=lambda each: (each[0].holder or 0, each[1], each[0].village, each[0].group))
    return Balanced([_move(team, *each) for each in moves], state.loads, proven)


def _move(team: Team, bundle: Bundle, taker: int) -> Move:
    return Move(
        bundle.group, bundle.village, bundle.families, bundle.group != NOBODYS, bundle.holder, taker,
        _reason(team, bundle, taker), team.step(taker, bundle.village),
    )  # fmt: skip


def _reason(team: Team, bundle: Bundle, taker: int) -> Reason:
    bands = {person.user: person.band for person in team.people}
    if bundle.holder is None:
        return Reason.UNHELD
    if team.loads[bundle.holder] > bands[bundle.holder].high:
        return Reason.OVER
    return Reason.UNDER if team.loads[taker] < bands[taker].low else Reason.CHAIN
