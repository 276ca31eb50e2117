"""What policy says about deadlines and targets on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from harapan.fieldwork.results import SUPERVISED, results_on
from harapan.policy.reader import default_policy


def verification_days(day: date) -> int:
    return int(_work("verification_days", day))


def report_days(day: date) -> int:
    return int(_work("report_days", day))


def evidence_days(day: date) -> int:
    return int(_work("evidence_days", day))


def supervision_minutes(day: date) -> int:
    return int(_work("supervision_minutes", day))


def _work(name: str, day: date) -> Any:
    return default_policy().value(f"work.{name}", on=day).value


@dataclass(frozen=True, slots=True)
class TargetLaw:
    """One result's target on a day: so many a year, or a percentage of what comes in (the other is None)."""

    rhk: int
    year: int | None
    percent: int | None
    lowered: bool  # by the days of extra duties
    each_group: bool = False  # so many a year for each group that the person meets


def targets_on(day: date, *, supervision: bool = False) -> dict[int, TargetLaw]:
    """RHK -> target; empty before the nine results were there. A lead's results 1 to 5 are supervision."""
    policy, found = default_policy(), {}
    lowered = policy.value("targets.lowered_by_duty", on=day).value
    by_days = policy.value("targets.duty_rule", on=day).value == "share_of_days"
    each_group = policy.value("targets.each_group", on=day).value
    for number, result in results_on(day).items():
        percent = result.percent
        supervised = supervision and number in SUPERVISED
        key = f"targets.{'supervision' if supervised else result.code}.{'percent' if percent else 'year'}"
        value = policy.value(key, on=day).value
        if value is not None:
            found[number] = TargetLaw(
                number, None if percent else value, value if percent else None,
                by_days and not percent and number in lowered, number in each_group and not supervised,
            )  # fmt: skip
    return found


def at_minute(minute: int) -> time:
    """480 is 08.00."""
    return time(minute // 60, minute % 60)


def minute_of(at: time) -> int:
    return at.hour * 60 + at.minute
