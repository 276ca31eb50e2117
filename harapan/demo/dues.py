"""What the law gives each invented family in the stages: the ministry of the demonstration pays by the same rules.

By the engine's obvious reference, so that planted differences are the only ones that computing beside finds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from harapan.core.components import GROUP_OF, Component, Group
from harapan.demo.clock import FIRST, SECOND
from harapan.demo.people import Families, Members
from harapan.engine import reference
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import StageRules

STAGES = (FIRST, SECOND)


class Known(NamedTuple):
    """All of a member that an amount depends on: what they count for (0 nothing) and the day of birth as yyyymmdd."""

    component: int
    born_ymd: int


def plain(families: Families, members: Members) -> dict[str, list[int]]:
    """Stage -> rupiah by family row, before anything planted and with every month met."""
    starts = [*families.members_from, len(members)]
    homes = [
        [as_known(members, member) for member in range(starts[row], starts[row + 1])] for row in range(len(families))
    ]
    return {stage: [amount_idr(known, stage) for known in homes] for stage in STAGES}


def as_known(members: Members, row: int, *, component: int | None = None) -> Known:
    """The member as the rules read them, perhaps counting for another component than the true one."""
    born = members.born[row]
    code = members.component[row] if component is None else component
    return Known(code, born.year * 10_000 + born.month * 100 + born.day)


def amount_idr(known: Iterable[Known], stage: str, *, missed_months: int = 0) -> int:
    """The family's amount; `missed_months` of those the stage observes cut it by the law's percentage."""
    whole_idr = _net_idr(_alike(known, stage), stage)
    return whole_idr - whole_idr * missed_months * rules(stage).sanction.percent_per_month // 100


def uncapped_idr(known: Iterable[Known], stage: str) -> int:
    """What would be paid if there were no limit of four persons."""
    return _net_idr(_alike(known, stage), stage, capped=False)


def _alike(known: Iterable[Known], stage: str) -> tuple[Known, ...]:
    """The family as far as its amount depends on it, so that families alike are computed once.

    Birthdays are moved to New Year, which keeps the ages; who neither counts nor is of an age that counts is left out.
    """
    on = int(rules(stage).ages_on.replace("-", ""))
    young, old = _ages_that_count(stage)
    found = []
    for code, born in known:
        age = (on - born) // 10_000
        if code or not young < age < old:
            found.append(Known(code, (on // 10_000 - age) * 10_000 + 101 if born <= on else born))
    return tuple(sorted(found))


@cache
def _ages_that_count(stage: str) -> tuple[int, int]:
    """The oldest age of a toddler and the youngest of the elderly: the components that an age alone makes."""
    of = {rule.component: rule for rule in rules(stage).components}
    return of[Component.TODDLER].age_max_years or 0, of[Component.ELDERLY].age_min_years or 0


@cache
def _net_idr(known: tuple[Known, ...], stage: str, *, capped: bool = True) -> int:
    law = rules(stage) if capped else replace(rules(stage), persons_max=None)
    members = tuple(_member(place, each) for place, each in enumerate(known, start=1))
    return reference.compute(reference.Family(family_id=0, members=members), law).net_idr


def _member(place: int, known: Known) -> reference.Member:
    code = known.component
    return reference.Member(
        member_id=place,
        born_ymd=known.born_ymd,
        school_level=code if code and GROUP_OF[Component(code)] is Group.EDUCATION else 0,
        pregnant=code == Component.PREGNANT,
        pregnancy_no=int(code == Component.PREGNANT),
        severe_disability=code == Component.DISABILITY,
        listed_component=code if code in (Component.TODDLER, Component.ELDERLY) else 0,
    )


@cache
def rules(stage: str) -> StageRules:
    """The law of the stage."""
    return default_policy().stage(stage)
