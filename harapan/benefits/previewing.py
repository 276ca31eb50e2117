"""What a change would do to a family's next stage: computed on the side, and everything taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.benefits import inputs
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Listing, Mode, Stage, State
from harapan.benefits.sanction_effect import families_of
from harapan.core.components import Component
from harapan.core.periods import month_days
from harapan.core.phrases import Phrase
from harapan.database.scope import atomic
from harapan.engine import reference
from harapan.engine.reference import Answer
from harapan.policy.calendars import StagePlan
from harapan.policy.reader import default_policy
from harapan.registry.models import Family, Member

STILL_OPEN = (State.PLANNED, State.OPEN)
STAGES_AHEAD = 2  # a stage counts who is there on its first day: what happens later tells in the one after


@dataclass(frozen=True, slots=True)
class Counted:
    """One member's part: name, component, rupiah of the stage, whether it is counted."""

    name: str
    component: Phrase
    idr: int
    counted: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A family's amount of the next stage as things stand, and after the change.

    ended_because: why it is no member any more in that stage, after the change.
    """

    stage: str
    before_idr: int
    after_idr: int
    before: list[Counted]
    after: list[Counted]
    ended_because: str = ""

    @property
    def difference_idr(self) -> int:
        return self.after_idr - self.before_idr

    def stored(self) -> dict[str, Any]:
        """As JSON, for the request that keeps it."""
        return {
            "stage": self.stage, "before_idr": self.before_idr, "after_idr": self.after_idr,
            "before": [_plain(row) for row in self.before], "after": [_plain(row) for row in self.after],
            "ended_because": self.ended_because,
        }  # fmt: skip


def _plain(row: Counted) -> list[Any]:
    return [row.name, str(row.component), row.idr, row.counted]


class _TakenBack(Exception):
    """Ends the transaction in which the change was tried."""


def next_stages(since: date) -> list[Stage]:
    """The first two stages that pay a month from that day on and still take changes in, planned already or not.

    A stage that is closed, whose list has come already, or which pays only months before, is not touched by what
    happened on that day. What is not planned yet is answered as an unsaved row with the number 0. Fewer where the
    calendar ends.
    """
    plans = [
        plan
        for year in (since.year, since.year + 1)
        for plan in default_policy().stages(year)
        if plan.channel != "pos" and month_days(plan.pays_months[-1])[1] > since
    ]
    known = {stage.name: stage for stage in Stage.objects.filter(name__in=[plan.name for plan in plans])}
    plans.sort(key=lambda plan: (plan.year, plan.number))
    stages = [known.get(plan.name) or _unplanned(plan) for plan in plans]
    return [stage for stage in stages if not stage.pk or _takes_changes(stage)][:STAGES_AHEAD]


def _takes_changes(stage: Stage) -> bool:
    """A received stage does until its list is there, in the scope that is on."""
    if stage.state not in STILL_OPEN:
        return False
    return stage.mode == Mode.COMPUTED or not Listing.objects.filter(stage=stage).exists()


def _unplanned(plan: StagePlan) -> Stage:
    return Stage(
        pk=0, name=plan.name, mode=Mode.RECEIVED, year=plan.year, number=plan.number, channel=plan.channel,
        pays_months=list(plan.pays_months), observes_months=list(plan.observes_months),
    )  # fmt: skip


def preview(family: Family, change: Callable[[], object], *, since: date) -> Preview | None:
    """Try the change, compute the family before and after, take the change back: told is the first stage in which it
    shows, else the next one.

    since: the day from which the change holds. None where no stage is left. Whatever the change raises is raised. Needs
    a scope that may write.
    """
    stages = next_stages(since)
    before = [_computed(stage, family) for stage in stages]
    after: list[tuple[int, list[Counted]]] = []
    ended: list[str] = []
    try:
        with atomic():
            change()
            after = [_computed(stage, family) for stage in stages]
            ended = [_ended_because(stage, family) for stage in stages]
            raise _TakenBack
    except _TakenBack:
        family.refresh_from_db()
    found = [
        Preview(stage.name, was[0], now[0], was[1], now[1], why)
        for stage, was, now, why in zip(stages, before, after, ended, strict=True)
    ]
    return next((each for each in found if each.difference_idr), found[0] if found else None)


def _ended_because(stage: Stage, family: Family) -> str:
    """Why the family is no member in any month of the stage; empty where it is one, or nobody wrote it down."""
    if family.enrolments.filter(spell__overlap=inputs.paid_days(stage)).exists():
        return ""
    last = family.enrolments.order_by("-spell").first()
    return last.ended_because if last else ""


def _computed(stage: Stage, family: Family) -> tuple[int, list[Counted]]:
    rules = rules_of(stage) if stage.pk else default_policy().stage(stage.name)
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
