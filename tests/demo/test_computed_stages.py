"""2024-3 computed and final, 2024-4 waiting for approval: loaded once, killed on the way three times, and committed,
because the readers and loaders of a computed stage are sessions of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connections

from harapan.accounts.models import User
from harapan.audit.models import Entry
from harapan.benefits import approving
from harapan.benefits.actions import stage_named
from harapan.benefits.models import Approval, Entitlement, Run, Snapshot, StageMove
from harapan.cli.demo import command
from harapan.core.errors import Refused
from harapan.database import day, places
from harapan.database.scope import Scope, put_on
from harapan.demo import actions, banks, disbursing, emptied
from harapan.demo.actions import Demo
from harapan.demo.clock import FINAL, NOW, WAITING
from harapan.demo.world import World
from harapan.payments import ledger, money, whole
from harapan.payments.enums import Resolution, Standing
from harapan.payments.models import (
    Account,
    AccountCheck,
    Claim,
    Hold,
    Order,
    PaymentException,
    PaymentFile,
    SettlementLine,
    TreasuryDocument,
)
from harapan.registry.models import Family

ASKED = Demo("63", 300, 1)


class Killed(Exception):
    """As if the process had ended here."""


class TakeBack(Exception):
    """Ends a transaction of which nothing may stay."""


@contextmanager
def dying(owner: Any, name: str, *, calls: int = 1) -> Iterator[None]:
    """The call of this number, and any after it, ends in Killed."""
    patch, seen = pytest.MonkeyPatch(), 0
    true = getattr(owner, name)

    def counted(*given: Any, **named: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen >= calls:
            raise Killed
        return true(*given, **named)

    patch.setattr(owner, name, counted)
    try:
        yield
    finally:
        patch.undo()


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        try:
            made = actions.load(ASKED, say=lambda line: None)
            for owner, name, calls in (
                (disbursing.handing, "hand_over", 5), (banks, "bring_in", 5), (disbursing.treasury, "pay_back", 2),
            ):  # fmt: skip
                with dying(owner, name, calls=calls), pytest.raises(Killed):
                    actions.complete(made, say=lambda line: None)
            actions.complete(say=lambda line: None)
            yield made
        finally:
            day.live_in(None)
            emptied.empty()
            emptied.empty_folders()
            with put_on(Scope.batch(via="test")):
                actions.log.record("demo.removed", kind="demo")
            connections.close_all()


@pytest.fixture
def seen(world: World) -> Iterator[World]:
    with put_on(Scope.batch(via="test")):
        yield world


def ids(world: World, *codes: str) -> set[int]:
    rows = [world.families.iddtks[row] for code in codes for row in world.planted[code]]
    return set(Family.objects.filter(dtks_id__in=rows).values_list("pk", flat=True))


def due(name: str, wave: int = 0) -> dict[int, int]:
    run = Run.objects.live().get(stage__name=name, wave=wave)
    return dict(Entitlement.objects.filter(run_id=run.pk).values_list("family_id", "net_idr"))


# --- 2024-3 -----------------------------------------------------------------------------------------------------------


def test_every_rupiah_of_the_final_stage_has_its_end(seen: World) -> None:
    stage = stage_named(FINAL)
    found = money.status(stage)
    assert (found.mode, found.state, found.exceptions) == ("computed", "final", 0)
    sums = found.money
    assert sums.net_idr == whole.due_idr(stage) == sum(due(FINAL).values()) + sum(due(FINAL, 1).values())
    assert sums.balanced
    assert min(sums.withdrawn_idr, sums.treasury_idr, sums.failed_idr, sums.held_idr) > 0
    assert sums.untouched_idr == sums.blocked_idr == sums.unanswered == 0
    lying = ledger.balances(stage)
    assert sum(lying.values()) == lying[Account.TRANSIT] == lying[Account.RETURNED] == lying[Account.UNTOUCHED] == 0
    assert lying[Account.HELD] == sums.held_idr


def test_it_went_through_every_state_once_though_it_was_killed_on_the_way(seen: World) -> None:
    moves = StageMove.objects.filter(stage__name=FINAL, wave=0).order_by("pk")
    assert [move.went_to for move in moves] == [
        "planned", "open", "frozen", "computed", "checked", "approved", "instructed", "reconciled", "closed", "final",
    ]  # fmt: skip
    assert list(moves.values_list("on", flat=True)) == sorted(moves.values_list("on", flat=True))
    assert max(moves.values_list("on", flat=True)) < NOW


def test_each_did_what_is_theirs(seen: World) -> None:
    papers = TreasuryDocument.objects.filter(stage__name=FINAL)
    assert set(papers.values_list("kind", "by__username")) == {("spp", "ppk"), ("spm", "ppspm"), ("sp2d", "bendahara")}
    assert set(Approval.objects.values_list("maker__username", "by__username")) == {("ppk", "kebijakan")}
    files = PaymentFile.objects.filter(stage__name=FINAL)
    assert set(files.values_list("handed_over_by__username", flat=True)) == {"bendahara"}
    assert Entry.objects.filter(verb="payment_file.handed_over").count() >= files.count() > 0


def test_what_failed_was_paid_again_or_is_back_in_the_treasury(seen: World) -> None:
    again = Claim.objects.filter(stage__name=FINAL, attempt=2)
    assert again.filter(standing__in=(Standing.WITHDRAWN, Standing.TREASURY)).exists()
    assert Order.objects.filter(stage__name=FINAL, attempt=2).count() == again.count()
    back = SettlementLine.objects.filter(stage__name=FINAL, outcome=int(Standing.TREASURY))
    assert back.exists()
    assert all(len(line.ntpn) == 16 for line in back)


def test_the_supplementary_wave_paid_whose_school_was_learnt_of_late(seen: World) -> None:
    late = ids(seen, "recorded_late")
    assert not any(due(FINAL)[family] for family in late)
    assert {family for family, idr in due(FINAL, 1).items() if idr} == late
    assert set(Order.objects.filter(stage__name=FINAL, family__in=late).values_list("family_id", flat=True)) == late


def test_lines_that_fit_nothing_were_matched_and_set_aside(seen: World) -> None:
    closed = PaymentException.objects.filter(stage__name=FINAL)
    assert set(closed.values_list("kind", "resolution")) == {
        ("no_family", Resolution.MATCHED), ("no_family", Resolution.SET_ASIDE),
    }  # fmt: skip


@pytest.mark.parametrize("stage", [FINAL, WAITING])
def test_accounts_are_found_as_planted(seen: World, stage: str) -> None:
    found: dict[str, set[int]] = {}
    run = Run.objects.live().get(stage__name=stage, wave=0)
    for check in AccountCheck.objects.filter(run=run):
        found.setdefault(check.finding, set()).add(check.family_id)
    paid = {family for family, idr in due(stage).items() if idr}
    planted = {"name": "name", "no_number": "number", "unknown_payer": "bank", "centre": "centre"}
    for finding, code in planted.items():
        assert found[finding] == ids(seen, f"account_{code}") & paid != set(), finding
    assert found.get("shared", set()) <= ids(seen, "shared_account")


def test_one_account_was_let_go_and_paid(seen: World) -> None:
    hold = Hold.objects.get(stage__name=FINAL, lifted_on__isnull=False)
    assert hold.family_id in ids(seen, "account_name")
    assert Claim.objects.get(stage__name=FINAL, family=hold.family_id).standing != Standing.HELD


# --- 2024-4 -----------------------------------------------------------------------------------------------------------


def test_the_waiting_stage_was_sent_back_once_and_frozen_anew(seen: World) -> None:
    stage = stage_named(WAITING)
    refusal = Approval.objects.get(run__stage=stage)
    assert (stage.state, refusal.decision) == ("checked", Approval.Decision.REFUSED)
    assert refusal.why
    assert Snapshot.objects.live().get(stage=stage).number == 2


def test_it_waits_for_anybody_but_its_maker(world: World) -> None:
    with pytest.raises(TakeBack), put_on(Scope.batch(via="test")):  # noqa: PT012  (nothing of it may stay)
        stage, people = stage_named(WAITING), {user.username: user for user in User.objects.all()}
        with pytest.raises(Refused, match="orang lain"):
            approving.approve(stage, decree_no="1/SK", decree_on=NOW, by=people["ppk"], on=NOW)
        approving.approve(stage, decree_no="1/SK", decree_on=NOW, by=people["ppspm"], on=NOW)
        assert stage_named(WAITING).state == "approved"
        raise TakeBack


def test_it_differs_from_the_stage_before_as_planted(seen: World) -> None:
    before, now = due(FINAL), due(WAITING)
    assert all(now[family] > before[family] for family in ids(seen, "risen", "recorded_late"))
    assert all(now[family] < before[family] for family in ids(seen, "fallen"))
    assert all(before[family] and not now[family] for family in ids(seen, "passed_the_age"))


# --- again ------------------------------------------------------------------------------------------------------------


def test_a_second_time_changes_nothing(world: World) -> None:
    with put_on(Scope.batch(via="test")):
        before = Run.objects.count(), Entry.objects.count()
    for options in (["--families", "300"], ["--if-empty"]):
        result = CliRunner().invoke(command, options, catch_exceptions=False)
        assert result.exit_code == 0
        assert "sudah ada" in result.output
    with put_on(Scope.batch(via="test")):
        assert (Run.objects.count(), Entry.objects.count()) == before
    for name in emptied.FOLDERS:
        assert any(places.folder(name).iterdir()), name
