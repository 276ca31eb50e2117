"""The road of a computed stage, step by step, with the sums at each."""

from __future__ import annotations

from harapan.benefits.models import Entitlement, Line, Run, Snapshot, Stage, State
from harapan.database.scope import put_on
from harapan.exchange.payment_file import codec
from harapan.exchange.settlement.words import Outcome as Told
from harapan.files import storage
from harapan.payments import closing, files, money, whole
from harapan.payments.models import Order, PaymentFile
from tests.computed.ground import DAY, STAGE, Ground


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


def test_files_are_written_read_back_and_encrypted(ground: Ground) -> None:
    instruction = ground.instructed()
    assert files.write_files(instruction, actor=ground.maker, on=DAY) == 4
    assert files.write_files(instruction, actor=ground.maker, on=DAY) == 0, "a second time there is nothing to do"
    with put_on(ground.nation()):
        for file in PaymentFile.objects.filter(instruction=instruction).select_related("file"):
            contents = storage.read(file.file)
            head, orders, totals = codec.parse(contents, files.layout_of(file.payer, on=DAY))
            assert (totals.rows, totals.amount_idr) == (file.rows, file.amount_idr)
            assert head.bank == file.payer
            assert all(account.startswith("33020100") for account in orders["account"].to_pylist())
            on_disk = storage._path(file.file.digest).read_bytes()
            assert b"33020100" not in on_disk


def test_a_stage_goes_all_the_way_to_final(ground: Ground) -> None:
    ground.handed_over()
    ground.answer(Told.CREDITED)
    ground.answer(Told.WITHDRAWN)
    with put_on(ground.nation()):
        stage, by = ground.stage(), ground.people["commitment_officer"]
        closing.reconcile(stage, by=by, on=DAY)
        closing.close(stage, by=by, on=DAY)
        closing.finish(stage, by=by, on=DAY)
        found = money.of(ground.stage())
    assert ground.stage().state == State.FINAL
    assert found.net_idr == found.credited_idr == found.withdrawn_idr > 0
