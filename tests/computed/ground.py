"""What the tests of a computed stage stand on: a small nation, its people, and the road of a stage as functions."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post, User
from harapan.benefits import approving, freezing, running
from harapan.benefits.actions import open_stage, plan
from harapan.benefits.models import Mode, Run, Snapshot, Stage
from harapan.core.components import Component
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.payments import checking, ordering
from harapan.payments.models import Instruction
from harapan.registry.models import Family, PaymentAccount
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, SINCE, World, make_world

STAGE = "2024-4"
DAY = date(2024, 11, 5)


@dataclass
class Ground:
    world: World
    people: dict[str, User]
    families: list[Family] = field(default_factory=list)

    def nation(self, who: str = "commitment_officer") -> Scope:
        return Scope.nation(actor=self.people[who].pk, via="test")

    @property
    def maker(self) -> int:
        return int(self.people["commitment_officer"].pk)

    def stage(self) -> Stage:
        with put_on(Scope.batch(via="test")):
            return Stage.objects.get(name=STAGE)

    def planned(self) -> Stage:
        with put_on(self.nation()):
            stage = plan(STAGE, mode=Mode.COMPUTED, by=self.people["commitment_officer"], on=DAY)
            return open_stage(stage, by=self.people["commitment_officer"], on=DAY)

    def frozen(self) -> Snapshot:
        return freezing.freeze(self.planned(), actor=self.maker, on=DAY)

    def computed(self) -> Run:
        self.frozen()
        return running.compute(self.stage(), actor=self.maker, on=DAY)

    def checked(self) -> Run:
        run = self.computed()
        checking.check(self.stage(), actor=self.maker, on=DAY)
        return run

    def approve(self) -> None:
        with put_on(self.nation("policy_maker")):
            approving.approve(
                self.stage(), decree_no="123/SK/2024", decree_on=DAY, by=self.people["policy_maker"], on=DAY
            )

    def approved(self) -> Run:
        run = self.checked()
        self.approve()
        return run

    def instructed(self) -> Instruction:
        self.approved()
        return ordering.draw(self.stage(), actor=self.maker, on=DAY)

    def end(self) -> None:
        for name in ("snapshots", "runs"):
            shutil.rmtree(places.folder(name), ignore_errors=True)


ROLES = ("commitment_officer", "policy_maker", "payment_signer", "treasurer", "auditor")


def make_ground(families: int = 12) -> Ground:
    world = make_world()
    people = {}
    for role in ROLES:
        people[role] = User.objects.create_user(f"pusat-{role}", name=role.replace("_", " ").title())
        Post.objects.create(user=people[role], role_code=role, since=date(2020, 1, 1))
    made = [_family(world, number) for number in range(families)]
    return Ground(world, people, made)


def _family(world: World, number: int) -> Family:
    components: tuple[Any, ...] = (
        (Component.PRIMARY, Component.TODDLER), (Component.ELDERLY,), (Component.JUNIOR, Component.SENIOR),
    )[number % 3]  # fmt: skip
    family = world.family(*components, village=(HIYUNG, CEMPAKA, BAMBAN)[number % 3], bank="")
    PaymentAccount.objects.create(
        family=family, bank=("BRI", "MANDIRI")[number % 2], number=f"33020100{number:07}", holder=family.name,
        spell=DateRange(SINCE, None), source="list",
    )  # fmt: skip
    return family
