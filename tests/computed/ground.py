"""What the tests of a computed stage stand on: a small nation, its people, and the road of a stage as functions."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange

from harapan.accounts.models import Post, User
from harapan.benefits import approving, freezing, running
from harapan.benefits.actions import open_stage, plan
from harapan.benefits.models import Mode, Run, Snapshot, Stage
from harapan.core.components import Component
from harapan.core.references import reference_of
from harapan.database import places
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome as Told
from harapan.payments import checking, files, handing, ordering, treasury
from harapan.payments.models import Instruction, Order, PaymentFile, TreasuryDocument
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import Settled, receive_settlement
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
        return self.ordered()

    def ordered(self) -> Instruction:
        return ordering.draw(self.stage(), actor=self.maker, on=DAY)

    def written(self) -> Instruction:
        """All papers there and all files written."""
        instruction = self.instructed()
        files.write_files(instruction, actor=self.maker, on=DAY)
        self.papers(instruction)
        return instruction

    def handed_over(self) -> Instruction:
        """And all files with their payers."""
        instruction = self.written()
        self.hand_over(instruction)
        return instruction

    def drawn_again(self) -> Instruction:
        """The second attempts that were asked for, with their payers."""
        instruction = ordering.draw_retries(self.stage(), actor=self.maker, on=DAY)
        files.write_files(instruction, actor=self.maker, on=DAY)
        self.papers(instruction)
        self.hand_over(instruction)
        return instruction

    def papers(self, instruction: Instruction) -> None:
        for kind, who in PAPERS:
            with put_on(self.nation(who)):
                treasury.issue(
                    instruction, kind, number=f"{kind}-{instruction.number}", on=DAY, by=self.people[who], today=DAY
                )

    def hand_over(self, instruction: Instruction) -> None:
        with put_on(self.nation("treasurer")):
            for file in PaymentFile.objects.filter(instruction=instruction):
                handing.hand_over(file, to="Budi, BRI", by=self.people["treasurer"], on=DAY)

    def hand_over_rest(self, instruction: Instruction) -> None:
        with put_on(self.nation("treasurer")):
            for file in PaymentFile.objects.filter(instruction=instruction, handed_over_at=None):
                handing.hand_over(file, to="Budi, BRI", by=self.people["treasurer"], on=DAY)

    def rows(self, outcome: Told, *, on: date = DAY, **about: Any) -> list[SettlementRow]:
        """An answer of this outcome for the latest order of every family."""
        with put_on(self.nation()):
            orders = Order.objects.filter(stage__name=STAGE).order_by("family_id", "-attempt").distinct("family_id")
            return [
                SettlementRow(
                    line, order.family_id, outcome, order.amount_idr, on=on, bank=order.payer, attempt=order.attempt,
                    reference=reference_of(STAGE, order.family_id, order.attempt), **about,
                )
                for line, order in enumerate(orders, start=2)
            ]  # fmt: skip

    def answer(self, outcome: Told, *, on: date = DAY, **about: Any) -> Settled:
        return self.settle(self.rows(outcome, on=on, **about), name=f"{outcome}.csv")

    def settle(self, rows: list[SettlementRow], *, name: str = "jawaban.csv") -> Settled:
        with put_on(self.nation()):
            return receive_settlement(
                STAGE, rows, digest=sha256(repr(rows).encode()).hexdigest(), name=name,
                by=self.people["commitment_officer"], on=DAY,
            )  # fmt: skip

    def end(self) -> None:
        for name in ("snapshots", "runs"):
            shutil.rmtree(places.folder(name), ignore_errors=True)


PAPERS = (
    (TreasuryDocument.Kind.SPP, "commitment_officer"), (TreasuryDocument.Kind.SPM, "payment_signer"),
    (TreasuryDocument.Kind.SP2D, "treasurer"),
)  # fmt: skip
ROLES = ("commitment_officer", "policy_maker", "payment_signer", "treasurer", "auditor")


def make_ground(families: int = 12) -> Ground:
    world = make_world()
    people = {}
    for role in ROLES:
        people[role] = User.objects.create_user(f"pusat-{role}", name=role.replace("_", " ").title())
        Post.objects.create(user=people[role], role_code=role, since=date(2020, 1, 1))
    made = [_family(world, number) for number in range(families)]
    return Ground(world, people, made)


def make_family(world: World, number: int) -> Family:
    """One more family, committed."""
    with put_on(Scope.batch(via="test")):
        return _family(world, number)


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
