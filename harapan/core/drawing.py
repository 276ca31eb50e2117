"""A random draw that anybody can repeat: pure, without a clock or a generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from hashlib import sha256


def size_of(population: int, percent: int) -> int:
    """The share rounded up: a small kecamatan is asked too. Nobody of nobody."""
    return -(-population * percent // 100)


def draw(strata: Mapping[int, Iterable[int]], *, percent: int, seed: str) -> dict[int, list[int]]:
    """So many members of each stratum (families of a group) that all together are `size_of` everybody.

    Each stratum gives its share, rounded down or up; who is rounded up, and who is taken, the seed decides. The order
    in which anything is given changes nothing.
    """
    members = {stratum: sorted(set(families)) for stratum, families in strata.items()}
    total = sum(map(len, members.values()))
    size = size_of(total, percent)
    quota = {stratum: len(families) * size // total for stratum, families in members.items()} if total else {}
    rest = size - sum(quota.values())
    by_remainder = sorted(
        quota, key=lambda stratum: (-(len(members[stratum]) * size % total), _lot(seed, "s", stratum))
    )
    for stratum in by_remainder[:rest]:
        quota[stratum] += 1
    return {
        stratum: sorted(sorted(members[stratum], key=lambda pk: _lot(seed, "f", pk))[:number])
        for stratum, number in quota.items() if number
    }  # fmt: skip


def _lot(seed: str, kind: str, number: int) -> bytes:
    return sha256(f"{seed}|{kind}|{number}".encode()).digest()
