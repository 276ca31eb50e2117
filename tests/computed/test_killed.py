"""Killed at any point of a step: nothing half done is seen, and doing the step again completes it, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from harapan.benefits import freezing, running
from harapan.benefits.models import Entitlement, Run, Snapshot, State
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome
from harapan.payments import checking, files, money, ordering, whole
from harapan.payments.models import Instruction, LedgerEntry, Order, PaymentFile, SettlementLine
from tests.computed.ground import DAY, STAGE, Ground
from tests.computed.killing import killed


def tables_left() -> set[str]:
    """Bare tables of runs and orders that belong to nothing."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relispartition"
            " AND relname ~ '^(benefits_(entitlement|line)_r|payments_order_[is])[0-9]+$'"
        )
        return {name for (name,) in cursor.fetchall()}


def counted(query: Callable[[], Any]) -> Any:
    with put_on(Scope.batch(via="test")):
        return query()


@pytest.mark.parametrize(
    ("place", "when"),
    [
        ("harapan.benefits.freezing:_bounds", "before"),
        ("harapan.benefits.freezing:_write_range", "after"),
        ("harapan.benefits.freezing:_describe", "after"),
        ("harapan.benefits.freezing:_finish", "before"),
        ("harapan.benefits.freezing:note_move", "after"),
    ],
)
def test_a_killed_freeze_leaves_the_stage_open_and_is_done_again(ground: Ground, place: str, when: str) -> None:
    ground.planned()
    killed(ground, "freeze", place, when=when)
    assert ground.stage().state == State.OPEN
    snapshot = freezing.freeze(ground.stage(), actor=ground.maker, on=DAY)
    assert snapshot.families == len(ground.families)
    states = counted(lambda: list(Snapshot.objects.order_by("number").values_list("state", flat=True)))
    assert states == [Snapshot.State.FAILED, Snapshot.State.FROZEN]
    left = {path.name for path in snapshot.folder.parent.iterdir()}
    assert not any(name.endswith(".sebagian") for name in left)


@pytest.mark.parametrize(
    ("place", "when"),
    [
        ("harapan.engine.output:OutputFolder.store", "after"),
        ("harapan.engine.output:OutputFolder.finish", "after"),
        ("harapan.benefits.storing:open_tables", "after"),
        ("harapan.benefits.storing:load_folder", "after"),
        ("harapan.benefits.storing:attach", "after"),
        ("harapan.benefits.running:move_wave", "after"),
    ],
)
def test_a_killed_computation_stores_nothing_and_is_taken_up(ground: Ground, place: str, when: str) -> None:
    ground.frozen()
    killed(ground, "compute", place, when=when)
    assert ground.stage().state == State.FROZEN
    assert counted(Entitlement.objects.count) == 0
    run = running.compute(ground.stage(), actor=ground.maker, on=DAY)
    assert counted(lambda: Entitlement.objects.filter(run_id=run.pk).count()) == len(ground.families)
    states = counted(lambda: list(Run.objects.order_by("pk").values_list("state", flat=True)))
    assert states == [Run.State.FAILED, Run.State.DONE]
    assert tables_left() == set()


def test_a_killed_check_leaves_the_run_unchecked(ground: Ground) -> None:
    ground.computed()
    killed(ground, "check", "harapan.payments.checking:move_wave", when="after")
    assert ground.stage().state == State.COMPUTED
    checking.check(ground.stage(), actor=ground.maker, on=DAY)
    assert ground.stage().state == State.CHECKED


@pytest.mark.parametrize(
    "place",
    ["harapan.payments.ordering:_take", "harapan.payments.ordering:_post_held", "harapan.payments.ordering:_note"],
)
def test_a_killed_instruction_draws_no_order(ground: Ground, place: str) -> None:
    ground.approved()
    killed(ground, "instruct", place, when="after")
    assert ground.stage().state == State.APPROVED
    assert counted(Instruction.objects.count) == counted(PaymentFile.objects.count) == 0
    assert tables_left() == set()
    ordering.draw(ground.stage(), actor=ground.maker, on=DAY)
    assert counted(Order.objects.count) == len(ground.families)


@pytest.mark.parametrize(("place", "calls"), [("harapan.payments.files:_one", 2), ("harapan.payments.files:_note", 1)])
def test_files_a_killed_writer_left_are_written_by_the_next(ground: Ground, place: str, calls: int) -> None:
    instruction = ground.instructed()
    killed(ground, "write", place, calls=calls, when="before")
    files.write_files(instruction, actor=ground.maker, on=DAY)
    written = counted(lambda: list(PaymentFile.objects.filter(instruction=instruction)))
    assert all(file.written_at and file.sha256 for file in written)
    assert sum(file.amount_idr for file in written) == instruction.amount_idr


@pytest.mark.parametrize(
    "place",
    ["harapan.payments.settling:write_lines", "harapan.payments.ledger:post", "harapan.payments.settling:_book_file"],
)
def test_a_killed_booking_books_nothing(ground: Ground, place: str) -> None:
    ground.handed_over()
    before = counted(LedgerEntry.objects.count)
    killed(ground, "settle", place, when="after")
    assert counted(SettlementLine.objects.count) == 0
    assert counted(LedgerEntry.objects.count) == before
    ground.answer(Outcome.CREDITED)
    with put_on(ground.nation()):
        found = money.of(ground.stage())
        assert found.credited_idr == found.net_idr == whole.due_idr(ground.stage())
        whole.refuse_other_ledger(ground.stage())
    assert ground.stage().name == STAGE
