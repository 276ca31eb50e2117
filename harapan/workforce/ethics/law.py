"""What policy says about the code of ethics on a day. Each raises MissingValue where no value covers it."""

from __future__ import annotations

from datetime import date
from typing import Any

from harapan.policy.reader import default_policy
from harapan.workforce.ethics.rules import Recusal
from harapan.workforce.models import Step

# a case that stands here waits so long for its next step
WAITS = {
    Step.RECEIVED: "verify",
    Step.VERIFIED: "examine",
    Step.EXAMINED: "summon",
    Step.SUMMONED: "hear",
    Step.HEARD: "decide",
    Step.DECIDED: "appeal",
    Step.APPEALED: "decide_appeal",
}


def step_days(step: Step, day: date) -> int:
    """Days from reaching a step until the next one is due."""
    return int(_value(f"step_days.{WAITS[step]}", day))


def notice_days(day: date) -> int:
    """Days at least between summons and hearing."""
    return int(_value("step_days.notice", day))


def sign_within_days(day: date) -> int:
    return int(_value("sign_within_days", day))


def signing_roles(day: date) -> list[str]:
    return list(_value("signed_by", day))


def lead_roles(day: date) -> list[str]:
    return list(_value("lead_roles", day))


def keeper_roles(day: date) -> list[str]:
    return list(_value("keeper_roles", day))


def handling_recused(day: date) -> Recusal:
    return Recusal(_value("handling_recused", day))


def deciding_recused(day: date) -> Recusal:
    return Recusal(_value("deciding_recused", day))


def decided_by(level: str, day: date) -> list[str]:
    """Role codes that may give a sanction of the level; where nothing is proven whoever may give the lightest."""
    return list(_value(f"decided_by.{level or 'light'}", day))


def reports_per_hour_max(day: date) -> int:
    """Reports that one address may file within an hour."""
    return int(_value("reports_per_hour_max", day))


def files_max(day: date) -> int:
    """Photographs and PDFs that may come with one report, then or later."""
    return int(_value("files_max", day))


def pdf_pages_max(day: date) -> int:
    """Pages of a PDF that comes with a report."""
    return int(_value("pdf_pages_max", day))


def pdf_megabytes_max(day: date) -> int:
    return int(_value("pdf_megabytes_max", day))


def asked_percent(day: date) -> int:
    return int(_value("asked_percent", day))


def small_cell_min(day: date) -> int:
    return int(_value("small_cell_min", day))


def _value(name: str, day: date) -> Any:
    return default_policy().value(f"ethics.{name}", on=day).value
