"""What a change would do to a family's next stage: computed on the side, and everything taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from harapan.benefits import inputs
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Stage, State
from harapan.benefits.sanction_effect import families_of
from harapan.core.components import Component
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.engine import reference
from harapan.engine.reference import Answer
from harapan.registry.models import Family, Member

STILL_OPEN = (State.PLANNED, State.OPEN)


@dataclass(frozen=True, slots=True)
class Counted:
    """One member's part: name, component, rupiah of the stage, whether it is counted."""

    name: str
    component: Phrase
    idr: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A family's amount of the next stage as things stand, and after the change."""

    stage: str
    before_idr: int
    after_idr: int
    before: list[Counted]
    after: list[Counted]

    @property
    def difference_idr(self) -> int:
        return self.after_idr - self.before_idr

    def stored(self) -> dict[str, Any]:
        """As JSON, for the request that keeps it."""
        return {
            "stage": self.stage, "before_idr": self.before_idr, "after_idr": self.after_idr,
            "before": [_plain(row) for row in self.before], "after": [_plain(row) for row in self.after],
        }  # fmt: skip


def _plain(row: Counted) -> list[Any]:
    return [row.name, str(row.component), row.idr, row.counted]


class _TakenBack(Exception):
    """Ends the transaction in which the change was tried."""


def next_stage() -> Stage | None:
    """The first stage that still takes changes in; what closed before is not touched by any of them."""
    return Stage.objects.filter(state__in=STILL_OPEN).order_by("year", "number").first()


def preview(family: Family, change: Callable[[], object], *, stage: Stage | None = None) -> Preview | None:
    """Try the change, compute the family's next stage before and after, take the change back.

    None where no stage is open. Whatever the change raises is raised. Needs a scope that may write.
    """
    stage = stage or next_stage()
    if stage is None:
        return None
    before = _computed(stage, family)
    after: tuple[int, list[Counted]] = (0, [])
    try:
        with atomic():
            change()
            after = _computed(stage, family)
            raise _TakenBack
    except _TakenBack:
        family.refresh_from_db()
    return Preview(stage.name, before[0], after[0], before[1], after[1])


def _computed(stage: Stage, family: Family) -> tuple[int, list[Counted]]:
    rules = rules_of(stage)
    paid = inputs.paid_days(stage)
    if not family.enrolments.filter(spell__overlap=paid).exists():
        return 0, []
    found = families_of(inputs.read_for(stage, rules, [family.pk])).get(family.pk)
    if found is None:
        return 0, []
    answer: Answer = reference.compute(found, rules)
    names = dict(Member.objects.filter(family=family).values_list("pk", "name"))
    lines = [
        Counted(names.get(line.member_id, ""), Component(line.component).label, line.stage_idr, line.counted)
        for line in answer.lines
        if line.component
    ]
    return answer.net_idr, lines
