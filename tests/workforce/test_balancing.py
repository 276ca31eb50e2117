"""The optimiser against brute force, and what must hold whatever the team: nobody lost, nobody twice, fair shares."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.workforce.balancing.even import even, shares
from harapan.workforce.balancing.filling import best_subset, least_sum
from harapan.workforce.balancing.problem import NOBODYS, Band, Bundle, Move, Person, Reason, Team, loads_after
from harapan.workforce.balancing.whole import fit

DISTRICT = 6305030000
VILLAGES = (6305032001, 6305032002, 6305022001)


@st.composite
def teams(draw: st.DrawFn, *, people: int = 4, groups: int = 8, weights: bool = False) -> Team:
    count = draw(st.integers(1, people))
    lows = draw(st.lists(st.integers(0, 60), min_size=count, max_size=count))
    staff = tuple(
        Person(user, Band(low, low + draw(st.integers(0, 30))), draw(st.integers(1, 20)) if weights else 20, DISTRICT)
        for user, low in enumerate(lows, start=1)
    )
    holders = st.sampled_from([None, *range(1, count + 1)])
    sizes = draw(st.lists(st.integers(1, 25), max_size=groups))
    bundles = tuple(
        Bundle(number, draw(st.sampled_from(VILLAGES)), size, draw(holders))
        for number, size in enumerate(sizes, start=1)
    )
    return Team(DISTRICT, staff, bundles)


def carried_out(team: Team, moves: list[Move]) -> dict[int | None, int]:
    """Families by holder after the moves, told family by family: raises where somebody gives what they do not have."""
    left = {(bundle.group, bundle.holder): bundle.families for bundle in team.bundles}
    held: dict[int | None, int] = {}
    for move in moves:
        left[move.group, move.giver] -= move.families
        assert left[move.group, move.giver] >= 0
        assert move.families > 0
        assert move.giver != move.taker
        held[move.taker] = held.get(move.taker, 0) + move.families
    for (_group, holder), families in left.items():
        held[holder] = held.get(holder, 0) + families
    return held


@given(teams(people=6, groups=20))
def test_even_shares_differ_by_one_at_most_and_lose_nobody(team: Team) -> None:
    moves, loads, _proven = even(team)
    held = carried_out(team, moves)
    assert held.get(None, 0) == 0
    assert {user: held.get(user, 0) for user in loads} == loads == loads_after(team, moves)
    assert sum(loads.values()) == team.families
    assert max(loads.values()) - min(loads.values()) <= 1


@given(teams(people=5, groups=12, weights=True))
def test_whoever_has_other_work_gets_a_share_of_the_days_left(team: Team) -> None:
    loads = even(team).loads
    days = sum(person.weight for person in team.people)
    for person in team.people:
        assert abs(loads[person.user] - team.families * person.weight / days) <= 1


@given(teams(people=6, groups=20))
def test_even_moves_no_family_more_than_the_shares_ask_for(team: Team) -> None:
    """The least is what stands above the shares, the largest loads keeping the one family more; and all unheld."""
    moves = even(team).moves
    least, more = shares(team.people, team.families)
    above = sorted((max(load - least[user], 0) for user, load in team.loads.items()), reverse=True)
    spared = sum(1 for each in above if each)
    needed = sum(above) - min(more, spared) + sum(bundle.families for bundle in team.unheld)
    assert sum(move.families for move in moves) == needed


@given(teams(people=5, groups=15))
def test_at_most_one_group_is_divided_between_two_people(team: Team) -> None:
    divided = [(move.giver, move.taker) for move in even(team).moves if not move.whole]
    assert len(divided) == len(set(divided))


@settings(deadline=None, max_examples=150)
@given(teams(people=3, groups=6))
def test_whole_groups_move_no_more_than_brute_force_finds(team: Team) -> None:
    moves, loads, proven = fit(team)
    held = carried_out(team, moves)
    assert loads == {user: held.get(user, 0) for user in loads}
    assert held.get(None, 0) == 0
    assert all(move.whole for move in moves)
    assert proven
    bands = {person.user: person.band for person in team.people}
    score = (
        sum(bands[user].outside(load) for user, load in loads.items()), sum(move.families for move in moves),
    )  # fmt: skip
    assert score == brute_force(team)


def brute_force(team: Team) -> tuple[int, int]:
    """Families outside the bands and families moved, of the best among all ways to hand out the groups."""
    bands, scores = {person.user: person.band for person in team.people}, []
    for takers in product(bands, repeat=len(team.bundles)):
        loads, moved = dict.fromkeys(bands, 0), 0
        for bundle, taker in zip(team.bundles, takers, strict=True):
            loads[taker] += bundle.families
            moved += bundle.families * (taker != bundle.holder)
        scores.append((sum(bands[user].outside(load) for user, load in loads.items()), moved))
    return min(scores)


@given(st.lists(st.integers(1, 30), max_size=10), st.integers(0, 120))
def test_subsets_are_exact(sizes: list[int], wanted: int) -> None:
    sums = {sum(chosen) for chosen in product(*((0, size) for size in sizes))}
    chosen = best_subset(sizes, wanted)
    assert len(chosen) == len(set(chosen))
    assert sum(sizes[place] for place in chosen) == max(each for each in sums if each <= wanted)
    reaching = [each for each in sums if each >= wanted]
    assert least_sum(sizes, wanted) == (min(reaching) if reaching else sum(sizes))


@given(teams(people=4, groups=10))
def test_the_same_team_gets_the_same_answer(team: Team) -> None:
    assert even(team) == even(team)
    assert fit(team) == fit(team)


def test_nothing_moves_where_everybody_is_within_the_band() -> None:
    people = tuple(Person(user, Band(200, 300)) for user in (1, 2))
    team = Team(DISTRICT, people, (Bundle(1, VILLAGES[0], 210, 1), Bundle(2, VILLAGES[0], 300, 2)))
    assert fit(team).moves == []


def test_whole_villages_go_before_groups_and_groups_before_parts() -> None:
    """Of 60 families 45 go: the village of 40 whole, and 5 out of the one group that is left there."""
    people = tuple(Person(user, Band(0, 300), 20, DISTRICT) for user in (1, 2))
    here = (Bundle(1, VILLAGES[0], 20, 1), Bundle(2, VILLAGES[0], 20, 1), Bundle(3, VILLAGES[1], 50, 1))
    moves = even(Team(DISTRICT, people, here)).moves
    assert [(move.group, move.families, move.whole) for move in moves] == [(1, 20, True), (2, 20, True), (3, 5, False)]


def test_a_group_goes_to_whoever_works_in_its_village() -> None:
    people = tuple(Person(user, Band(20, 40), 20, DISTRICT) for user in (1, 2, 3))
    bundles = (
        Bundle(1, VILLAGES[0], 20, 1), Bundle(2, VILLAGES[1], 20, 2), Bundle(3, VILLAGES[0], 20, 3),
        Bundle(4, VILLAGES[0], 20, 3), Bundle(5, VILLAGES[1], 20, 3),
    )  # fmt: skip
    (move,) = fit(Team(DISTRICT, people, bundles)).moves
    assert (move.giver, move.step, move.reason) == (3, 0, Reason.OVER)


def test_families_without_a_group_are_never_handed_over_whole() -> None:
    people = (Person(1, Band(0, 50)),)
    loose = Team(DISTRICT, people, (Bundle(NOBODYS, VILLAGES[0], 3, None),))
    for moves in (even(loose).moves, fit(loose).moves):
        assert [(move.whole, move.families, move.reason) for move in moves] == [(False, 3, Reason.UNHELD)]


def test_nobody_can_carry_families_where_nobody_is() -> None:
    with pytest.raises(ValueError, match="nobody can carry"):
        shares((), 5)


def test_the_search_says_when_it_did_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the count of looks runs out the moves are still good moves, but not called the least."""
    monkeypatch.setattr("harapan.workforce.balancing.whole.NODES_MAX", 1)
    people = tuple(Person(user, Band(12, 16)) for user in (1, 2))
    bundles = tuple(Bundle(number, VILLAGES[0], size, 1) for number, size in enumerate((14, 18), start=1))
    moves, loads, proven = fit(Team(DISTRICT, people, bundles))
    assert not proven
    assert sorted(loads.values()) == [14, 18]
    assert len(moves) == 1
