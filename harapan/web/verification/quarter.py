"""The months a stage looks at, as pages show them; every page about verification is about one stage's months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from harapan.benefits.models import Stage
from harapan.benefits.waiting import law_of, laws_at_hand
from harapan.core.components import GROUP_OF, Component, Group
from harapan.core.periods import StageName, month_days
from harapan.policy.stage_rules import StageRules
from harapan.registry.models import Facility
from harapan.verification.protocol import obliged_on
from harapan.verification.queries import month_number, months_over

STAGES_SHOWN = 6


@dataclass
class Quarter:
    """The law of a stage, and the months it observes."""

    law: StageRules
    on: date

    @classmethod
    def chosen(cls, name: str, *, on: date) -> Quarter:
        """Of the stage of that name where it has begun or its months have, else of the stage at hand."""
        asked = Stage.objects.filter(name=name).first() if name else None
        if asked is not None:
            return cls(law_of(asked, on=on), on=on)
        laws = laws_at_hand(on=on)
        return cls(next((law for law in laws if law.stage == name), laws[0]), on=on)

    @property
    def months(self) -> tuple[str, ...]:
        """ "2025-01" and so on. A stage whose months are suspended still shows those it pays."""
        return self.law.observes_months or self.law.pays_months

    @cached_property
    def numbers(self) -> list[int]:
        return [month_number(month) for month in self.months]

    @cached_property
    def counted(self) -> list[int]:
        """The months of which something may be missing; before the first has ended, all of them."""
        return [month_number(month) for month in months_over(self.months, on=self.on)] or self.numbers

    @property
    def columns(self) -> list[tuple[int, str]]:
        """(202501, "2025-01") for each month."""
        return list(zip(self.numbers, self.months, strict=True))

    def over(self, month: str) -> bool:
        """Whether the month has ended: before that nobody can say who was there."""
        return month_days(month)[1] <= self.on

    def obligated_at(self, facility: Facility) -> list[Component]:
        """The components whose obligation this kind of facility confirms: a school its pupils', others all the rest."""
        school = facility.kind == Facility.Kind.SCHOOL
        return [component for component in self.obligated if (GROUP_OF[component] is Group.EDUCATION) == school]

    @cached_property
    def obligated(self) -> tuple[Component, ...]:
        """The components that owe anything by the policy of the last month, whether or not a miss costs anything."""
        return obliged_on(month_days(self.months[-1])[0])

    @property
    def line(self) -> int:
        """Days present of the effective days, in percent, from which a month counts as met."""
        return self.law.attendance_percent_min


def at_hand(*, on: date) -> list[Quarter]:
    """That of the stage at hand, and those whose months have begun since: their list has yet to come."""
    return [Quarter(law, on) for law in laws_at_hand(on=on)]


def stage_choices(*, on: date) -> list[tuple[str, str]]:
    """The latest stages, the newest first, before them those that are still to come but whose months have begun."""
    stages = Stage.objects.order_by("-year", "-number", "-pk")[:STAGES_SHOWN]
    begun = {stage.name: stage.label for stage in stages}
    coming = [law.stage for law in laws_at_hand(on=on) if law.stage not in begun]
    return [*((name, StageName.parse(name).label) for name in reversed(coming)), *begun.items()]
