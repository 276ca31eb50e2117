"""What policy says about courses on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.policy.reader import default_policy


@dataclass(frozen=True, slots=True)
class PassLaw:
    """Percent of the hours, points of the post-test and percent of the rubric that somebody needs at least."""

    attendance_percent_min: int
    post_test_min: int
    practice_percent_min: int


def law_on(name: str, day: date) -> int:
    """A whole number of `data/policy/training.yaml`, such as "class_size_max". Raises MissingValue."""
    return int(default_policy().value(f"courses.{name}", on=day).value)


def pass_law_on(day: date) -> PassLaw:
    """The rule in force on a batch's last day."""
    return PassLaw(
        law_on("pass.attendance_percent_min", day),
        law_on("pass.post_test_min", day),
        law_on("pass.practice_percent_min", day),
    )
