from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from harapan.benefits import actions, computing, inputs, storing
from harapan.benefits.actions import stage_named
from harapan.benefits.answers import answer
from harapan.benefits.computing import compute_beside, live_run
from harapan.benefits.models import Difference, Entitlement, Line, Reason, Run, Stage, State
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.engine.reasons import UNKNOWN_SHIFT, LineReason
from harapan.registry.models import Facility
from harapan.verification.models import Declaration, FacilityMonth, Observation
from tests.benefits.world import BAMBAN, CEMPAKA, HIYUNG, STAGE, TODAY, World


def computed(world: World) -> tuple[Stage, Run]:
    stage = stage_named(STAGE)
    return stage, compute_beside(stage, actor=world.user.pk)


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relname ~ '^benefits_(entitlement|line)_r[0-9]+$'")
        return {name for (name,) in cursor.fetchall()}


def test_a_stage_is_computed_beside_its_list_and_each_gap_is_a_row(world: World) -> None:
    same = world.family(Component.TODDLER, Component.PRIMARY)
    more = world.family(Component.JUNIOR)
    bare = world.family()
    absent = world.family(Component.SENIOR)
    world.listed({same: 975_000, more: 600_000, bare: 600_000})
    stage, run = computed(world)
    assert (run.state, run.families, run.net_idr) == (Run.State.DONE, 4, 975_000 + 375_000 + 500_000)
    assert Entitlement.objects.get(family=same).net_idr == 975_000
    assert Line.objects.filter(family=same).count() == 2
    found = dict(Difference.objects.filter(stage=stage).values_list("family", "reason"))
    assert found == {more.pk: Reason.UNKNOWN_MEMBER, bare.pk: Reason.NO_MEMBERS, absent.pk: Reason.NOT_LISTED}


def test_a_regency_whose_list_has_not_come_is_not_compared(world: World) -> None:
    world.family(Component.JUNIOR, village=BAMBAN)
    stage = actions.plan(STAGE, by=world.user, on=TODAY)
    assert compute_beside(stage, actor=world.user.pk).families == 1  # no list at all: everybody, to look ahead
    world.listed({world.family(Component.JUNIOR): 375_000})
    assert compute_beside(stage, actor=world.user.pk).families == 1
    assert not Difference.objects.exists()


def test_a_second_run_takes_the_place_of_the_first_and_keeps_it(world: World) -> None:
    family = world.family(Component.JUNIOR)
    world.listed({family: 375_000})
    stage, first = computed(world)
    world.member(family, Component.PRIMARY)
    _, second = computed(world)
    first.refresh_from_db()
    assert (first.state, live_run(stage)) == (Run.State.SUPERSEDED, second)
    assert Entitlement.objects.get(run=first.pk, family=family).net_idr == 375_000
    assert Entitlement.objects.get(run=second.pk, family=family).net_idr == 600_000
    assert first.output_sha256 != second.output_sha256


def test_only_the_run_before_the_live_one_keeps_its_rows(world: World) -> None:
    world.listed({world.family(Component.JUNIOR): 375_000})
    runs = [computed(world)[1] for _ in range(3)]
    for run in runs:
        run.refresh_from_db()
    assert [run.retired_at is not None for run in runs] == [True, False, False]
    assert sorted(Entitlement.objects.values_list("run", flat=True)) == [runs[1].pk, runs[2].pk]
    assert runs[0].output_sha256 == runs[2].output_sha256


def test_an_answered_difference_stays_answered_until_something_changes(world: World) -> None:
    family = world.family(Component.JUNIOR)
    world.listed({family: 600_000})
    computed(world)
    actions.answer_difference(Difference.objects.get(), answer="adik belum tercatat", by=world.user)
    computed(world)
    assert not Difference.objects.get().open
    world.listed({family: 825_000})
    computed(world)
    assert Difference.objects.get().open
    world.listed({family: 375_000})
    computed(world)
    assert not Difference.objects.exists()


def test_a_kill_leaves_tables_that_belong_to_nothing_and_the_retry_drops_them(world: World) -> None:
    family = world.family(Component.JUNIOR)
    world.listed({family: 375_000})
    stage = stage_named(STAGE)
    killed = computing._begin(stage, Scope.batch(actor=world.user.pk))
    result, _ = computing._computed(killed)
    storing.load(killed, result)
    assert tables() == {f"benefits_entitlement_r{killed.pk}", f"benefits_line_r{killed.pk}"}
    assert not Entitlement.objects.exists()
    run = compute_beside(stage, actor=world.user.pk)
    killed.refresh_from_db()
    assert (killed.state, run.state) == (Run.State.FAILED, Run.State.DONE)
    assert tables() == {f"benefits_entitlement_r{run.pk}", f"benefits_line_r{run.pk}"}


