"""From dated values to the frozen rules of one stage.

One rule of time holds throughout: the law of a stage is what is in force on the first day of the months it pays.
Only the suspension of sanctions is asked month by month, so that a stage after it does not punish months within it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.core.components import CODES, Component
from harapan.core.phrases import Phrase
from harapan.policy.calendars import StagePlan
from harapan.policy.dated import Dated
from harapan.policy.errors import ContradictingPolicy
from harapan.policy.stage_rules import (
    Assumption,
    Category,
    ComponentRule,
    Effect,
    FixedRule,
    FlatRule,
    LadderStep,
    Payment,
    SanctionRule,
    Scheme,
    StageRules,
)

_COMPONENT_OF = {code: component for component, code in CODES.items()}
_FLAT = {
    "regular": Category.REGULAR,
    "papua": Category.PAPUA,
    "elderly": Category.ELDERLY,
    "disability": Category.DISABILITY,
}
_FIXED = {"regular": Category.REGULAR, "access": Category.ACCESS}


@dataclass(frozen=True, slots=True)
class _Limits:
    persons_max: int | None = None
    family_min_idr: int | None = None
    family_max_idr: int | None = None


Lookup = Callable[[str, date], Dated]


class _Reading:
    """Reads values as of one day and remembers which of them are uncertain."""

    def __init__(self, lookup: Lookup, on: date) -> None:
        self._lookup = lookup
        self.on = on
        self._uncertain: dict[tuple[str, date], Assumption] = {}

    def __call__(self, key: str, on: date | None = None) -> Any:
        found = self._lookup(key, on or self.on)
        self.rest_on(found)
        return found.value

    def rest_on(self, found: Dated) -> None:
        if found.confidence != "H":
            assumption = Assumption(found.key, found.confidence, found.source, found.note)
            self._uncertain[(found.key, found.since)] = assumption

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        return tuple(self._uncertain[place] for place in sorted(self._uncertain))


def stage_rules(plan: StagePlan, lookup: Lookup, *, stages_in_year: int) -> StageRules:
    """The rules of the planned stage. `lookup(key, day)` answers or raises MissingValue."""
    read = _Reading(lookup, plan.first_day)
    read.rest_on(plan.rests_on)
    scheme = Scheme(read("scheme"))
    limits = _limits(read, plan) if scheme is Scheme.COMPONENTS else _Limits()
    return StageRules(
        stage=plan.name,
        year=plan.year,
        number=plan.number,
        channel=plan.channel,
        pays_months=plan.pays_months,
        observes_months=_counted_months(read, plan),
        ages_on=_ages_on(read, plan),
        scheme=scheme,
        components=_components(read, plan),
        persons_max=limits.persons_max,
        family_min_idr=limits.family_min_idr,
        family_max_idr=limits.family_max_idr,
        flat=_flat(read, plan, stages_in_year) if scheme is Scheme.FLAT else (),
        fixed=_fixed(read, plan),
        attendance_percent_min=read("attendance.percent_min"),
        unknown_pays=Payment(read("months.unknown_pays")),
        excused_pays=Payment(read("months.excused_pays")),
        whose_attendance=read("attendance.whose"),
        obligated=tuple(_COMPONENT_OF[code] for code in read("attendance.obligated")),
        sanction=_sanction(read, plan),
        assumptions=read.assumptions,  # last: by now everything has been read
    )


def share(annual_idr: int, parts: int, down_to_idr: int) -> int:
    """One part of a year's amount, rounded down to the unit: share(2_000_000, 12, 1_000) is 166_000."""
    return annual_idr // parts // down_to_idr * down_to_idr


def _components(read: _Reading, plan: StagePlan) -> tuple[ComponentRule, ...]:
    rules = (_component(read, plan, _COMPONENT_OF[code]) for code in read("components.precedence"))
    return tuple(rule for rule in rules if rule is not None)


def _component(read: _Reading, plan: StagePlan, component: Component) -> ComponentRule | None:
    code = CODES[component]
    annual_idr = read(f"components.{code}.annual_idr")
    if annual_idr is None:
        return None
    return ComponentRule(
        component,
        annual_idr,
        share(annual_idr, plan.divisor, read(f"rounding.{code}.down_to_idr")),
        age_min_years=read(f"components.{code}.age_min_years"),
        age_max_years=read(f"components.{code}.age_max_years"),
        members_max=read(f"components.{code}.members_max"),
        births_max=read("components.pregnant.births_max") if component is Component.PREGNANT else None,
    )


