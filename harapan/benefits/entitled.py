"""What a computed stage owes a family, whatever wave found it: the rows of its live runs."""

from __future__ import annotations

from collections.abc import Iterable

from harapan.benefits.models import Entitlement, Run, Stage
from harapan.registry.models import Family


def entitled_in(stage: Stage, families: Iterable[int]) -> dict[int, tuple[Run, Entitlement]]:
    """Family -> the run whose row is its answer, with the row: the wave that owes it money, else the latest that
    looked at it. Without those of which the reader sees no such row. Two queries.
    """
    runs = {run.pk: run for run in Run.objects.live().filter(stage=stage).select_related("stage", "snapshot")}
    found: dict[int, Entitlement] = {}
    for row in Entitlement.objects.filter(run_id__in=list(runs), family_id__in=list(families)):
        before = found.get(row.family_id)
        if before is None or _weight(row, runs) > _weight(before, runs):
            found[row.family_id] = row
    return {number: (runs[row.run_id], row) for number, row in found.items()}


def _weight(row: Entitlement, runs: dict[int, Run]) -> tuple[bool, int]:
    return row.net_idr > 0, runs[row.run_id].wave


def due_of(stage: Stage, family: Family) -> int:
    """Rupiah that a live run of the stage owes the family; nought where none does."""
    found = entitled_in(stage, [family.pk]).get(family.pk)
    return int(found[1].net_idr) if found else 0
