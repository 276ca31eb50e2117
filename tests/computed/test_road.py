"""The road of a computed stage, step by step, with the sums at each."""

from __future__ import annotations

from harapan.benefits.models import Entitlement, Line, Run, Snapshot, Stage, State
from harapan.database.scope import put_on
from harapan.payments import money, whole
from harapan.payments.models import Order, PaymentFile
from tests.computed.ground import STAGE, Ground


def test_freeze_writes_files_whose_manifest_names_them(ground: Ground) -> None:
    snapshot = ground.frozen()
    assert snapshot.families == len(ground.families)
    assert snapshot.state == Snapshot.State.FROZEN
    assert set(snapshot.manifest["files"]) == {path.name for path in snapshot.folder.glob("*.parquet")}
    assert ground.stage().state == State.FROZEN


def test_run_stores_what_the_engine_found(ground: Ground) -> None:
    run = ground.computed()
    with put_on(ground.nation()):
        assert Entitlement.objects.filter(run_id=run.pk).count() == len(ground.families) == run.families
        assert Line.objects.filter(run_id=run.pk).count() == run.lines > 0
        assert {row.payer for row in Entitlement.objects.filter(run_id=run.pk)} == {"BRI", "MANDIRI"}
        assert all(row.account_id for row in Entitlement.objects.filter(run_id=run.pk))
    assert Run.State(run.state) is Run.State.DONE
    assert ground.stage().state == State.COMPUTED


def test_orders_and_files_come_to_what_was_approved(ground: Ground) -> None:
    instruction = ground.instructed()
    with put_on(ground.nation()):
        stage = Stage.objects.get(name=STAGE)
        due = whole.due_idr(stage)
        assert sum(order.amount_idr for order in Order.objects.filter(stage=stage)) == instruction.amount_idr == due
        assert sum(file.amount_idr for file in PaymentFile.objects.filter(stage=stage)) == due
        found = money.of(stage)
        assert (found.net_idr, found.unanswered_idr) == (due, due)
    assert ground.stage().state == State.INSTRUCTED