def _limits(read: _Reading, plan: StagePlan) -> _Limits:
    read("components.one_health_amount")  # not applied (rules are proven from 2017 on), so it must be shown
    persons_max = read("family.persons_max")
    if persons_max is not None:
        read("family.which_persons")  # the engine's rule is "dearest"; its confidence must be shown
    return _Limits(persons_max, *(_cap(read, plan, f"family.{side}_annual_idr") for side in ("min", "max")))


def _cap(read: _Reading, plan: StagePlan, key: str) -> int | None:
    annual_idr = read(key)
    return None if annual_idr is None else share(annual_idr, plan.divisor, read("rounding.caps.down_to_idr"))


def _flat(read: _Reading, plan: StagePlan, stages_in_year: int) -> tuple[FlatRule, ...]:
    rules = []
    for name, category in _FLAT.items():
        annual_idr, instalments = read(f"flat.{name}.annual_idr"), read(f"flat.{name}.instalments_idr")
        if annual_idr is None or instalments is None:
            continue
        if sum(instalments) != annual_idr or len(instalments) != stages_in_year:
            raise ContradictingPolicy(
                Phrase(
                    "Angsuran flat.{name}.instalments_idr tahun {year} berjumlah {instalments} dalam {count} "
                    "tahap, padahal setahun {annual_idr} dalam {stages_in_year} tahap. Samakan kedua nilai itu "
                    "di data/policy/family.yaml.",
                    name=name,
                    year=plan.year,
                    instalments=sum(instalments),
                    count=len(instalments),
                    annual_idr=annual_idr,
                    stages_in_year=stages_in_year,
                )
            )
        rules.append(FlatRule(category, annual_idr, instalments[plan.number - 1]))
    return tuple(rules)


def _fixed(read: _Reading, plan: StagePlan) -> tuple[FixedRule, ...]:
    stages = read("fixed.stages")
    if stages is None or (stages != "every" and plan.number not in stages):
        return ()
    parts = plan.divisor if stages == "every" else len(stages)
    unit = read("rounding.fixed.down_to_idr")
    amounts = {category: read(f"fixed.{name}.annual_idr") for name, category in _FIXED.items()}
    return tuple(
        FixedRule(category, annual_idr, share(annual_idr, parts, unit))
        for category, annual_idr in amounts.items()
        if annual_idr is not None
    )


def _sanction(read: _Reading, plan: StagePlan) -> SanctionRule:
    if read("sanctions.suspended"):
        return SanctionRule(0, 0, nothing_if_all_missed=False)
    return SanctionRule(
        percent_per_month=read("sanctions.percent_per_month"),
        percent_max=read("sanctions.percent_max"),
        nothing_if_all_missed=read("sanctions.nothing_if_all_missed"),
        cut_idr_per_month=read("sanctions.cut_idr_per_month"),
        ladder=_ladder(read, plan),
        hearing_required=read("sanctions.hearing_required"),
        answer_days=read("sanctions.answer_days") if read("sanctions.hearing_required") else 0,
    )


def _ladder(read: _Reading, plan: StagePlan) -> tuple[LadderStep, ...]:
    """The steps in order. Only upheld notices say how many stages in a row it has been: no hearing, no further step."""
    steps = tuple(LadderStep(step["from_stage"], Effect(step["effect"])) for step in read("sanctions.ladder"))
    if not read("sanctions.hearing_required") and [step.effect for step in steps] != [Effect.CUT]:
        raise ContradictingPolicy(
            "Tangga sanksi tahap {stage} lebih dari sekadar potongan, padahal keluarga tidak didengar dahulu. "
            "Wajibkan pemberitahuan (sanctions.hearing_required), atau sisakan satu anak tangga: cut.",
            stage=plan.name,
        )
    return steps


def _counted_months(read: _Reading, plan: StagePlan) -> tuple[str, ...]:
    """A month within a suspension of sanctions is collected, but never counts against a family."""
    return tuple(
        month for month in plan.observes_months if not read("sanctions.suspended", date.fromisoformat(f"{month}-01"))
    )


def _ages_on(read: _Reading, plan: StagePlan) -> str:
    if read("ages.measured_on") == "first_paid_day":
        return plan.first_day.isoformat()
    year, month = map(int, plan.pays_months[-1].split("-"))
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1).isoformat()
