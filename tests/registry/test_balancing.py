"""Groups proposed: neither too small nor too large, by village first, nobody moved without need."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from harapan.registry.balancing import LENT, TOO_LARGE, TOO_SMALL, Home, Place, bisected, metres, propose

LEAST, MOST = 10, 30
positions = st.none() | st.tuples(st.floats(-3.1, -2.9), st.floats(115.0, 115.2))
homes_of = st.lists(
    st.tuples(st.sampled_from((1, 2)), st.integers(0, 4), positions, st.sampled_from(("", "Atas")), st.just("01")),
    max_size=140,
)  # fmt: skip


def some(rows: list[tuple[int, int, tuple[float, float] | None, str, str]]) -> list[Home]:
    """Groups are numbered within their village, so that none meets in two."""
    return [
        Home(number, f"IBU {number}", village, village * 10 + group if group else 0, at, hamlet, rt)
        for number, (village, group, at, hamlet, rt) in enumerate(rows, start=1)
    ]


@settings(max_examples=150, deadline=None)
@given(homes_of)
def test_groups_end_between_the_bounds_or_are_the_only_one(rows: list[tuple[int, int, None, str, str]]) -> None:
    homes = some(rows)
    found = propose(homes, least=LEAST, most=MOST)
    seat = {home.family: Place(home.village, home.group) for home in homes if home.group}
    for move in found.moves:
        assert move.home.village == move.to.village
        assert seat.get(move.home.family) != move.to
        seat[move.home.family] = move.to
    assert len({move.home.family for move in found.moves}) == len(found.moves)
    assert {home.family for home in homes} == set(seat) | {home.family for home in found.left}
    sizes = Counter(seat.values())
    for place, size in sizes.items():
        alone = sum(other.village == place.village for other in sizes) == 1
        assert LEAST <= size <= MOST or (alone and size < LEAST)
    for place, after in found.after.items():
        assert sorted(home.family for home in after) == sorted(f for f, at in seat.items() if at == place)


@settings(max_examples=60, deadline=None)
@given(homes_of)
def test_accepting_a_proposal_leaves_nothing_to_propose(rows: list[tuple[int, int, None, str, str]]) -> None:
    homes = some(rows)
    found = propose(homes, least=LEAST, most=MOST)
    new = {place: 1000 + n for n, place in enumerate({m.to for m in found.moves if m.to.new}, start=1)}
    to = {move.home.family: new.get(move.to, move.to.group) for move in found.moves}
    after = [
        Home(h.family, h.name, h.village, to.get(h.family, h.group), h.at, h.hamlet, h.rt) for h in homes
    ]  # fmt: skip
    assert propose(after, least=LEAST, most=MOST).moves == []


def test_good_groups_are_left_alone() -> None:
    homes = [Home(n, "X", 1, 1 + n % 2, (-3.0, 115.0 + n / 1000)) for n in range(40)]
    assert propose(homes, least=LEAST, most=MOST).moves == []


def test_a_large_group_is_parted_across_its_longer_side() -> None:
    homes = [Home(n, "X", 1, 7, (-3.0, 115.0 + n / 1000)) for n in range(44)]
    found = propose(homes, least=LEAST, most=MOST)
    assert {move.why for move in found.moves} == {TOO_LARGE}
    assert {move.home.family for move in found.moves} == set(range(22, 44))  # the eastern half


def test_a_small_group_joins_its_neighbour_and_not_the_far_one() -> None:
    near = [Home(n, "X", 1, 1, (-3.0, 115.0)) for n in range(12)]
    far = [Home(100 + n, "X", 1, 2, (-3.5, 115.0)) for n in range(12)]
    small = [Home(200 + n, "X", 1, 3, (-3.01, 115.0)) for n in range(4)]
    found = propose([*near, *far, *small], least=LEAST, most=MOST)
    assert {(move.to.group, move.why) for move in found.moves} == {(1, TOO_SMALL)}
    assert len(found.moves) == 4


def test_a_full_neighbour_lends_instead() -> None:
    full = [Home(n, "X", 1, 1, (-3.0, 115.0 + n / 1000)) for n in range(30)]
    small = [Home(200 + n, "X", 1, 3, (-3.0, 115.1)) for n in range(8)]
    found = propose([*full, *small], least=LEAST, most=MOST)
    assert [(move.home.family, move.why) for move in found.moves] == [(28, LENT), (29, LENT)]


def test_new_families_make_a_group_of_their_own_when_they_are_enough() -> None:
    homes = [Home(n, "X", 1, 0, (-3.0, 115.0 + n / 1000)) for n in range(35)]
    found = propose(homes, least=LEAST, most=MOST)
    assert sorted(map(len, found.after.values())) == [17, 18]
    few = propose(homes[:6], least=LEAST, most=MOST)
    assert few.moves == []
    assert len(few.left) == 6


def test_a_home_without_a_position_is_placed_by_its_corner() -> None:
    ones = [Home(n, "X", 1, 1, (-3.0, 115.0), "Atas", "01") for n in range(12)]
    others = [Home(50 + n, "X", 1, 2, (-3.2, 115.0), "Bawah", "02") for n in range(12)]
    lost = Home(99, "X", 1, 0, None, "Bawah", "02")
    (move,) = propose([*ones, *others, lost], least=LEAST, most=MOST).moves
    assert move.to.group == 2


def test_metres_are_metres() -> None:
    assert 1_100 < metres((-3.0, 115.0), (-3.01, 115.0)) < 1_125
    assert metres(None, (-3.0, 115.0)) == float("inf")


@given(st.integers(1, 120), st.integers(1, 6))
def test_parts_differ_by_little(count: int, parts: int) -> None:
    homes = [Home(n, "X", 1, 0, (-3.0, 115.0 + n / 1000)) for n in range(count)]
    sizes = [len(part) for part in bisected(homes, parts)]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= parts
