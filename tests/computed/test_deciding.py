"""Two people decide at the same moment: one decision stands, whatever the two were."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import connections

from harapan.benefits import approving
from harapan.benefits.errors import ImpossibleMove
from harapan.benefits.models import Approval, Snapshot, State
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.registry.models import Change
from tests.computed.ground import DAY, Ground


def deciding(ground: Ground, role: str, how: str, together: Barrier) -> Callable[[], str]:
    def decide() -> str:
        by = ground.people[role]
        try:
            with put_on(ground.nation(role)):
                stage = ground.stage()
                together.wait(timeout=20)
                if how == "approve":
                    approving.approve(stage, decree_no=f"SK-{role}", decree_on=DAY, by=by, on=DAY)
                else:
                    approving.refuse(stage, why="belum jelas", by=by, on=DAY)
        except ImpossibleMove:
            return "late"
        finally:
            connections.close_all()
        return how

    return decide


@pytest.mark.parametrize("second", ["approve", "refuse"])
def test_of_two_decisions_at_once_one_stands(ground: Ground, second: str) -> None:
    ground.checked()
    together = Barrier(2)
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(deciding(ground, "policy_maker", "approve", together)),
            pool.submit(deciding(ground, "payment_signer", second, together)),
        ]
        said = [each.result() for each in both]
    assert said.count("late") == 1
    stood = next(each for each in said if each != "late")
    with put_on(ground.nation()):
        decision = Approval.objects.get()
        assert decision.decision == {"approve": "approved", "refuse": "refused"}[stood]
        assert Snapshot.objects.get().state == {"approve": "approved", "refuse": "frozen"}[stood]
    assert ground.stage().state == (State.APPROVED if stood == "approve" else State.FROZEN)


def test_the_database_itself_refuses_the_maker(ground: Ground) -> None:
    ground.checked()
    with pytest.raises(Refused, match="orang lain"), put_on(ground.nation()):
        approving.approve(
            ground.stage(), decree_no="1", decree_on=DAY, by=ground.people["commitment_officer"], on=DAY
        )  # fmt: skip


def test_an_approved_stage_carries_what_was_applied_before_its_freeze(ground: Ground) -> None:
    day = DAY - timedelta(days=1)
    with put_on(Scope.batch(via="test")):
        asked, decider = ground.people["commitment_officer"], ground.people["policy_maker"]
        for number, decided in enumerate((day, DAY)):  # what is decided on the day itself may have come too late
            Change.objects.create(
                family=ground.families[number], kind="school", told={}, content_key="1", state="applied",
                asked_by=asked, effective_on=date(2024, 1, 5), asked_on=day, decided_by=decider, decided_on=decided,
            )  # fmt: skip
    ground.approved()
    with put_on(ground.nation()):
        told = dict(Change.objects.values_list("family", "reflected_in"))
    assert told == {ground.families[0].pk: ground.stage().name, ground.families[1].pk: ""}
