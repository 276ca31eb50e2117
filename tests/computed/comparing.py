"""Two computed stages beside each other, for the tests of what changed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from harapan.benefits import freezing, running, sanctions
from harapan.benefits.actions import open_stage, plan
from harapan.benefits.models import Mode, SanctionNotice, Stage
from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.payments import checking
from harapan.registry.models import ComponentSpell, Facility, Family, Member
from harapan.verification.models import FacilityMonth
from tests.benefits.world import HIYUNG
from tests.computed.ground import DAY, Ground

BEFORE = "2024-3"
CHANGE = date(2024, 7, 1)  # the first day that 2024-4 pays and 2024-3 does not
OBSERVED = (202405, 202406)
SYSTEM = Scope.batch(via="test")


def computed(ground: Ground, name: str) -> Stage:
    by = ground.people["commitment_officer"]
    with put_on(ground.nation()):
        stage = open_stage(plan(name, mode=Mode.COMPUTED, by=by, on=DAY), by=by, on=DAY)
    with put_on(SYSTEM):  # nobody's money is cut unheard: told on the day, and not answered in time
        sanctions.give_notices(stage, by=by, on=DAY)
        told = SanctionNotice.objects.filter(stage=stage).values_list("pk", flat=True)
        sanctions.tell(told, how=SanctionNotice.Told.VISIT, by=by, on=DAY)
        sanctions.lapse(stage, by=by, on=DAY + timedelta(days=30))
    freezing.freeze(stage, actor=by.pk, on=DAY)
    running.compute(stage, actor=by.pk, on=DAY)
    return stage


def figures(ground: Ground, stage: Stage) -> dict[str, Any]:
    return checking.check(stage, actor=ground.maker, on=DAY).figures


def member(family: Family, component: Component) -> Member:
    return ComponentSpell.objects.select_related("member").get(family=family, component=component).member


def school(ground: Ground, family: Family, component: Component, *, evidence: str = "form") -> Facility:
    """A school for the child, with something said about the observed months."""
    made = Facility.objects.create(
        kind="school", name=f"SEKOLAH {family.pk}", name_key=f"SEKOLAH {family.pk}", region_id=HIYUNG
    )
    ComponentSpell.objects.filter(family=family, component=component).update(facility=made)
    said_at = datetime(2024, 7, 1, tzinfo=UTC)
    proof = {} if evidence == "none" else {"proven_by": ground.world.user, "proven_at": said_at}
    for month in OBSERVED:
        FacilityMonth.objects.create(
            facility=made, month=month, effective_days=20, manner="entry", declared_by=ground.world.user,
            declared_at=said_at, evidence=evidence, **proof,
        )  # fmt: skip
    return made


def reasons(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {row["why"]: (row["families"], row["idr"]) for row in rows}