def test_a_refused_run_says_why_and_leaves_nothing(world: World) -> None:
    stage = actions.plan(STAGE, by=world.user, on=TODAY)
    with pytest.raises(Refused, match="Belum ada keluarga"):
        compute_beside(stage, actor=world.user.pk)
    run = Run.objects.get()
    assert (run.state, run.refusal[:18]) == (Run.State.REFUSED, "Belum ada keluarga")
    assert not tables()


def test_what_was_not_computed_is_not_attached(world: World) -> None:
    world.listed({world.family(Component.JUNIOR): 375_000})
    run = computing._begin(stage_named(STAGE), Scope.batch(actor=world.user.pk))
    result, _ = computing._computed(run)
    storing.load(run, result)
    with pytest.raises(ProgrammingError, match="1 families of 375001 rupiah computed"):
        _attached_with_another_sum(run)


@transaction.atomic
def _attached_with_another_sum(run: Run) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT harapan.run_attach(%s, 1, 1, 375001)", [run.pk])


def test_rows_of_a_run_are_never_changed(world: World) -> None:
    family = world.family(Component.JUNIOR)
    world.listed({family: 375_000})
    _, run = computed(world)
    for sql in ("UPDATE benefits_entitlement SET net_idr = 0", f"DELETE FROM benefits_line_r{run.pk}"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connection.cursor().execute(sql)
    with pytest.raises(TypeError):
        Entitlement.objects.get(family=family).save()


def test_a_facilitator_sees_the_lines_of_her_families_only(world: World) -> None:
    near, far = world.family(Component.JUNIOR), world.family(Component.JUNIOR, village=CEMPAKA)
    world.listed({near: 375_000, far: 600_000})
    computed(world)
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk)):
        assert [row.family_id for row in Entitlement.objects.all()] == [far.pk]
        assert [row.family_id for row in Line.objects.all()] == [far.pk]
        assert [row.family_id for row in Difference.objects.all()] == [far.pk]
    with put_on(Scope.of_groups((), actor=world.user.pk)):
        assert not Entitlement.objects.exists()


def school(**about: Any) -> Facility:
    return Facility.objects.create(
        kind="school", code=about.pop("code", "30305001"), name="SDN 1", name_key="SDN 1", region_id=HIYUNG
    )


def confirmed(
    world: World, facility: Facility, month: int, *, days: int = 20, proven: bool = True, but: int = 0
) -> None:
    """Said of the facility for every group of the world but one."""
    evidence = {"evidence": "form", "proven_by": world.user, "proven_at": timezone.now()} if proven else {}
    FacilityMonth.objects.create(
        facility=facility, month=month, effective_days=days, manner="file", declared_by=world.user,
        declared_at=timezone.now(), **evidence,
    )  # fmt: skip
    for village, group in [pair for pair in world.groups.items() if pair[0] != but]:
        Declaration.objects.create(
            facility=facility, month=month, group_no=group.pk, district_no=village // 10000 * 10000, manner="file",
            declared_by=world.user, declared_at=timezone.now(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "proven", "cut_idr"),
    [
        ({"present_days": 17}, True, 0),  # 85 %
        ({"present_days": 16, "absent_days": 4}, True, 22_500),
        ({"present_days": 16, "sick_days": 4}, True, 0),  # below only by illness: excused, and that is paid
        ({"present_days": 16, "absent_days": 4}, False, 0),  # only declared: not known, and that is paid
        ({"outcome": Observation.Outcome.MISSED}, True, 22_500),
        ({"outcome": Observation.Outcome.EXCUSED}, True, 0),
        ({"outcome": Observation.Outcome.UNKNOWN}, True, 0),  # the form was silent about the child: not known, and paid
    ],
)
def test_only_a_proven_month_cuts(world: World, days: dict[str, int], proven: bool, cut_idr: int) -> None:
    place = school()
    family = world.family((Component.PRIMARY, {"facility": place}))
    member = family.members.get(manager=False)
    confirmed(world, place, 202502, proven=proven)
    Observation.objects.create(family=family, member=member, facility=place, month=202502, **days)
    world.listed({family: 225_000})
    _, run = computed(world)
    assert run.cut_idr == cut_idr


