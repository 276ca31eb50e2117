"""Months of schools and health posts of which nobody has spoken for a group's families."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef

from harapan.benefits.waiting import laws_at_hand
from harapan.core.periods import format_month, month_days, month_of
from harapan.core.phrases import joined
from harapan.fieldwork.sources.asking import Area, Due, Subject, source
from harapan.policy.stage_rules import StageRules
from harapan.registry.models import Family
from harapan.verification.models import Declaration
from harapan.verification.queries import month_number, served


@source(Subject.FACILITY)
def facility_month_open(area: Area) -> list[Due]:
    """One row for each facility, group and stage, with the months that are over and open; marked with the stage.

    Asked are the months of the stage at hand and of those after it; a month still running is nobody's omission.
    """
    return [row for law in laws_at_hand(on=area.on) for row in _open_months(area, law)]


def _open_months(area: Area, law: StageRules) -> list[Due]:
    """One query a month, at most three a stage."""
    families = Family.objects.filter(group__in=area.groups).values("pk")  # spells have no index by group
    missing: dict[tuple[int, int], list[str]] = {}
    known: dict[int, tuple[str, int]] = {}
    for month in sorted(month for month in law.observes_months if month < month_of(area.on)):
        declared = Declaration.objects.filter(
            facility=OuterRef("facility"), month=month_number(month), group_no=OuterRef("group_no")
        )
        spells = served([month], law.obligated).filter(~Exists(declared), family__in=families)
        columns = ("facility", "facility__name", "facility__region_id", "group_no")
        for facility, name, region, group in spells.order_by().values_list(*columns).distinct():
            missing.setdefault((facility, group), []).append(month)
            known[facility] = (name, region)
    return [
        Due(
            facility, known[facility][0], group, known[facility][1], month_days(months[0])[1] - timedelta(days=1),
            law.stage, joined([format_month(month) for month in months], ", "),
        )
        for (facility, group), months in missing.items()
    ]  # fmt: skip
