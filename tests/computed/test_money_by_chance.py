"""Whole stages by chance: holds, files, answers of every kind, second attempts, late families, in any order.

After every step: what runs found due is what orders and holds come to; the ledger says the same as the claims, account
by account; no family has two live orders, and none is paid more than it is due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from harapan.benefits import approving, freezing, running
from harapan.benefits.models import State
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome
from harapan.payments import (
    actions,
    checking,
    closing,
    files,
    holding,
    ledger,
    lying,
    money,
    ordering,
    retrying,
    treasury,
    whole,
    withdrawing,
)
from harapan.payments.enums import Standing
from harapan.payments.models import (
    Account,
    Claim,
    Hold,
    Instruction,
    LedgerEntry,
    Order,
    PaymentException,
    PaymentFile,
    SettlementFile,
    SettlementLine,
    TreasuryReturn,
)
from harapan.payments.rows import SettlementRow
from harapan.registry.models import Family, PaymentAccount
from tests.benefits.world import BAMBAN, HIYUNG
from tests.computed.ground import DAY, STAGE, Ground

some = st.sets(st.integers(0, 20), min_size=1, max_size=6)
outcomes = st.sampled_from(Outcome)


class Stages(RuleBasedStateMachine):
    """One stage from its freeze to wherever chance leaves it."""

    afresh: Callable[[], Ground]

    def __init__(self) -> None:
        super().__init__()
        self.ground = type(self).afresh()
        self.day = DAY
        self.told: list[list[SettlementRow]] = []
        self.late = 0
        self.receipts = 0

    @initialize(sent_back=st.booleans(), held=some)
    def approved(self, sent_back: bool, held: set[int]) -> None:
        """Sometimes only at the second try, frozen anew; some money held before anything is drawn."""
        if sent_back:
            self.ground.checked()
            approving.refuse(self.ground.stage(), why="Pengujian", by=self.ground.people["policy_maker"], on=DAY)
            freezing.freeze(self.ground.stage(), actor=self.ground.maker, on=DAY)
            self.computed_and_approved()
        else:
            self.ground.approved()
        self.hold_some(held)

    def computed_and_approved(self) -> None:
        running.compute(self.ground.stage(), actor=self.ground.maker, on=DAY)
        checking.check(self.ground.stage(), actor=self.ground.maker, on=DAY)
        self.ground.approve()

    @property
    def by(self) -> Any:
        return self.ground.people["commitment_officer"]

    def families(self, places: set[int]) -> list[int]:
        return [self.ground.families[place % len(self.ground.families)].pk for place in places]

    def trying(self, do: Callable[[], Any]) -> Any:
        """A refusal is an answer too; whatever it was, the invariants must hold afterwards."""
        try:
            with put_on(self.ground.nation()):
                return do()
        except Refused:
            return None

    @rule(places=some)
    def hold_some(self, places: set[int]) -> None:
        self.trying(
            lambda: holding.hold(self.ground.stage(), self.families(places), why="Pengujian", by=self.by, on=DAY)
        )

    @rule(places=some)
    def release_some(self, places: set[int]) -> None:
        self.trying(
            lambda: holding.release(self.ground.stage(), self.families(places), why="Pengujian", by=self.by, on=DAY)
        )

    @rule(again=st.booleans())
    def draw(self, again: bool) -> None:
        deed = ordering.draw_retries if again else ordering.draw
        try:
            instruction = deed(self.ground.stage(), actor=self.ground.maker, on=DAY)
        except Refused:
            return
        files.write_files(instruction, actor=self.ground.maker, on=DAY)
        if instruction.orders:
            self.ground.papers(instruction)

    @rule()
    def hand_over(self) -> None:
        with put_on(self.ground.nation()):
            waiting = list(Instruction.objects.filter(files__handed_over_at=None, files__isnull=False).distinct()[:1])
        for instruction in waiting:
            if self.ground.stage().state == State.INSTRUCTED:
                self.ground.hand_over_rest(instruction)

    @rule(places=some, outcome=outcomes, receipt=st.booleans(), later=st.integers(0, 3))
    def answer(self, places: set[int], outcome: Outcome, receipt: bool, later: int) -> None:
        self.day += timedelta(days=later)
        wanted = set(self.families(places))
        rows = self.ground.rows(outcome, on=self.day, ntpn="A1B2C3D4E5F6G7H8" if receipt else "")
        rows = [row for row in rows if row.family_id in wanted]
        if rows:
            self.told.append(rows)
            self.ground.settle(rows, name=f"{len(self.told)}.csv")

    @rule(outcome=outcomes, receipt=st.booleans())
    def answer_everybody(self, outcome: Outcome, receipt: bool) -> None:
        self.answer(set(range(len(self.ground.families))), outcome, receipt, 1)

    @rule()
    def close_what_fits_nothing(self) -> None:
        with put_on(self.ground.nation()):
            for exception in PaymentException.objects.open().filter(stage=self.ground.stage()):
                actions.set_aside(exception, why="Pengujian", by=self.by)

    @rule()
    def pay_back(self) -> None:
        for row in self.trying(lambda: lying.owed(self.ground.stage())):
            self.receipts += 1
            self.trying(
                lambda row=row: treasury.pay_back(
                    self.ground.stage(), payer=row.payer, region=row.regency_no, ntpn=f"{self.receipts:016}", on=DAY,
                    by=self.ground.people["treasurer"], today=DAY,
                )
            )  # fmt: skip

    @precondition(lambda self: self.told)
    @rule(place=st.integers(0, 50))
    def answer_again(self, place: int) -> None:
        rows = self.told[place % len(self.told)]
        with put_on(self.ground.nation()):
            before = SettlementLine.objects.count()
        self.ground.settle(rows)
        with put_on(self.ground.nation()):
            assert SettlementLine.objects.count() == before, "a file read twice books nothing"

    @precondition(lambda self: self.told)
    @rule(place=st.integers(0, 50))
    def withdraw_a_file(self, place: int) -> None:
        with put_on(self.ground.nation()):
            there = list(SettlementFile.objects.filter(withdrawn_on=None).order_by("pk"))
        if there:
            file = there[-1 - place % len(there)]
            if self.trying(lambda: withdrawing.withdraw(file, why="Pengujian", by=self.by, on=DAY)) is not None:
                self.told = [rows for rows in self.told if sha256(repr(rows).encode()).hexdigest() != file.digest]

    @rule(places=some)
    def ask_again(self, places: set[int]) -> None:
        self.trying(
            lambda: retrying.ask(self.ground.stage(), self.families(places), why="Pengujian", by=self.by, on=DAY)
        )

    @precondition(lambda self: self.late < 2)
    @rule()
    def somebody_comes_late(self) -> None:
        self.late += 1
        with put_on(Scope.batch(via="test")):
            late = self.ground.world.family(Component.ELDERLY, bank="")
            PaymentAccount.objects.create(
                family=late, bank="BRI", number=f"33020100999{self.late:04}", holder=late.name, source="list",
                spell=DateRange(DAY, None),
            )  # fmt: skip
        try:
            freezing.freeze(self.ground.stage(), susulan=True, actor=self.ground.maker, on=DAY)
        except Refused:
            return
        self.computed_and_approved()
        self.ground.families.append(late)

    @rule(places=some)
    def change_the_bank(self, places: set[int]) -> None:
        with put_on(Scope.batch(via="test")):
            for family in self.families(places):
                last = PaymentAccount.objects.filter(family=family).latest("pk")
                if last.spell.lower < DAY:
                    last.spell = DateRange(last.spell.lower, DAY)
                    last.save()
                    PaymentAccount.objects.create(
                        family=last.family, bank="MANDIRI" if last.bank == "BRI" else "BRI", holder=last.holder,
                        number=f"44{last.family_id % 10**13:013}", source="list", spell=DateRange(DAY, None),
                    )  # fmt: skip

    @rule(places=some, village=st.sampled_from([HIYUNG, BAMBAN]))
    def move_away(self, places: set[int], village: int) -> None:
        with put_on(Scope.batch(via="test")):
            for family in Family.objects.filter(pk__in=self.families(places)).exclude(region=village):
                family.region_id, family.group = village, self.ground.world.groups[village]
                family.save()

    @rule(deed=st.sampled_from([closing.reconcile, closing.close, closing.finish]))
    def move_on(self, deed: Callable[..., Any]) -> None:
        self.trying(lambda: deed(self.ground.stage(), by=self.by, on=DAY))

    @rule()
    def reopen(self) -> None:
        self.trying(lambda: closing.reopen(self.ground.stage(), by=self.by, on=DAY, why="Pengujian"))

    @invariant()
    def every_rupiah_is_somewhere_once(self) -> None:
        with put_on(self.ground.nation()):
            stage = self.ground.stage()
            found, due = money.of(stage), whole.due_idr(stage)
            ordered = {order.family_id for order in Order.objects.filter(stage=stage)}
            held = set(Hold.objects.filter(stage=stage, amount_idr__gt=0).values_list("family_id", flat=True))
            claims = list(Claim.objects.filter(stage=stage))
            assert len({claim.family_id for claim in claims}) == len(claims) == len(ordered | held)
            assert found.net_idr <= due
            if stage.state in (State.RECONCILED, State.CLOSED, State.FINAL):
                assert (
                    found.net_idr == due == found.credited_idr + found.failed_idr + found.returned_idr + found.held_idr
                )

    @invariant()
    def the_ledger_says_what_the_claims_say(self) -> None:
        with put_on(self.ground.nation()):
            stage = self.ground.stage()
            sent = set(
                PaymentFile.objects.filter(stage=stage).exclude(handed_over_at=None).values_list("pk", flat=True)
            )
            told: dict[Account, int] = defaultdict(int)
            latest = Order.objects.filter(stage=stage).order_by("family_id", "-attempt").distinct("family_id")
            file_of = {order.family_id: (order.file_id, order.attempt) for order in latest}
            standing_before = self._before(stage)
            for claim in Claim.objects.filter(stage=stage):
                account = ledger.ACCOUNT_OF[Standing(claim.standing)]
                if claim.standing == Standing.UNANSWERED and claim.family_id in file_of:
                    file, attempt = file_of[claim.family_id]
                    account = Account.TRANSIT if file in sent else Account.TREASURY
                    if file not in sent and attempt > 1:
                        account = standing_before[claim.family_id, attempt - 1]
                told[account] += claim.nominal_idr
            told[Account.TREASURY] -= whole.due_idr(stage) - self._undrawn(stage)
            for back in TreasuryReturn.objects.filter(stage=stage):
                told[Account.TRANSIT] -= back.failed_idr
                told[Account.RETURNED] -= back.returned_idr
                told[Account.TREASURY] += back.failed_idr + back.returned_idr
            if stage.state == State.FINAL:
                assert told[Account.TRANSIT] == told[Account.RETURNED] == told[Account.UNTOUCHED] == 0
            booked = {account: idr for account, idr in ledger.balances(stage).items() if idr}
            assert booked == {account: idr for account, idr in told.items() if idr}
            assert [each for each in whole.ledger_beside_claims(stage) if not each.agrees] == []

    @invariant()
    def each_payer_has_in_each_regency_what_its_claims_say(self) -> None:
        """Though families move and money that failed at one bank is paid by another. Of what is held no payer knows."""
        with put_on(self.ground.nation()):
            stage = self.ground.stage()
            told: dict[tuple[Account, str, int], int] = defaultdict(int)
            order_of = {(order.family_id, order.attempt): order for order in Order.objects.filter(stage=stage)}
            sent = set(
                PaymentFile.objects.filter(stage=stage, handed_over_at__isnull=False).values_list("pk", flat=True)
            )
            before = self._before(stage)
            for claim in Claim.objects.filter(stage=stage, attempt__gt=0):
                order = order_of[claim.family_id, claim.attempt]
                account = ledger.ACCOUNT_OF[Standing(claim.standing)]
                if order.file_id in sent:
                    account = Account.TRANSIT if claim.standing == Standing.UNANSWERED else account
                elif claim.attempt > 1:  # drawn again and not yet with the payer: still where it was left
                    order = order_of[claim.family_id, claim.attempt - 1]
                    account = before[claim.family_id, order.attempt]
                told[account, order.payer, order.region_no // 10**6 * 10**6] += claim.nominal_idr
            for back in TreasuryReturn.objects.filter(stage=stage):
                told[Account.TRANSIT, back.payer, back.region_no] -= back.failed_idr
                told[Account.RETURNED, back.payer, back.region_no] -= back.returned_idr
            booked: dict[tuple[Account, str, int], int] = defaultdict(int)
            for entry in LedgerEntry.objects.filter(stage=stage).exclude(account__in=(Account.TREASURY, Account.HELD)):
                booked[Account(entry.account), entry.payer, entry.region_no] += entry.idr
            wanted = {key: idr for key, idr in told.items() if idr and key[0] is not Account.TREASURY}
            assert {key: idr for key, idr in booked.items() if idr} == wanted

    def _before(self, stage: Any) -> dict[tuple[int, int], Account]:
        """Where the money of an earlier attempt was left."""
        lines = SettlementLine.objects.filter(stage=stage).order_by("pk")
        return {(line.family_id, line.attempt): ledger.ACCOUNT_OF[Standing(line.outcome)] for line in lines}

    def _undrawn(self, stage: Any) -> int:
        """Approved and neither ordered nor held yet: the ledger knows nothing of it."""
        return whole.due_idr(stage) - money.of(stage).net_idr

    @invariant()
    def nobody_is_paid_twice(self) -> None:
        with put_on(self.ground.nation()):
            paid: dict[int, set[int]] = defaultdict(set)
            for line in SettlementLine.objects.filter(stage__name=STAGE, outcome__in=(1, 2, 3)):
                paid[line.family_id].add(line.attempt)
            assert all(len(attempts) == 1 for attempts in paid.values())


def walk(afresh: Callable[[], Ground], *, examples: int, steps: int) -> None:
    Stages.afresh = staticmethod(afresh)
    chosen = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(Stages, settings=chosen)


def test_no_rupiah_appears_or_vanishes(afresh: Callable[[], Ground]) -> None:
    walk(afresh, examples=3, steps=20)


@pytest.mark.slow
def test_no_rupiah_appears_or_vanishes_in_many_stages(afresh: Callable[[], Ground]) -> None:
    walk(afresh, examples=60, steps=40)
