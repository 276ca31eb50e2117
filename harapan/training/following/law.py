"""What policy says about the months after a course."""

from __future__ import annotations

from datetime import date

from harapan.policy.reader import default_policy


def evaluate_months(day: date) -> tuple[int, ...]:
    """Months after the last day of a course at which its follow-up plans are evaluated."""
    return tuple(default_policy().value("following.evaluate_months", on=day).value)


def feedback_min(day: date) -> int:
    """Fewer answers than this are not shown: one person would be known by theirs."""
    return int(default_policy().value("following.feedback_min", on=day).value)
