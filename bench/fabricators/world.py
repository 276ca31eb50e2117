"""A province of facilitators: most honest, some of each kind, in the same kecamatan as everybody else."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from bench.fabricators import honest, kinds
from bench.fabricators.records import Worker


def province(*, seed: int, workers: int, per_kind: int) -> Iterator[Worker]:
    """`workers` people, of whom `per_kind` of each kind invent; who does is drawn by chance. One seed, one province."""
    drawn = Random(f"who {seed}").sample(range(workers), per_kind * len(kinds.SEEN | kinds.UNSEEN))
    names = [name for name in kinds.SEEN | kinds.UNSEEN for _ in range(per_kind)]
    kind_of = dict(zip(drawn, names, strict=True))
    for no in range(workers):
        chance = Random(f"{seed} {no}")
        who = honest.worker(chance, no)
        honest.live(chance, who)
        if no in kind_of:
            kinds.fabricate(chance, who, kind_of[no])
        yield who
