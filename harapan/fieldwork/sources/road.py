"""Candidates on the road to membership who have waited longer at their step than policy allows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import (
    CharField,
    DateField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from harapan.fieldwork.models import Candidacy
from harapan.fieldwork.road import LABELS, WAITING, Step, days_allowed
from harapan.fieldwork.road_queries import by_step, late_at, with_standing
from harapan.fieldwork.sources.asking import Area, Subject, of_family, source
from harapan.registry.models import Group


@source(Subject.FAMILY, lambda row: LABELS[Step(row["step"])])
def candidate_late(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Due on the last day that policy allowed at the step where the candidate stands; a further step is another task.

    Candidates hang on the group that holds their village's; leads also have those of their regions whom nobody looks
    after.
    """
    inside = Q(group_no__in=area.groups)
    holding: Any = Exists(Group.objects.filter(pk=OuterRef("group_no"), candidates=True, facilitator__isnull=True))
    for low, high in area.ranges:
        inside |= Q(region_no__gte=low, region_no__lt=high) & holding
    late = late_at(with_standing(Candidacy.objects.filter(inside)), on=area.on)
    allowed = {
        step: Value(timedelta(days=days)) for step in WAITING if (days := days_allowed(step, on=area.on)) is not None
    }
    last_day = ExpressionWrapper(F("since") + by_step(allowed, output_field=DurationField()), output_field=DateField())
    return of_family(late, "step", mark=Cast("step", CharField()), since=Cast(last_day, DateField()))
