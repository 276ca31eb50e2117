from __future__ import annotations

from datetime import date

import pytest

from harapan.benefits.actions import stage_named
from harapan.benefits.verdicts import Verdict
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.exchange.status.codec import CentreStatus as Word
from harapan.payments import actions, money
from harapan.payments.holding import StatusRow, receive_statuses
from harapan.payments.models import CardStep, CentreStatus
from harapan.registry.models import OutsideFact
from tests.benefits.world import BAMBAN, STAGE, TAPIN, World

DAY = date(2025, 6, 2)
LATER = date(2025, 6, 20)


def told(world: World, *rows: StatusRow) -> list[Verdict]:
    answers = receive_statuses(STAGE, rows, file=None, by=world.user, on=DAY)
    return [answers[row.line].verdict for row in rows]


def test_statuses_are_kept_and_told_again_change_nothing(world: World) -> None:
    family = world.family()
    closing = StatusRow(2, family.pk, Word.FINAL_CLOSING)
    assert told(world, closing) == [Verdict.ACCEPTED]
    assert told(world, closing) == [Verdict.UNCHANGED]
    assert told(world, StatusRow(3, family.pk, Word.SP2D, on=LATER)) == [Verdict.CHANGED]
    assert CentreStatus.objects.count() == 2


def test_a_status_of_a_family_out_of_scope_is_refused_alone(world: World) -> None:
    near, far = world.family(), world.family(village=BAMBAN)
    with put_on(Scope.of_ranges(((TAPIN, TAPIN + 10**6),), actor=world.user.pk)):
        rows = StatusRow(2, near.pk, Word.SPM), StatusRow(3, far.pk, Word.SPM)
        assert told(world, *rows) == [Verdict.ACCEPTED, Verdict.REFUSED]


def test_exclude_holds_the_money_and_tells_the_registry(world: World) -> None:
    family = world.family()
    world.listed({family: 600_000})
    told(world, StatusRow(2, family.pk, Word.EXCLUDED, "NIK ganda"))
    assert money.of(stage_named(STAGE)).held_idr == 600_000
    assert OutsideFact.objects.get(family=family).value == "duplicate_nik"
    events = money.events_of(family.pk, stage_named(STAGE))
    assert [event.words for event in events] == ["Dikecualikan (exclude)", "Ditahan"]


def test_a_failed_account_check_is_a_fact_but_holds_nothing(world: World) -> None:
    family = world.family()
    world.listed({family: 600_000})
    told(world, StatusRow(2, family.pk, Word.ACCOUNT_FAILED, "rekening pasif"))
    assert money.of(stage_named(STAGE)).held_idr == 0
    assert OutsideFact.objects.get(family=family).value == "account_failed"


def record(world: World, *families: object, step: CardStep.Step, **about: object) -> list[CardStep]:
    return actions.record_card_step(families, step=step, by=world.user, on=DAY, **about)  # type: ignore[arg-type]


def test_a_card_goes_from_order_to_hand_against_minutes(world: World) -> None:
    family = world.family()
    record(world, family, step=CardStep.Step.ORDERED, bank="BRI")
    record(world, family, step=CardStep.Step.AT_BRANCH)
    with pytest.raises(Refused, match="berita acara"):
        record(world, family, step=CardStep.Step.HANDED_OVER)
    record(world, family, step=CardStep.Step.HANDED_OVER, minutes_no="BA-7", minutes_on=DAY)
    assert actions.latest_card_steps([family.pk])[family.pk].step == CardStep.Step.HANDED_OVER


def test_a_card_not_handed_over_says_why_with_a_known_reason(world: World) -> None:
    family = world.family()
    record(world, family, step=CardStep.Step.AT_BRANCH)
    with pytest.raises(Refused, match="tidak ada dalam daftar alasan"):
        record(world, family, step=CardStep.Step.NOT_HANDED_OVER, reason_code="malas")
    record(world, family, step=CardStep.Step.NOT_HANDED_OVER, reason_code="migrant_worker")


def test_one_card_out_of_order_refuses_the_whole_hand_over(world: World) -> None:
    one, other = world.family(), world.family(name="SALASIAH")
    record(world, one, other, step=CardStep.Step.AT_BRANCH)
    record(world, other, step=CardStep.Step.HANDED_OVER, minutes_no="BA-1", minutes_on=DAY)
    with pytest.raises(Refused, match="SALASIAH"):
        record(world, one, other, step=CardStep.Step.HANDED_OVER, minutes_no="BA-2", minutes_on=DAY)
    assert actions.latest_card_steps([one.pk])[one.pk].step == CardStep.Step.AT_BRANCH
