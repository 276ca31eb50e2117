from __future__ import annotations

import pytest

from harapan.benefits import actions
from harapan.benefits.actions import regencies_of, stage_named
from harapan.benefits.errors import ImpossibleMove, NoSuchStage
from harapan.benefits.models import Mode, Stage, StageMove, State
from harapan.core.errors import Refused, Unreadable
from harapan.policy.errors import UnknownStage
from tests.benefits.world import BAMBAN, HIYUNG, STAGE, TAPIN, TODAY, World


@pytest.fixture
def stage(world: World) -> Stage:
    """A received stage with lists of two kabupaten."""
    world.listed({world.family(village=HIYUNG): 600_000, world.family(village=BAMBAN): 600_000})
    return stage_named(STAGE)


def move(world: World, stage: Stage, to: State, *, regency: int | None = None) -> Stage:
    chosen = [each for each in regencies_of(stage) if regency in (None, each.regency_no)]
    return actions.move(stage, chosen, to, by=world.user, on=TODAY, why="uji")


def test_a_stage_is_planned_once(world: World) -> None:
    actions.plan(STAGE, by=world.user, on=TODAY)
    with pytest.raises(Refused, match="sudah ada sejak 2025-05-20"):
        actions.plan(STAGE, by=world.user, on=TODAY)


def test_no_stage_but_those_of_a_calendar_is_planned(world: World) -> None:
    with pytest.raises(UnknownStage):
        actions.plan("2025-9", by=world.user, on=TODAY)
    with pytest.raises(Unreadable):
        actions.plan("tahap dua", by=world.user, on=TODAY)
    with pytest.raises(NoSuchStage, match="harapan stage plan 2025-3"):
        stage_named("2025-3")


def test_a_stage_goes_on_step_by_step_and_never_jumps(world: World, stage: Stage) -> None:
    for impossible in (State.CLOSED, State.FINAL, State.OPEN):
        with pytest.raises(ImpossibleMove):
            move(world, stage, impossible)
    for state in (State.RECONCILED, State.CLOSED, State.FINAL):
        stage = move(world, stage, state)
        assert stage.state == state
    with pytest.raises(ImpossibleMove, match="sekarang tuntas"):
        move(world, stage, State.OPEN)


def test_the_stage_stands_where_its_last_regency_stands(world: World, stage: Stage) -> None:
    assert move(world, stage, State.RECONCILED, regency=TAPIN).state == State.OPEN
    assert {each.regency_no: each.state for each in regencies_of(stage)}[TAPIN] == State.RECONCILED
    move(world, stage, State.CLOSED, regency=TAPIN)
    others = [each for each in regencies_of(stage) if each.regency_no != TAPIN]
    assert actions.move(stage, others, State.RECONCILED, by=world.user, on=TODAY).state == State.RECONCILED


def test_a_regency_new_on_the_list_takes_the_stage_back_to_open(world: World) -> None:
    world.listed({world.family(village=HIYUNG): 600_000})
    stage = move(world, stage_named(STAGE), State.RECONCILED)
    assert stage.state == State.RECONCILED
    world.listed({world.family(village=BAMBAN): 600_000})
    assert stage_named(STAGE).state == State.OPEN


def test_each_move_says_who_when_and_why(world: World, stage: Stage) -> None:
    move(world, stage, State.RECONCILED, regency=TAPIN)
    latest = StageMove.objects.filter(regency_no=TAPIN).last()
    assert latest is not None
    assert (latest.came_from, latest.went_to, latest.by, latest.on, latest.why) == (
        State.OPEN,
        State.RECONCILED,
        world.user,
        TODAY,
        "uji",
    )


def test_a_reconciliation_may_be_taken_back(world: World, stage: Stage) -> None:
    move(world, stage, State.RECONCILED)
    assert move(world, stage, State.OPEN).state == State.OPEN


def test_a_computed_stage_is_planned_first_and_opened_then(world: World) -> None:
    stage = actions.plan(STAGE, mode=Mode.COMPUTED, by=world.user, on=TODAY)
    assert stage.state == State.PLANNED
    assert actions.open_stage(stage, by=world.user, on=TODAY).state == State.OPEN
    with pytest.raises(ImpossibleMove):
        actions.open_stage(stage, by=world.user, on=TODAY)
