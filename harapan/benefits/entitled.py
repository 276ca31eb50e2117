"""What a computed stage owes one family, whatever wave found it: the rows of its live runs."""

from __future__ import annotations

from harapan.benefits.models import Entitlement, Run, Stage
from harapan.registry.models import Family


def entitled_in(stage: Stage, family: Family) -> tuple[Run, Entitlement] | None:
    """The run whose row is the family's answer, with the row: the wave that owes it money, else the latest that
    looked at it. None where the reader sees no such row. Two queries.
    """
    runs = {run.pk: run for run in Run.objects.live().filter(stage=stage).select_related("stage", "snapshot")}
    rows = Entitlement.objects.filter(run_id__in=list(runs), family_id=family.pk)
    found = max(rows, key=lambda row: (row.net_idr > 0, runs[row.run_id].wave), default=None)
    return (runs[found.run_id], found) if found is not None else None


def due_of(stage: Stage, family: Family) -> int:
    """Rupiah that a live run of the stage owes the family; nought where none does."""
    found = entitled_in(stage, family)
    return int(found[1].net_idr) if found else 0