def test_a_child_the_proven_form_left_blank_stays_unknown_in_the_answer(world: World) -> None:
    place = school()
    family = world.family(*[(Component.PRIMARY, {"facility": place})] * 2)
    there, blank = family.members.filter(manager=False).order_by("pk")
    for month in (202501, 202502, 202503):
        confirmed(world, place, month)
    Observation.objects.create(
        family=family, member=blank, facility=place, month=202502, outcome=Observation.Outcome.UNKNOWN
    )
    world.listed({family: 450_000})
    _, run = computed(world)
    reasons = dict(Line.objects.filter(run=run).values_list("member_id", "reason"))
    february = 1 << (UNKNOWN_SHIFT + 1)
    assert reasons[blank.pk] & february
    assert not reasons[there.pk] >> UNKNOWN_SHIFT


def test_a_proven_month_stays_unknown_for_a_group_nobody_declared(world: World) -> None:
    place = school()
    ours = world.family((Component.PRIMARY, {"facility": place}))
    theirs = world.family((Component.PRIMARY, {"facility": place}), village=CEMPAKA)
    for month in (202501, 202502, 202503):
        confirmed(world, place, month, but=CEMPAKA if month == 202502 else 0)
    world.listed({ours: 225_000, theirs: 225_000})
    _, run = computed(world)
    lines = Line.objects.filter(run=run).values_list("family_id", "reason")
    unknown = {family: reason >> UNKNOWN_SHIFT & 0b111 for family, reason in lines if reason & LineReason.COUNTED}
    assert unknown == {ours.pk: 0, theirs.pk: 0b010}


def test_the_dead_the_gone_and_spells_of_other_times_do_not_count(world: World) -> None:
    family = world.family(
        (Component.PRIMARY, {"died_on": date(2025, 3, 1)}), (Component.JUNIOR, {"left_on": date(2025, 3, 1)})
    )
    world.member(family, Component.SENIOR).component_spells.update(spell=("2023-07-01", "2025-04-01"))
    world.listed({family: 375_000})
    stage, _ = computed(world)
    read = inputs.read(stage, computing.rules_of(stage))
    assert read["members"].num_rows == 2
    assert read["members"]["school_level"].to_pylist() == [0, 0]


def test_the_answer_tells_the_list_the_lines_and_the_gap(world: World) -> None:
    family = world.family(Component.TODDLER, Component.PRIMARY)
    world.listed({family: 750_000})
    stage, _ = computed(world)
    told = answer(family, stage)
    assert (told.received_idr, told.listed) == (750_000, True)
    assert told.computed is not None
    assert (told.computed.gross_idr, told.computed.net_idr) == (975_000, 975_000)
    assert [(line.component, line.stage_idr) for line in told.computed.lines] == [
        ("Anak usia dini", 750_000),
        ("SD sederajat", 225_000),
    ]
    assert all(line.sentences for line in told.computed.lines)
    assert told.difference is not None
    assert (told.difference.reason, told.difference.nobodys_fault) == (Reason.COMPONENT, True)
    assert told.computed.assumptions
    assert told.others == (family.name,)


def test_a_family_that_joined_a_group_since_is_answered_to_its_facilitator(world: World) -> None:
    family = world.family(Component.JUNIOR)
    outsider = world.family(Component.JUNIOR, enrolled=False)
    world.listed({family: 375_000})
    stage, run = computed(world)
    family.group = world.groups[CEMPAKA]
    family.save()
    with put_on(Scope.of_groups((world.groups[CEMPAKA].pk,), actor=world.user.pk), read_only=True):
        assert not Entitlement.objects.exists()
        told = answer(family, stage).computed
    assert told is not None
    assert (told.run, told.net_idr, len(told.lines)) == (run.pk, 375_000, 1)
    assert answer(outsider, stage).computed is None


def test_a_closed_stage_is_not_computed_beside_again(world: World) -> None:
    world.listed({world.family(Component.JUNIOR): 375_000})
    stage, run = computed(world)
    Stage.objects.filter(pk=stage.pk).update(state=State.CLOSED)
    with pytest.raises(Refused, match="sudah ditutup"):
        compute_beside(stage, actor=world.user.pk)
    assert live_run(stage) == run


def test_members_who_came_after_the_run_are_told_and_no_list_of_them_is_asked_for(world: World) -> None:
    family = world.family()
    world.listed({family: 600_000})
    stage, _run = computed(world)
    told = answer(family, stage)
    assert told.difference is not None
    assert told.difference.reason == Reason.NO_MEMBERS
    world.member(family, Component.JUNIOR)
    told = answer(family, stage)
    assert told.computed is not None
    assert (told.computed.net_idr, [line.name for line in told.computed.lines]) == (375_000, ["ANAK JUNIOR"])
    assert told.difference is None  # it spoke of a family without members
    compute_beside(stage, actor=world.user.pk)
    again = answer(family, stage)
    assert again.computed is not None
    assert again.difference is not None
    assert (again.computed.net_idr, again.difference.delta_idr) == (375_000, 225_000)
