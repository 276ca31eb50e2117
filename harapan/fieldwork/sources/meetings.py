"""P2K2: groups that have not met, families who stay away, commitments and behaviours to be asked about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast

from harapan.core.periods import format_date, format_month, month_of
from harapan.core.phrases import Phrase
from harapan.fieldwork.sources.asking import Area, Subject, asked, of_families, of_family, source
from harapan.p2k2.behaviours import DAYS_A_MONTH
from harapan.p2k2.models import Attendance, BehaviourAnswer, Commitment, CommitmentAnswer, Mark
from harapan.p2k2.planning import number_of
from harapan.p2k2.queries import without_session
from harapan.policy.reader import default_policy
from harapan.registry.models import Family, Group
from harapan.registry.narrowing import Among

ASKED_AHEAD_DAYS = 7  # a commitment may be asked about so long before its day: at the meeting of that week
ASKED_AGAIN_DAYS = 30  # one that was asked and is not done comes back


@source(Subject.GROUP, lambda row: Phrase("belum bertemu pada {month}", month=format_month(row["due_mark"])))
def group_without_meeting(area: Area) -> QuerySet[Any, dict[str, Any]]:
    month = month_of(area.on)
    meeting = Group.objects.filter(pk__in=area.groups, candidates=False)  # where candidates wait nobody meets
    groups = without_session(meeting, number_of(month))
    first = Value(area.on.replace(day=1))
    return asked(groups, subject="pk", name="name", group="pk", region="region_id", mark=month, since=first)


@source(Subject.FAMILY, lambda row: Phrase("terakhir alpa {day}", day=format_date(row["due_since"])))
def family_absent_twice(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Marked absent at the last two meetings of which something was said."""
    said = Attendance.objects.filter(family=OuterRef("pk")).order_by("-held_on", "-begins", "-pk")
    families = Family.objects.filter(Among(F("pk"), area.families)).annotate(
        latest=Subquery(said.values("mark")[:1]),
        before=Subquery(said.values("mark")[1:2]),
        away_on=Subquery(said.values("held_on")[:1]),
    )
    away = families.filter(latest=Mark.ABSENT, before=Mark.ABSENT)
    return of_families(away, mark=Cast("away_on", CharField()), since="away_on")


@source(
    Subject.FAMILY, lambda row: Phrase("“{text}”, batas {day}", text=row["text"], day=format_date(row["due_since"]))
)
def commitment_due(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Open ones whose day has come, not asked about since then nor within the last month."""
    lately = Q(asked_on__gte=OuterRef("due_on"), asked_on__gt=area.on - timedelta(days=ASKED_AGAIN_DAYS))
    spoken = CommitmentAnswer.objects.filter(lately, commitment=OuterRef("pk"))
    open_now = Commitment.objects.filter(group_no__in=area.groups, done_on__isnull=True)
    due = open_now.filter(~Exists(spoken), due_on__lte=area.on + timedelta(days=ASKED_AHEAD_DAYS))
    return of_family(due, "text", mark=Cast("pk", CharField()), since="due_on")


@source(Subject.FAMILY)
def behaviours_due(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Never asked, or policy's months have passed since."""
    months = int(default_policy().value("sessions.behaviours_every_months", on=area.on).value)
    edge = area.on - timedelta(days=months * DAYS_A_MONTH)
    lately = BehaviourAnswer.objects.filter(family=OuterRef("pk"), asked_on__gt=edge)
    families = Family.objects.filter(Among(F("pk"), area.families))
    return of_families(families.filter(~Exists(lately)), mark=str(area.on.year), since=None)
