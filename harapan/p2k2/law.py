"""What policy says about meetings on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from harapan.p2k2.curriculum import Lesson, default_curriculum
from harapan.p2k2.rules import SessionLaw
from harapan.policy.reader import default_policy


def law_on(day: date) -> SessionLaw:
    """Raises MissingValue where no value covers the day."""
    return SessionLaw(
        tuple(_value("sets_planned", day)),
        int(_value("per_month_min", day)),
        int(_value("reason_after_days", day)),
        int(_value("closed_after_days", day)),
    )


def _value(name: str, day: date) -> Any:
    return default_policy().value(f"sessions.{name}", on=day).value


def lessons_planned(day: date) -> list[Lesson]:
    """The lessons a plan goes through, in order, by the policy and the curriculum of the day."""
    return default_curriculum().planned(law_on(day).sets_planned, on=day)
