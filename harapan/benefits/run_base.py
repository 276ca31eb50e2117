"""What a run is compared with: for every family the last stage that could have paid it.

Bank and post may have calendars of their own. A stage of one of them is compared with the stage before in that
calendar, or in the common one it came from; a family that has come over from the other calendar with what it was paid
there. A common stage after two calendars is compared with the last of both. So what went before is whole, and nobody
is in it twice, whoever changed channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from harapan.benefits.models import Listing, Mode, Run, Stage, State

COMMON = "all"  # the calendar of every channel
POST, POST_PAYER = "pos", "POS"

# The row that decides on a family is that of the latest wave it is in: who is due is in no later one.
_OF_RUNS = """
    SELECT e.family_id, e.region_no, e.net_idr, e.cut_idr, e.decision, e.reasons, e.run_id AS run, e.payer
    FROM benefits_entitlement e WHERE e.run_id = ANY(ARRAY[{runs}]::bigint[])"""
_AND_LATEST = """
      AND NOT EXISTS (SELECT 1 FROM benefits_entitlement l WHERE l.run_id = ANY(ARRAY[{runs}]::bigint[])
                      AND l.run_id > e.run_id AND l.family_id = e.family_id)"""
_OF_LIST = """
    SELECT l.family_id, max(l.region_no) AS region_no, sum(l.nominal_idr)::bigint AS net_idr, 0::bigint AS cut_idr,
           0::smallint AS decision, 0::bigint AS reasons, 0::bigint AS run, max(l.bank) AS payer
    FROM benefits_listing l WHERE l.stage_id = {stage} GROUP BY l.family_id"""
_OF_SEVERAL = """
    SELECT DISTINCT ON (family_id) * FROM ({parts}) parts ORDER BY family_id, net_idr > 0 DESC, run DESC"""


@dataclass(frozen=True, slots=True)
class Part:
    """One stage of the base. `runs` empty: it was received, its list says what was due."""

    stage: Stage
    runs: tuple[int, ...]

    @property
    def rows(self) -> str:
        """SQL: its families with what each was due."""
        if not self.runs:
            return _OF_LIST.format(stage=int(self.stage.pk))
        runs = ", ".join(str(int(run)) for run in self.runs)
        return (_OF_RUNS + (_AND_LATEST if len(self.runs) > 1 else "")).format(runs=runs)


@dataclass(frozen=True, slots=True)
class Base:
    """`before`: the stage before, or where two calendars became one, the last of each. `moved`: the last stage of the
    other calendar, which says only of families that came over what they had."""

    before: tuple[Part, ...]
    moved: tuple[Part, ...] = ()

    @property
    def stages(self) -> list[Stage]:
        return [part.stage for part in (*self.before, *self.moved)]

    @property
    def runs(self) -> list[int]:
        return [run for part in (*self.before, *self.moved) for run in part.runs]

    @property
    def rows(self) -> str:
        """SQL: the families of the stage before with what each was due, each once."""
        if len(self.before) == 1:
            return self.before[0].rows
        return _OF_SEVERAL.format(parts=" UNION ALL ".join(part.rows for part in self.before))

    @property
    def rows_moved(self) -> str:
        """SQL: the same of the other calendar; empty where there is none."""
        return " UNION ALL ".join(part.rows for part in self.moved)

    def told(self) -> dict[str, Any]:
        """As `RunCheck.figures` keeps it. `mode` is received where a list is all that is known of a part."""
        received = any(not part.runs for part in self.before)
        return {
            "stage": ", ".join(part.stage.name for part in self.before),
            "mode": str(Mode.RECEIVED if received else Mode.COMPUTED),
            "moved": [part.stage.name for part in self.moved],
        }


def base_of(run: Run) -> Base | None:
    """What the run is compared with, where anything of it is known. One query a stage, at most two more."""
    own, others = _stages_before(run.stage)
    before = tuple(part for stage in own if (part := _part(stage)))
    if not before:
        return None
    return Base(before, tuple(part for stage in others if (part := _part(stage))))


def _stages_before(stage: Stage) -> tuple[list[Stage], list[Stage]]:
    """The last stages before this one: of its own calendar, and of the other one. Those of a common stage are all own.

    Calendars are compared by the months they pay, for their numbers do not run side by side.
    """
    known = Stage.objects.exclude(state=State.PLANNED).exclude(pk=stage.pk)
    earlier = [each for each in known if each.pays_months[-1] < stage.pays_months[0]]
    earlier.sort(key=lambda each: (each.pays_months[-1], each.pk), reverse=True)
    channels = {each.channel for each in earlier} | {stage.channel}
    calendars = sorted(channels, key=lambda name: (name != stage.channel, name))
    last: dict[str, Stage] = {}
    for calendar in [name for name in calendars if name != COMMON] or [COMMON]:
        found = next((each for each in earlier if each.channel in (calendar, COMMON)), None)
        if found is not None and found not in last.values():
            last[calendar] = found
    if stage.channel == COMMON:
        return list(last.values()), []
    return [each for name, each in last.items() if name == stage.channel], [
        each for name, each in last.items() if name != stage.channel
    ]


def _part(stage: Stage) -> Part | None:
    if stage.mode == Mode.RECEIVED:
        return Part(stage, ()) if Listing.objects.filter(stage=stage).exists() else None
    runs = tuple(Run.objects.live().filter(stage=stage).order_by("wave").values_list("pk", flat=True))
    return Part(stage, runs) if runs else None


def of_other_channel(stage: Stage, base: Base, payer: str) -> str:
    """SQL: whether a row of a common stage belongs to the calendar of the other channel; empty where that cannot be."""
    if stage.channel == COMMON or all(part.stage.channel != COMMON for part in base.before):
        return ""
    return f"({payer} = '{POST_PAYER}') <> {str(stage.channel == POST).lower()}"
