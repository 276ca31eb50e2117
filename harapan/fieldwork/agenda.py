"""The deadlines that stand in a month, from policy and the stages' calendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from harapan.core.periods import StageName, add_months, format_month, month_days
from harapan.core.phrases import Phrase
from harapan.fieldwork.law import report_days, verification_days
from harapan.policy.reader import default_policy


@dataclass(frozen=True, slots=True)
class Deadline:
    day: date
    what: Phrase


def month_end_deadline(month: str, days: int) -> date:
    """So many days after the month has ended."""
    return month_days(month)[1] - timedelta(days=1) + timedelta(days=days)


def deadlines(month: str) -> list[Deadline]:
    """What must be done by a day of this month, in order of the days."""
    first, after = month_days(month)
    before, found = add_months(month, -1), []
    for earlier in (add_months(month, -2), before, month):
        name = format_month(earlier)
        told = (
            (verification_days(first), Phrase("Batas verifikasi {month}", month=name)),
            (report_days(first), Phrase("Batas laporan bulanan {month}", month=name)),
        )
        found += [Deadline(month_end_deadline(earlier, days), what) for days, what in told]
    found += [Deadline(day, Phrase("Tahap {stage} mulai", stage=stage)) for day, stage in _stages_beginning(month)]
    return sorted((each for each in found if first <= each.day < after), key=lambda each: (each.day, each.what))


def _stages_beginning(month: str) -> Iterable[tuple[date, str]]:
    for plan in default_policy().stages(int(month[:4])):
        if plan.pays_months and plan.pays_months[0] == month:
            yield plan.first_day, str(StageName.parse(plan.name))
