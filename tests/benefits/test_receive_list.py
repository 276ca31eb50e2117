from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from procrastinate.contrib.django.models import ProcrastinateJob

from harapan.benefits import actions
from harapan.benefits.actions import stage_named
from harapan.benefits.lists import ListRow, receive_list
from harapan.benefits.models import Listing, Mode, Stage, StageRegency, State
from harapan.benefits.verdicts import Verdict
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from tests.benefits.world import BAMBAN, HIYUNG, HSS, STAGE, TAPIN, TODAY, World


def rows(*given: tuple[int, int, str, int]) -> list[ListRow]:
    return [ListRow(line, family, wave, "IBU", "BRI", idr) for line, family, wave, idr in given]


def receive(world: World, *given: tuple[int, int, str, int]) -> dict[int, Verdict]:
    taken = receive_list(STAGE, rows(*given), layout="beneficiaries", file=None, by=world.user, on=TODAY)
    return {line: answer.verdict for line, answer in taken.answers.items()}


def test_the_first_list_plans_the_stage_and_its_months(world: World) -> None:
    family = world.family()
    assert receive(world, (2, family.pk, "1", 975_000)) == {2: Verdict.ACCEPTED}
    stage = stage_named(STAGE)
    assert (stage.mode, stage.state) == (Mode.RECEIVED, State.OPEN)
    assert stage.pays_months == ["2025-04", "2025-05", "2025-06"]
    assert stage.observes_months == ["2025-01", "2025-02", "2025-03"]


def test_a_corrected_list_changes_its_rows_and_leaves_the_others(world: World) -> None:
    one, other = world.family(), world.family()
    receive(world, (2, one.pk, "1", 975_000), (3, other.pk, "1", 600_000))
    again = receive(world, (2, one.pk, "1", 1_200_000))
    assert again == {2: Verdict.CHANGED}
    assert receive(world, (2, one.pk, "1", 1_200_000)) == {2: Verdict.UNCHANGED}
    assert dict(Listing.objects.values_list("family", "nominal_idr")) == {one.pk: 1_200_000, other.pk: 600_000}


def test_two_waves_are_two_rows_and_add_up(world: World) -> None:
    family = world.family()
    receive(world, (2, family.pk, "1", 500_000), (3, family.pk, "2", 475_000))
    assert sorted(Listing.objects.values_list("wave", "nominal_idr")) == [("1", 500_000), ("2", 475_000)]


def test_one_family_twice_in_a_wave_is_refused_both_times(world: World) -> None:
    family, other = world.family(), world.family()
    taken = receive_list(
        STAGE,
        rows((2, family.pk, "1", 1), (3, family.pk, "1", 2), (4, other.pk, "1", 3)),
        layout="beneficiaries", file=None, by=world.user, on=TODAY,
    )  # fmt: skip
    assert [taken.answers[line].verdict for line in (2, 3, 4)] == [Verdict.REFUSED, Verdict.REFUSED, Verdict.ACCEPTED]
    assert "baris 3 untuk gelombang 1" in taken.answers[2].reason


def test_a_family_outside_the_scope_and_a_negative_amount_are_refused_alone(world: World) -> None:
    near, far = world.family(village=HIYUNG), world.family(village=BAMBAN)
    with put_on(Scope.of_ranges(((TAPIN, HSS),), actor=world.user.pk)):
        answers = receive(world, (2, near.pk, "1", 5), (3, far.pk, "1", 5), (4, near.pk, "2", -1))
    assert answers == {2: Verdict.ACCEPTED, 3: Verdict.REFUSED, 4: Verdict.REFUSED}


def test_a_reconciled_regency_takes_no_list_while_its_neighbour_does(world: World) -> None:
    near, far = world.family(village=HIYUNG), world.family(village=BAMBAN)
    receive(world, (2, near.pk, "1", 5), (3, far.pk, "1", 5))
    stage = stage_named(STAGE)
    tapin = StageRegency.objects.filter(stage=stage, regency_no=TAPIN)
    actions.move(stage, tapin, State.RECONCILED, by=world.user, on=TODAY)
    answers = receive(world, (2, near.pk, "1", 6), (3, far.pk, "1", 6))
    assert answers == {2: Verdict.REFUSED, 3: Verdict.CHANGED}


def test_a_stage_computed_here_takes_no_list(world: World) -> None:
    actions.plan(STAGE, mode=Mode.COMPUTED, by=world.user, on=TODAY)
    with pytest.raises(Refused, match="dihitung di sini"):
        receive(world, (2, world.family().pk, "1", 5))


def test_the_number_of_statements_does_not_grow_with_the_rows(world: World) -> None:
    families = [world.family() for _ in range(40)]
    receive(world, (2, families[0].pk, "1", 5))
    counts = []
    for some in (families[1:3], families[3:]):
        with CaptureQueriesContext(connection) as captured:
            receive(world, *((line, family.pk, "1", 5) for line, family in enumerate(some)))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_stages_stand_in_the_order_of_their_payment(world: World) -> None:
    for name in ("2025-2", "2024-3", "2025-1"):
        actions.plan(name, by=world.user, on=TODAY)
    assert [stage.name for stage in Stage.objects.all()] == ["2024-3", "2025-1", "2025-2"]


def test_a_list_asks_for_one_computation_and_a_list_without_news_for_none(world: World) -> None:
    family = world.family()
    others = list(ProcrastinateJob.objects.values_list("pk", flat=True))
    receive(world, (2, family.pk, "1", 5))
    receive(world, (2, family.pk, "1", 6))
    waiting = ProcrastinateJob.objects.filter(task_name="benefits.compute_beside").exclude(pk__in=others)
    assert waiting.count() == 1
    waiting.update(status="succeeded")
    receive(world, (2, family.pk, "1", 6))
    assert not waiting.filter(status="todo").exists()
