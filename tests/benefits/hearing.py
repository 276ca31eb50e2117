"""A computed stage in the small kabupaten, with a school whose months are proven and children who were away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from harapan.benefits import actions, adjusting, sanctions
from harapan.benefits.computing import compute_beside
from harapan.benefits.models import Approval, Entitlement, Mode, Run, SanctionNotice, Stage, State, Verdict
from harapan.core.components import Component
from harapan.registry.models import Facility, Family
from harapan.verification.models import FacilityMonth, Observation
from tests.benefits.world import HIYUNG, STAGE, World

NOTICED = date(2025, 4, 1)
TOLD = date(2025, 4, 3)
LAST_DAY = TOLD + timedelta(days=14)
AFTER = LAST_DAY + timedelta(days=1)


@dataclass
class Hearing:
    world: World
    school: Facility

    def stage(self, name: str = STAGE) -> Stage:
        stage = actions.plan(name, mode=Mode.COMPUTED, by=self.world.user, on=NOTICED)
        return actions.open_stage(stage, by=self.world.user, on=NOTICED)

    def family(self, *components: Component, **about: Any) -> Family:
        kinds = components or (Component.PRIMARY,)
        return self.world.family(*((kind, {"facility": self.school}) for kind in kinds), **about)

    def proven(self, *months: int) -> None:
        for month in months:
            FacilityMonth.objects.get_or_create(
                facility=self.school, month=month,
                defaults={"effective_days": 20, "manner": "file", "declared_by": self.world.user,
                          "declared_at": timezone.now(), "evidence": "form", "proven_by": self.world.user,
                          "proven_at": timezone.now()},
            )  # fmt: skip

    def away(self, family: Family, *months: int, child: int = 0) -> None:
        self.proven(*months)
        member = family.members.filter(manager=False).order_by("pk")[child]
        for month in months:
            Observation.objects.create(
                family=family, member=member, facility=self.school, month=month, present_days=10, absent_days=10
            )

    def given(self, stage: Stage) -> sanctions.Given:
        return sanctions.give_notices(stage, by=self.world.user, on=NOTICED)

    def told(self, stage: Stage) -> int:
        numbers = SanctionNotice.objects.filter(stage=stage, told_on__isnull=True).values_list("pk", flat=True)
        return sanctions.tell(numbers, how=SanctionNotice.Told.VISIT, by=self.world.user, on=TOLD)

    def upheld(self, stage: Stage) -> None:
        """Given, told, not answered, lapsed."""
        self.given(stage)
        self.told(stage)
        sanctions.lapse(stage, by=self.world.user, on=AFTER)

    def decided(self, stage: Stage, verdict: Verdict, *, on: date = AFTER) -> int:
        numbers = SanctionNotice.objects.filter(stage=stage, verdict=Verdict.OPEN).values_list("pk", flat=True)
        return sanctions.decide(numbers, verdict=verdict, why="didengar di rumah", by=self.world.user, on=on)

    def computed(self, stage: Stage) -> Run:
        return compute_beside(stage, actor=self.world.user.pk)

    def approved(self, stage: Stage, run: Run | None = None) -> Run:
        """What the approving transaction does with a run, as far as adjustments go."""
        run = run or self.computed(stage)
        Approval.objects.create(
            run=run, decision=Approval.Decision.APPROVED, maker=None, by=self.world.user, decree_no="1/SK",
            decree_on=AFTER, net_idr=run.net_idr, output_sha256=run.output_sha256, on=AFTER,
        )  # fmt: skip
        Stage.objects.filter(pk=stage.pk).update(state=State.APPROVED)
        stage.refresh_from_db()
        adjusting.settle_adjustments(run, by=self.world.user, on=AFTER)
        return run

    def cut(self, stage: Stage, family: Family) -> int:
        """What the stage cuts now, computed from the records as they are."""
        run = self.computed(stage)
        return Entitlement.objects.get(run_id=run.pk, family_id=family.pk).cut_idr


def make_hearing(world: World) -> Hearing:
    school = Facility.objects.create(kind="school", code="30305001", name="SDN 1", name_key="SDN 1", region_id=HIYUNG)
    made = Hearing(world, school)
    made.proven(202411, 202412, 202501, 202502, 202503, 202504, 202505, 202506)
    return made
