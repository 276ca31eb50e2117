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


def feedback_days(day: date) -> int:
    """So many days after a course its participants are asked what they think of it."""
    return int(default_policy().value("following.feedback_days", on=day).value)
