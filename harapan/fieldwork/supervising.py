"""What a lead's month is made of: whom to supervise on which result, where most of that result's work is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from harapan.core.periods import month_days
from harapan.core.phrases import Phrase
from harapan.fieldwork.due import Task, loads_by_holder
from harapan.fieldwork.law import supervision_minutes, targets_on
from harapan.fieldwork.models import Activity
from harapan.fieldwork.results import SUPERVISED, results_on
from harapan.fieldwork.sources import Area
from harapan.fieldwork.task_kinds import kinds_on
from harapan.fieldwork.workers import Worker, facilitators_under, workers_in
from harapan.p2k2.planning import number_of
from harapan.registry.models import Group

KIND = "supervision"  # of a line of a plan; its subject is the facilitator's user number
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that a plan can hold: a task, or a facilitator to be supervised."""

    key: str
    kind: str
    subject_no: int
    village_no: int
    minutes: int
    rhk: int
    due_on: date

    @classmethod
    def of(cls, task: Task) -> Piece:
        kind = task.kind
        return cls(task.key, kind.code, task.subject_no, task.region_no, kind.minutes, kind.rhk, task.due_on)


def title_of(rhk: int, on: date) -> Phrase | str:
    """ "Supervisi P2K2": what supervision of a result is called."""
    result = results_on(on).get(rhk)
    action = next((each for each in result.actions if each.supervision), None) if result else None
    return action.title if action else Phrase("Supervisi")


def supervisions(lead: Worker, month: str, *, on: date) -> list[Piece]:
    """As many of each result as the month's part of the year's target still wants, each facilitator once a result.

    First those with the most late work of that result; where nobody is behind, another one each month. A few queries
    a kind of task, whatever the size of the team.
    """
    first, after = month_days(month)
    law = targets_on(first, supervision=True)
    team = facilitators_under(lead, workers_in(lead.post, on=on))
    if not team or not law:
        return []
    late, villages = _late_by_group(team, on)
    done = _done(lead, first, after)
    found = []
    for rhk in SUPERVISED:
        wanted = -(-int(law[rhk].year or 0) // MONTHS_A_YEAR) - done.get(rhk, 0) if rhk in law else 0
        turn = number_of(month) + rhk
        order = sorted(team, key=lambda each: (-_sum(each, late, rhk), (each.pk + turn) % len(team), each.pk))
        for each in order[: max(wanted, 0)]:
            groups = sorted(each.post.groups, key=lambda group: (-late[group, rhk], group))
            village = villages.get(groups[0], each.region_no) if groups else each.region_no
            key = f"{KIND}:{each.pk}:{rhk}:{month}"
            minutes = supervision_minutes(first)
            found.append(Piece(key, KIND, each.pk, village, minutes, rhk, after - timedelta(days=1)))
    return found


def _late_by_group(team: Sequence[Worker], on: date) -> tuple[dict[tuple[int, int], int], dict[int, int]]:
    """(group, RHK) -> how many tasks are late; group -> its village."""
    numbers = {group for each in team for group in each.post.groups}
    kinds = kinds_on(on)
    rhk_of = {kind.code: kind.rhk for kind in kinds}
    loads = loads_by_holder(Area(tuple(numbers), on), kinds, {group: group for group in numbers})
    late: dict[tuple[int, int], int] = defaultdict(int)
    for group, of_kinds in loads.items():
        for code, load in of_kinds.items():
            late[group, rhk_of[code]] += load.late
    villages = Group.objects.filter(pk__in=numbers, region__isnull=False).values_list("pk", "region")
    return late, dict(villages)


def _sum(worker: Worker, late: dict[tuple[int, int], int], rhk: int) -> int:
    return sum(late[group, rhk] for group in worker.post.groups)


def _done(lead: Worker, first: date, after: date) -> dict[int, int]:
    """RHK -> supervisions recorded in the month already. One query."""
    rows = Activity.objects.filter(user=lead.user, held_on__gte=first, held_on__lt=after, rhk__in=list(SUPERVISED))
    return dict(rows.order_by().values_list("rhk").annotate(Count("pk")))
