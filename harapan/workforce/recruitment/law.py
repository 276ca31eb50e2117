"""The rules that policy gives a round on the day it is planned."""

from __future__ import annotations

from datetime import date
from typing import Any

from harapan.policy.reader import default_policy
from harapan.workforce.recruitment.rules import STAGES, Requirement, RoundRules, StageRule


def rules_on(day: date) -> RoundRules:
    """Raises MissingValue where no value covers the day."""
    stages = []
    for stage in STAGES:
        told = _value(f"stages.{stage}", day)
        if told is not None:
            stages.append(StageRule(stage, told["weight"], told["most"], told["pass"]))
    requirements = {
        code: Requirement(tuple(row.value["education"]), row.value["age_max"], row.value["lives_in"])
        for code, row in default_policy().values("recruitment.positions", on=day).items()
    }
    return RoundRules(
        stages=tuple(stages), ties=tuple(_value("ties", day)), reserve_percent=_value("reserve_percent", day),
        requirements=requirements, documents=tuple(_value("documents", day)),
        interviewers_min=_value("interviewers_min", day), spread_max=_value("spread_max", day),
        objection_days=_value("objection_days", day), offer_days=_value("offer_days", day),
        double_counts=_value("double_counts", day), interview_per_place=_value("interview_per_place", day),
    )  # fmt: skip


def _value(name: str, day: date) -> Any:
    return default_policy().value(f"recruitment.{name}", on=day).value
