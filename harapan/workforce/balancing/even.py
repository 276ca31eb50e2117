"""Fair shares with the fewest families moved: a minimum-cost flow says how many go from whom to whom, exactly.

Which families these are, `filling` then answers: whole villages, whole groups and, for the rest, a part of one group.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from harapan.workforce.balancing.filling import fill
from harapan.workforce.balancing.problem import FARTHER, Move, Person, Team

POOL = 0  # the giver that is nobody: families that no one holds


class Balanced(NamedTuple):
    """What is proposed for a team: moves, and the loads then."""

    moves: list[Move]
    loads: dict[int, int]
    proven: bool = True  # no other proposal is better in what is counted first


def shares(people: Sequence[Person], families: int) -> tuple[dict[int, int], int]:
    """What each gets at least, in proportion to weight, and how many get one more. Raises ValueError without people."""
    whole = sum(person.weight for person in people)
    if whole <= 0:
        raise ValueError("nobody can carry these families")
    least = {person.user: families * person.weight // whole for person in people}
    return least, families - sum(least.values())


def even(team: Team) -> Balanced:
    """Moves after which everybody has the fair share to within one family.

    No other moves with that result take fewer families from where they are. Among those the flow prefers people who
    already work in the village, then in the kecamatan. The same team gives the same moves.
    """
    sent = _flow(team)
    loads = dict.fromkeys(team.loads, 0)
    for (_giver, taker), families in sent.items():
        loads[taker] += families
    changed = {(giver or None, taker): n for (giver, taker), n in sent.items() if giver != taker}
    return Balanced(fill(team, changed), loads)


def _flow(team: Team) -> dict[tuple[int, int], int]:
    """(giver, taker) -> families; whoever keeps families gives them to themselves."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow  # half a second, only for those who balance

    least, more = shares(team.people, team.families)
    givers = {POOL: sum(bundle.families for bundle in team.unheld), **team.loads}
    moved = FARTHER * team.families + 1  # one family fewer is worth more than any distance
    places = {user: len(givers) + place for place, user in enumerate(team.loads)}
    sink = len(givers) + len(places)
    flow, arcs = SimpleMinCostFlow(), {}
    for node, (giver, families) in enumerate(givers.items()):
        flow.set_node_supply(node, families)
        for taker, place in places.items() if families else ():
            cost = 0 if giver == taker else moved + team.apart(giver or None, taker)
            arcs[giver, taker] = flow.add_arc_with_capacity_and_unit_cost(node, place, families, cost)
    for user, place in places.items():
        flow.set_node_supply(place, -least[user])
        flow.add_arc_with_capacity_and_unit_cost(place, sink, 1, 0)
    flow.set_node_supply(sink, -more)
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError(f"no flow for the team of {team.home}")
    return {pair: flow.flow(arc) for pair, arc in arcs.items() if flow.flow(arc)}
