"""The draw by chance: its size, that it can be repeated, and that it is spread over the groups."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from harapan.core.drawing import draw, size_of

groups = st.dictionaries(
    st.integers(1, 40), st.sets(st.integers(1, 10**6), max_size=60), max_size=12
).map(lambda found: {group: {group * 10**7 + pk for pk in families} for group, families in found.items()})  # fmt: skip
percents = st.integers(0, 100)
seeds = st.text(min_size=1, max_size=16)


@given(groups, percents, seeds)
def test_it_has_the_size_of_its_share(strata: dict[int, set[int]], percent: int, seed: str) -> None:
    chosen = draw(strata, percent=percent, seed=seed)
    everybody = sum(map(len, strata.values()))
    assert sum(map(len, chosen.values())) == size_of(everybody, percent)
    assert everybody * percent <= 100 * size_of(everybody, percent) < everybody * percent + 100
    for group, families in chosen.items():
        assert set(families) <= strata[group]
        assert len(set(families)) == len(families)


@given(groups, percents, seeds)
def test_it_is_spread_no_group_gives_more_or_less_than_its_share_rounded(
    strata: dict[int, set[int]], percent: int, seed: str
) -> None:
    chosen = draw(strata, percent=percent, seed=seed)
    everybody = sum(map(len, strata.values()))
    size = size_of(everybody, percent)
    for group, families in strata.items():
        share, rest = divmod(len(families) * size, max(1, everybody))
        assert share <= len(chosen.get(group, ())) <= share + bool(rest)


@given(groups, percents, seeds, st.randoms(use_true_random=False))
def test_the_same_seed_draws_the_same_whatever_the_order(
    strata: dict[int, set[int]], percent: int, seed: str, chance: object
) -> None:
    items = [(group, sorted(families)) for group, families in strata.items()]
    chance.shuffle(items)  # type: ignore[attr-defined]
    for _group, families in items:
        chance.shuffle(families)  # type: ignore[attr-defined]
    assert draw(dict(items), percent=percent, seed=seed) == draw(strata, percent=percent, seed=seed)


def test_another_seed_draws_others() -> None:
    strata = {1: range(1000), 2: range(1000, 2000)}
    drawn = {tuple(draw(strata, percent=5, seed=str(seed))[1]) for seed in range(20)}
    assert len(drawn) == 20


def test_over_many_seeds_everybody_has_a_chance_and_nobody_a_habit() -> None:
    strata = {1: range(20)}
    times = dict.fromkeys(range(20), 0)
    for seed in range(400):
        for pk in draw(strata, percent=25, seed=f"tahap {seed}")[1]:
            times[pk] += 1
    assert sum(times.values()) == 2000
    assert 60 <= min(times.values()) <= max(times.values()) <= 140  # 100 each, five standard deviations
