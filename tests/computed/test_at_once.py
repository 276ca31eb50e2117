"""Two people at the same moment on the same money: one waits for the other, and the ledger moves what really moved."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections
from django.urls import reverse

from harapan.benefits import freezing, running
from harapan.benefits.errors import StageBusy
from harapan.benefits.models import Entitlement, Run, Snapshot, State
from harapan.cli import stage as command
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.exchange.settlement.words import Outcome
from harapan.payments import closing, holding, ordering, treasury, whole
from harapan.payments.models import Hold, Order, PaymentFile
from tests.computed.doing import reader
from tests.computed.ground import DAY, STAGE, Ground, make_family
from tests.computed.test_commands import acting  # noqa: F401  (a fixture)


@contextmanager
def stopped_at(monkeypatch: pytest.MonkeyPatch, where: Any, name: str) -> Any:
    """The first call of it waits, its work done and nothing committed, until the block has asked for the other deed."""
    true, came, go = getattr(where, name), Event(), Event()

    def waiting(*given: Any, **named: Any) -> Any:
        made = true(*given, **named)
        came.set()
        assert go.wait(60)
        return made

    monkeypatch.setattr(where, name, waiting)
    yield came, go
    go.set()


def beside(pool: ThreadPoolExecutor, do: Callable[[], Any]) -> Future[Any]:
    def done() -> Any:
        try:
            return do()
        finally:
            connections.close_all()

    return pool.submit(done)


def waits_for_a_lock() -> bool:
    with connections["owner"].cursor() as cursor:
        for _ in range(200):
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                " AND datname = current_database()), pg_sleep(0.05)"
            )
            if cursor.fetchone()[0]:
                return True
    return False


@pytest.mark.parametrize("deed", ["hold", "release"])
def test_money_is_not_held_or_let_go_while_its_order_is_drawn(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    ground.approved()
    family, by = ground.families[0].pk, ground.people["commitment_officer"]

    def do() -> int:
        with put_on(ground.nation()):
            how = holding.hold if deed == "hold" else holding.release
            return how(ground.stage(), [family], why="Pengujian", by=by, on=DAY)

    if deed == "release":
        with put_on(ground.nation()):
            holding.hold(ground.stage(), [family], why="Pengujian", by=by, on=DAY)
    with ThreadPoolExecutor(2) as pool, stopped_at(monkeypatch, ordering, "_post_held") as (came, go):
        drawing = beside(pool, lambda: ordering.draw(ground.stage(), actor=ground.maker, on=DAY))
        assert came.wait(60)
        other = beside(pool, do)
        assert waits_for_a_lock()
        go.set()
        drawing.result(), other.result()
    with put_on(ground.nation()):
        ordered = set(Order.objects.values_list("family_id", flat=True))
        held = set(Hold.objects.filter(lifted_on=None).values_list("family_id", flat=True))
        assert not ordered & held, "nobody is both held and on the way"
        assert (family in ordered) == (deed == "hold")
        whole.refuse_other_ledger(ground.stage())


def test_a_stage_reconciled_while_a_susulan_is_frozen_gets_no_wave(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    ground.handed_over()
    ground.answer(Outcome.WITHDRAWN)
    make_family(ground.world, 31)
    by = ground.people["commitment_officer"]
    with ThreadPoolExecutor(1) as pool, stopped_at(monkeypatch, freezing, "_describe") as (came, go):
        work = beside(pool, lambda: freezing.freeze(ground.stage(), susulan=True, actor=ground.maker, on=DAY))
        assert came.wait(60)
        with put_on(ground.nation()):
            closing.reconcile(ground.stage(), by=by, on=DAY)
        go.set()
        with pytest.raises(Refused, match="setelah gelombang utama diperintahkan"):
            work.result()
    with put_on(ground.nation()):
        assert list(Snapshot.objects.live().values_list("wave", flat=True)) == [0]
        closing.close(ground.stage(), by=by, on=DAY)
        closing.finish(ground.stage(), by=by, on=DAY)
    assert ground.stage().state == State.FINAL


def test_of_two_runs_at_once_one_computes(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.frozen()
    with ThreadPoolExecutor(1) as pool, stopped_at(monkeypatch, running, "_computed") as (came, go):
        first = beside(pool, lambda: running.compute(ground.stage(), actor=ground.maker, on=DAY))
        assert came.wait(60)
        with pytest.raises(StageBusy, match=STAGE):
            running.compute(ground.stage(), actor=ground.maker, on=DAY)
        go.set()
        run = first.result()
    with put_on(ground.nation()):
        assert Run.objects.get() == run
        assert Entitlement.objects.count() == len(ground.families)


def test_a_click_that_came_too_late_to_hold_says_so(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawn between the look and the click: the page must not tell that the money stays."""
    ground.approved()
    true = holding.hold

    def drawn_before(*given: Any, **named: Any) -> int:
        with ThreadPoolExecutor(1) as pool:
            beside(pool, lambda: ordering.draw(ground.stage(), actor=ground.maker, on=DAY)).result()
        return true(*given, **named)

    monkeypatch.setattr(holding, "hold", drawn_before)
    url = reverse("stage_hold", args=[STAGE, ground.families[0].pk])
    answer = reader(ground, "commitment_officer").post(url, {"how": "hold", "why": "Pengujian"})
    assert answer.status_code == 422
    assert "ordernya sudah ditarik" in answer.content.decode()


def test_three_papers_are_made_by_three_people(ground: Ground) -> None:
    instruction, kinds = ground.instructed(), treasury.Kind

    def issue(kind: treasury.Kind, who: str) -> None:
        with put_on(ground.nation(who)):
            treasury.issue(instruction, kind, number=f"{kind}-1", on=DAY, by=ground.people[who], today=DAY)

    issue(kinds.SPP, "commitment_officer")
    issue(kinds.SPM, "payment_signer")
    with pytest.raises(Refused, match="SPP untuk BRI diterbitkan oleh Anda sendiri; SP2D harus oleh orang lain"):
        issue(kinds.SP2D, "commitment_officer")
    issue(kinds.SP2D, "treasurer")


def test_a_file_leaves_only_once_its_hand_over_is_recorded(
    acting: Ground,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A power cut between the two must not let it out a second time."""
    acting.written()
    with put_on(Scope.batch(via="test")):
        file = PaymentFile.objects.order_by("pk").first()
    out, recorded = tmp_path / "bri.txt", []
    true = Path.write_bytes

    def written(path: Path, contents: bytes) -> int:
        if path == out:
            with connections["owner"].cursor() as cursor:  # another connection sees what is committed, and only that
                cursor.execute("SELECT handed_to FROM payments_paymentfile WHERE id = %s", [file.pk])
                recorded.append(cursor.fetchone()[0])
            if len(recorded) == 1:
                raise OSError(28, "No space left on device")
        return true(path, contents)

    monkeypatch.setattr(Path, "write_bytes", written)
    asked = ["hand-over", STAGE, str(file.pk), "--to", "Budi, BRI", "--out", str(out), "--as", "treasurer"]
    with pytest.raises(Refused, match="tercatat diserahkan, tetapi isinya tidak dapat ditulis"):
        CliRunner().invoke(command.command, asked, catch_exceptions=False, standalone_mode=False)
    assert recorded == ["Budi, BRI"]
    assert not out.exists()
    with pytest.raises(Refused, match="tidak diserahkan dua kali"):
        CliRunner().invoke(command.command, asked, catch_exceptions=False, standalone_mode=False)
    assert not out.exists()
