"""Notices before a cut: families to be told, families whose answer is still missing."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from harapan.benefits.models import SanctionNotice
from harapan.benefits.notices import TOLD, UNTOLD
from harapan.core.periods import format_date, format_month
from harapan.core.phrases import Phrase
from harapan.fieldwork.sources.asking import Area, Subject, of_family, source


def _month(number: int) -> Phrase:
    return format_month(f"{number // 100}-{number % 100:02d}")


@source(Subject.FAMILY, lambda row: Phrase("terlewat {month}", month=_month(row["month"])))
def notice_untold(area: Area) -> QuerySet[Any, dict[str, Any]]:
    rows = SanctionNotice.objects.filter(UNTOLD, group_no__in=area.groups)
    return of_family(rows, "month", mark=Cast("pk", CharField()), since="noticed_on")


@source(
    Subject.FAMILY,
    lambda row: Phrase(
        "terlewat {month}, jawaban sampai {day}", month=_month(row["month"]), day=format_date(row["due_since"])
    ),
)
def notice_unanswered(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Told and silent; the last day to answer is the day it is due."""
    rows = SanctionNotice.objects.filter(TOLD, group_no__in=area.groups)
    return of_family(rows, "month", mark=Cast("pk", CharField()), since="answer_until")
