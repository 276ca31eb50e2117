"""What policy says about who must have which course, by when, and how many places there are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.accounts.roles import catalogue
from harapan.policy.dated import Dated
from harapan.policy.errors import MissingValue
from harapan.policy.reader import default_policy

WITHIN = "needs.within_months"


@dataclass(frozen=True, slots=True)
class Need:
    """Whoever holds `role` must have `course` (its code) within `months` of taking the role up."""

    role: str
    course: str
    months: int
    rests_on: Dated

    @property
    def since(self) -> date:
        return self.rests_on.since


def needs_on(day: date) -> list[Need]:
    """Every need in force, by role and course."""
    policy, found = default_policy(), []
    for role in catalogue():
        for course, row in policy.values(f"{WITHIN}.{role}", on=day).items():
            found.append(Need(role, course, int(row.value), row))
    return found


def clearing_courses(role: str, *, on: date) -> tuple[str, ...]:
    """The courses that open what a role may do only after them (`Role.needs_clearance`); none: nothing opens it."""
    try:
        value = default_policy().value(f"needs.clears.{role}", on=on).value
    except MissingValue:
        return ()
    return tuple(value or ())


def refresh_months(day: date) -> int:
    """So many months before a certificate ends, its owner is asked to a refresher."""
    return int(default_policy().value("certificates.refresh_months", on=day).value)


def class_size(day: date) -> int:
    return int(default_policy().value("needs.class_size", on=day).value)


def classes_per_month(day: date) -> dict[str, int]:
    """Classes a month by the code of the centre; a centre that policy does not name holds none."""
    return {code: int(row.value) for code, row in default_policy().values("needs.classes_per_month", on=day).items()}
