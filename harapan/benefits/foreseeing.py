"""What misses would cost a family in a stage, before anybody records them: computed on the side, nothing stored."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from harapan.benefits import inputs
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Stage
from harapan.benefits.sanction_effect import families_of
from harapan.engine import reference
from harapan.engine.reference import Family
from harapan.engine.tables import Outcome

Miss = tuple[int, int]  # member, yyyymm


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a family gets of the stage as things stand, and once these misses are proven and upheld."""

    net_idr: int
    net_if_missed_idr: int

    @property
    def cost_idr(self) -> int:
        return self.net_idr - self.net_if_missed_idr


def foresee(stage: Stage, families: Iterable[int], misses: Collection[Miss]) -> dict[int, Foreseen]:
    """Family -> what the misses take, for the families in scope. Six statements.

    The misses are taken as proven, and as upheld where the stage hears a family first.
    """
    wanted = sorted(set(families))
    if not wanted:
        return {}
    rules = rules_of(stage)
    found = families_of(inputs.read_for(stage, rules, wanted))
    told = {}
    for number, family in found.items():
        spared, missed = _spared(family, misses), _missed(family, misses)
        told[number] = Foreseen(
            reference.compute(spared, rules).net_idr, reference.compute(missed, rules).net_idr
        )  # fmt: skip
    return told


def _spared(family: Family, misses: Collection[Miss]) -> Family:
    kept = {pair: said for pair, said in family.exceptions.items() if pair not in misses}
    return replace(family, exceptions=kept)


def _missed(family: Family, misses: Collection[Miss]) -> Family:
    own = {member.member_id: member.facility_id for member in family.members}
    of_family = [(member, month) for member, month in misses if member in own]
    exceptions = {**family.exceptions, **{pair: [Outcome.MISSED] for pair in of_family}}
    proven = {(own[member], month) for member, month in of_family if own[member]}
    return replace(family, exceptions=exceptions, confirmed=frozenset(family.confirmed) | proven)
