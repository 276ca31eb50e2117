"""What the law gives each invented family in the two stages: the ministry of the demonstration pays by the same rules.

By the engine's obvious reference, so that planted differences are the only ones that computing beside finds.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from harapan.core.components import GROUP_OF, Component, Group
from harapan.demo.clock import FIRST, SECOND, THIRD
from harapan.demo.people import Families, Members
from harapan.engine import reference
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import StageRules

STAGES = (FIRST, SECOND, THIRD)


def plain(families: Families, members: Members) -> dict[str, list[int]]:
    """Stage -> rupiah by family row, before anything planted and with every month met."""
    found: dict[str, list[int]] = {stage: [] for stage in STAGES}
    starts = [*families.members_from, len(members)]
    for row in range(len(families)):
        known = tuple(as_known(members, member) for member in range(starts[row], starts[row + 1]))
        for stage in STAGES:
            found[stage].append(amount_idr(known, stage))
    return found


def as_known(members: Members, row: int, *, component: int | None = None) -> reference.Member:
    """The member as the rules read them, perhaps counting for another component than the true one."""
    code = members.component[row] if component is None else component
    born = members.born[row]
    return reference.Member(
        member_id=row,
        born_ymd=born.year * 10_000 + born.month * 100 + born.day,
        school_level=code if code and GROUP_OF[Component(code)] is Group.EDUCATION else 0,
        pregnant=code == Component.PREGNANT,
        pregnancy_no=int(code == Component.PREGNANT),
        severe_disability=code == Component.DISABILITY,
        listed_component=code if code in (Component.TODDLER, Component.ELDERLY) else 0,
    )


def amount_idr(known: tuple[reference.Member, ...], stage: str, *, missed_months: int = 0) -> int:
    """The family's amount; `missed_months` of those the stage observes cut it by the law's percentage."""
    answer = reference.compute(reference.Family(family_id=0, members=known), rules(stage))
    if not missed_months:
        return answer.net_idr
    return answer.net_idr - answer.net_idr * missed_months * rules(stage).sanction.percent_per_month // 100


def uncapped_idr(known: tuple[reference.Member, ...], stage: str) -> int:
    """What would be paid if there were no limit of four persons."""
    return reference.compute(
        reference.Family(family_id=0, members=known), replace(rules(stage), persons_max=None)
    ).net_idr


@lru_cache
def rules(stage: str) -> StageRules:
    return default_policy().stage(stage)
