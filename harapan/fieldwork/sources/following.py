"""What others have to know or give before it is done: changes of data the outside has not shown, children without a
school."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import CharField, QuerySet
from django.db.models.functions import Cast

from harapan.core.phrases import Phrase
from harapan.fieldwork.sources.asking import Area, Subject, of_family, source
from harapan.registry.changes import outside
from harapan.registry.changes.kinds import default_kinds
from harapan.verification.models import UnplacedPupil


def _kind(code: str) -> Phrase:
    return dict(default_kinds().codes()).get(code, Phrase("Pemutakhiran"))


def _to_enter(row: Mapping[str, Any]) -> Phrase:
    kind = _kind(row["kind"])
    return Phrase("{kind}, dibalik: kembalikan isinya", kind=kind) if row["reverses"] else kind


@source(Subject.FAMILY, _to_enter)
def change_to_enter(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Applied here, or taken back again; nobody has told SIKS-NG."""
    rows = outside.to_enter().filter(group_no__in=area.groups)
    return of_family(rows, "kind", "reverses", mark=Cast("pk", CharField()), since="decided_on")


def _unseen(row: Mapping[str, Any]) -> Phrase:
    kind = _kind(row["kind"])
    if row["reverses"]:
        return Phrase("{kind}, dibalik: belum tercermin di daftar", kind=kind)
    return Phrase("{kind}, belum tercermin di daftar", kind=kind)


@source(Subject.FAMILY, _unseen)
def change_not_reflected(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Entered outside, or taken back there, and no list has shown it within policy's days."""
    rows = outside.unreflected(area.on).filter(group_no__in=area.groups)
    return of_family(rows, "kind", "reverses", mark=Cast("pk", CharField()), since="decided_on")


@source(Subject.FAMILY, lambda row: Phrase("{name}: {why}", name=row["member__name"], why=_why(row["why"])))
def child_without_school(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """July brought no school; the family is visited before anything is lost."""
    rows = UnplacedPupil.objects.filter(group_no__in=area.groups, settled_on__isnull=True)
    return of_family(rows, "member__name", "why", mark=Cast("pk", CharField()), since="due_on")


def _why(code: str) -> str:
    return UnplacedPupil.Why(code).label
