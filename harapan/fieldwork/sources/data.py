"""Data of families: gone from a list, in question, incomplete, without a group."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Count, DateField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, TruncDate

from harapan.benefits.models import Listing, Mode, ReceivedList
from harapan.benefits.waiting import stage_at_hand, stage_before
from harapan.core.phrases import Phrase
from harapan.fieldwork.sources.asking import Area, Due, Subject, of_families, of_family, source
from harapan.registry.models import Family, Member, Question
from harapan.registry.narrowing import Among, enrolled, without_group
from harapan.registry.rules import FIELD_TITLES


@source(Subject.FAMILY, lambda row: Phrase("tidak ada di daftar tahap {stage}", stage=row["due_mark"]))
def family_gone_from_list(area: Area) -> QuerySet[Any, dict[str, Any]] | list[Due]:
    """On the list of the stage before, not on the one at hand, and still a member. Nothing is taken from it."""
    now = stage_at_hand()
    before = stage_before(now) if now and now.mode == Mode.RECEIVED else None
    told = ReceivedList.objects.filter(stage=now).order_by("-on").first() if before else None
    if now is None or before is None or told is None:
        return []
    listed = Listing.objects.filter(family=OuterRef("pk"))
    gone = Family.objects.filter(Among(F("pk"), area.families)).filter(
        Exists(listed.filter(stage=before)), ~Exists(listed.filter(stage=now))
    )
    return of_families(gone, mark=now.name, since=Value(told.on, DateField()))


@source(
    Subject.FAMILY,
    lambda row: Phrase("dua sumber berbeda: {field}", field=FIELD_TITLES.get(row["field"], row["field"])),
)
def question_open(area: Area) -> QuerySet[Any, dict[str, Any]]:
    rows = Question.objects.filter(group_no__in=area.groups, decided_at__isnull=True)
    return of_family(rows, "field", mark=Cast("pk", CharField()), since=TruncDate("asked_at"))


@source(Subject.FAMILY)
def data_missing(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """No family card number, no NIK of the manager, or nobody known beside the manager."""
    members = Member.objects.filter(Among(F("family_id"), area.families)).values("family")
    whole = members.annotate(
        named=Count("pk", filter=Q(manager=True, nik_ix__isnull=False)), others=Count("pk", filter=Q(manager=False))
    ).filter(named__gt=0, others__gt=0)
    families = Family.objects.filter(Among(F("pk"), area.families))
    lacking = families.filter(Q(kk_ix__isnull=True) | ~Q(pk__in=whole.values("family")))
    return of_families(lacking, mark=str(area.on.year), since=None)


@source(Subject.FAMILY)
def family_without_group(area: Area) -> QuerySet[Any, dict[str, Any]] | list[Due]:
    """Seen by nobody who meets families; only those who make groups have it as a task."""
    if not area.ranges:
        return []
    inside = Q(pk__in=())
    for low, high in area.ranges:
        inside |= Q(region_id__gte=low, region_id__lt=high)
    rows = without_group(enrolled(Family.objects.filter(inside), on=area.on))
    return of_families(rows, mark="", since="registered_on")
