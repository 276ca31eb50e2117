"""The ministry's list as the list of its stage: planned where it is not there yet, refused where it is reconciled."""

from __future__ import annotations

from typing import Any

from harapan.accounts.permission import allows
from harapan.benefits.actions import place_name
from harapan.benefits.errors import NoSuchStage, StageNotOpen
from harapan.benefits.lists import ListRow, receive_list
from harapan.benefits.models import Stage, StageRegency, State
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.regions.codes import Level, ancestor

Rows = dict[int, dict[str, Any]]


def demand_stage(errand: Errand) -> None:
    """A received stage that is not there yet is planned by the import, if the person may. Raises NoSuchStage."""
    if not allows(errand.post, "stage.plan") and not Stage.objects.filter(name=errand.run.stage).exists():
        raise NoSuchStage(errand.run.stage)


def refuse_reconciled(errand: Errand, rows: Rows) -> None:
    """Refuse lines of a kabupaten/kota whose list is reconciled, before anything of them is written."""
    done = StageRegency.objects.filter(stage__name=errand.run.stage).exclude(state=State.OPEN)
    states = dict(done.values_list("regency_no", "state"))
    words = {
        no: StageNotOpen(errand.run.stage, place_name(no), State(state).label).phrase for no, state in states.items()
    }
    for line, row in rows.items() if words else ():
        regency = ancestor(row["region"], Level.REGENCY)
        if regency in words:
            errand.answers.refuse(line, words[regency])


def put_on_list(errand: Errand, rows: Rows, found: dict[int, int]) -> None:
    """Enter the lines on the list of the stage; what it answers adds to what the registry said."""
    if not rows:
        return
    entries = [
        ListRow(
            line, found[line], row["wave"], row["name"], row["bank"], row["amount_idr"],
            listed_region_no=row["region"], region_text=f"{row['village']}, {row['district']}".strip(", ")[:200],
        )
        for line, row in rows.items()
    ]  # fmt: skip
    taken = receive_list(
        errand.run.stage, entries, layout=errand.run.layout, file=errand.run.file, by=errand.by, on=errand.on
    )
    for line, answer in taken.answers.items():
        if answer.verdict == Verdict.REFUSED:
            errand.answers.refuse(line, answer.reason)
        else:
            errand.answers.settle(line, Verdict(answer.verdict))
