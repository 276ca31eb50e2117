"""What earlier stages left: verdicts after the freeze, lifted deferrals, corrections; settled once, to the rupiah."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from procrastinate.contrib.django.models import ProcrastinateJob

from harapan.benefits import adjusting, ladder, sanctions, tasks
from harapan.benefits.answers import answer
from harapan.benefits.models import (
    Adjustment,
    Entitlement,
    Run,
    SanctionNotice,
    Stage,
    Verdict,
)
from harapan.benefits.sanction_effect import costs_of, effect_of
from harapan.core.components import Component
from harapan.core.errors import Refused
from harapan.database.scope import Scope, put_on
from harapan.engine.tables import Decision
from harapan.policy.stage_rules import Effect
from harapan.regions.models import Region
from harapan.registry.models import Family
from tests.benefits.hearing import AFTER, TOLD, Hearing
from tests.benefits.world import CEMPAKA, TAPIN

STAGE_IDR, TEN_PERCENT = 225_000, 22_500  # one child in primary school
BACK_PAY, RECOVERY = Adjustment.Kind.BACK_PAY, Adjustment.Kind.RECOVERY
FAMILY = SanctionNotice.Answerer.FAMILY


def entitlement(run: Run, family: Family) -> Entitlement:
    return Entitlement.objects.get(run_id=run.pk, family_id=family.pk)


def open_rows(family: Family) -> list[tuple[str, int]]:
    return list(
        Adjustment.objects.filter(family=family, settled_run__isnull=True)
        .order_by("decided_at", "pk").values_list("kind", "idr")
    )  # fmt: skip


@pytest.fixture
def next_stage(hearing: Hearing) -> Stage:
    return hearing.stage("2025-3")


def test_a_verdict_after_approval_is_recovered_to_the_rupiah_in_a_later_stage(
    hearing: Hearing, next_stage: Stage
) -> None:
    stage, family, other = hearing.stage(), hearing.family(), hearing.family()
    hearing.away(family, 202501, 202502)
    hearing.given(stage)
    hearing.told(stage)
    run = hearing.approved(stage)
    assert entitlement(run, family).net_idr == STAGE_IDR  # not heard to the end: nothing is cut
    assert open_rows(family) == []
    january, february = SanctionNotice.objects.order_by("month")
    decide(hearing, january, Verdict.UPHELD)
    assert open_rows(family) == [(RECOVERY, TEN_PERCENT)]
    decide(hearing, february, Verdict.ACCEPTED)
    assert open_rows(family) == [(RECOVERY, TEN_PERCENT)]
    later = entitlement(hearing.approved(next_stage), family)
    assert (later.gross_idr, later.cut_idr, later.recovered_idr) == (STAGE_IDR, TEN_PERCENT, TEN_PERCENT)
    assert open_rows(family) == []
    assert not Adjustment.objects.filter(family=other).exists()


def decide(hearing: Hearing, notice: SanctionNotice, verdict: Verdict) -> None:
    sanctions.decide([notice.pk], verdict=verdict, why="didengar", by=hearing.world.user, on=AFTER)


def test_a_verdict_between_freeze_and_approval_is_followed_when_the_run_is_approved(
    hearing: Hearing, next_stage: Stage
) -> None:
    stage, family = hearing.stage(), hearing.family(Component.PRIMARY, Component.JUNIOR)
    hearing.away(family, 202501)
    hearing.given(stage)
    hearing.told(stage)
    run = hearing.computed(stage)
    sanctions.lapse(stage, by=None, on=AFTER)
    assert open_rows(family) == []
    hearing.approved(stage, run)
    assert open_rows(family) == [(RECOVERY, 60_000)]


def test_an_answer_after_the_cut_gives_it_back(hearing: Hearing, next_stage: Stage) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    assert entitlement(hearing.approved(stage), family).cut_idr == TEN_PERCENT
    notice = SanctionNotice.objects.get()
    sanctions.record_answer(notice, answer="banjir", answer_from=FAMILY, by=hearing.world.user, on=AFTER)
    assert open_rows(family) == [(BACK_PAY, TEN_PERCENT)]  # it does not stand while it is heard
    decide(hearing, notice, Verdict.UPHELD)
    assert Counter(open_rows(family)) == Counter([(BACK_PAY, TEN_PERCENT), (RECOVERY, TEN_PERCENT)])
    later = entitlement(hearing.approved(next_stage), family)
    assert (later.gross_idr, later.net_idr) == (STAGE_IDR + TEN_PERCENT, STAGE_IDR)


def test_an_exemption_after_the_cut_gives_it_back(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    hearing.approved(stage)
    sanctions.exempt(
        Region.objects.get(pk=TAPIN), component=None, month_from=202502, month_to=202503, why="sekolah terbakar",
        within=[(TAPIN, TAPIN + 10**6)], by=hearing.world.user, on=AFTER,
    )  # fmt: skip
    assert open_rows(family) == [(BACK_PAY, TEN_PERCENT)]


def test_a_verdict_of_a_regency_is_followed_by_the_batch_also_for_a_family_that_moved_since(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    hearing.approved(stage)
    family.group = hearing.world.groups[CEMPAKA]
    family.save()
    user = hearing.world.user
    with put_on(Scope.of_groups((hearing.world.groups[CEMPAKA].pk,), actor=user.pk)):
        assert not Entitlement.objects.filter(family_id=family.pk).exists()  # the run's row keeps its old group
        sanctions.record_answer(SanctionNotice.objects.get(), answer="banjir", answer_from=FAMILY, by=user, on=AFTER)
        assert open_rows(family) == []
    [job] = ProcrastinateJob.objects.filter(task_name="benefits.follow_verdicts")
    tasks.follow_verdicts(**job.args)
    assert open_rows(family) == [(BACK_PAY, TEN_PERCENT)]
    tasks.follow_verdicts(**job.args)  # done twice it changes nothing
    assert open_rows(family) == [(BACK_PAY, TEN_PERCENT)]
    assert Adjustment.objects.get().decided_by == user


def test_a_mark_repaired_before_the_freeze_is_never_recovered(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    family.observations.all().delete()
    hearing.approved(stage)
    adjusting.follow_verdicts(stage, by=hearing.world.user)
    assert open_rows(family) == []


def test_what_cannot_be_taken_is_carried_over_in_order(hearing: Hearing, next_stage: Stage) -> None:
    stage, family = hearing.stage(), hearing.family()
    earlier = hearing.stage("2025-1")
    for idr in (150_000, 100_000, 60_000):
        adjusting.correct(
            family, of_stage=earlier, kind=RECOVERY, idr=idr, why="dibayar dua kali", by=hearing.world.user
        )
    run = hearing.approved(stage)
    first = entitlement(run, family)
    assert (first.recovered_idr, first.net_idr, first.decision) == (STAGE_IDR, 0, Decision.ALL_CUT)
    settled = Adjustment.objects.filter(settled_run=run).order_by("pk").values_list("idr", "settled_idr")
    assert list(settled) == [(150_000, 150_000), (100_000, 75_000)]
    assert open_rows(family) == [(RECOVERY, 25_000), (RECOVERY, 60_000)]  # the rest keeps its place in the row
    second = entitlement(hearing.approved(next_stage), family)
    assert (second.recovered_idr, second.net_idr) == (85_000, 140_000)
    assert adjusting.owed(Adjustment.objects.filter(family=family)) == (0, 0)


def test_two_stages_frozen_over_the_same_rows_cannot_both_be_approved(hearing: Hearing, next_stage: Stage) -> None:
    stage, family = hearing.stage(), hearing.family()
    earlier = hearing.stage("2025-1")
    adjusting.correct(family, of_stage=earlier, kind=BACK_PAY, idr=50_000, why="kurang dibayar", by=hearing.world.user)
    first, second = hearing.computed(stage), hearing.computed(next_stage)
    hearing.approved(stage, first)
    with pytest.raises(Refused, match="sudah diselesaikan di tempat lain"), transaction.atomic():
        hearing.approved(next_stage, second)
    assert entitlement(hearing.computed(next_stage), family).back_pay_idr == 0


def test_a_received_stage_settles_nothing(hearing: Hearing) -> None:
    family = hearing.family()
    stage = hearing.stage("2025-1")
    adjusting.correct(family, of_stage=stage, kind=BACK_PAY, idr=50_000, why="kurang bayar", by=hearing.world.user)
    hearing.world.listed({family: STAGE_IDR})
    received = hearing.computed(Stage.objects.get(mode="received"))
    assert entitlement(received, family).back_pay_idr == 0


def test_the_database_refuses_to_settle_more_than_is_owed(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    made = adjusting.correct(
        family, of_stage=stage, kind=BACK_PAY, idr=50_000, why="kurang bayar", by=hearing.world.user
    )
    run = hearing.computed(stage)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.filter(pk=made.pk).update(settled_run=run, settled_idr=50_001)
    with pytest.raises(Refused, match="bukan rupiah di atas nol"):
        adjusting.correct(family, of_stage=stage, kind=BACK_PAY, idr=0, why="kurang bayar", by=hearing.world.user)
    with pytest.raises(Refused, match="Tulis alasan pembetulan"):
        adjusting.correct(family, of_stage=stage, kind=BACK_PAY, idr=1, why=" ", by=hearing.world.user)


def test_statements_do_not_grow_with_the_families(hearing: Hearing, django_assert_max_num_queries: Any) -> None:
    stage, earlier = hearing.stage(), hearing.stage("2025-1")
    several = [hearing.family() for _ in range(12)]
    for family in several:
        hearing.away(family, 202501)
        adjusting.correct(
            family, of_stage=earlier, kind=RECOVERY, idr=300_000, why="lebih bayar", by=hearing.world.user
        )
    hearing.given(stage)
    hearing.told(stage)
    run = hearing.computed(stage)
    sanctions.lapse(stage, by=None, on=AFTER)
    with django_assert_max_num_queries(24):
        hearing.approved(stage, run)
    assert Adjustment.objects.filter(settled_run=run).count() == 12
    assert Adjustment.objects.filter(carried_from__isnull=False).count() == 12
    assert Adjustment.objects.filter(cause=Adjustment.Cause.VERDICT).count() == 12


# --- the ladder's money ----------------------------------------------------------------------------------------------


def in_a_row(hearing: Hearing, family: Family, *names: str) -> list[Stage]:
    """Stages in a row with an upheld miss of the family."""
    stages = []
    for name in names:
        stage = hearing.stage(name)
        month = int(stage.observes_months[-1].replace("-", ""))
        hearing.away(family, month)
        hearing.upheld(stage)
        stages.append(stage)
    return stages


def test_the_third_stage_in_a_row_defers_what_is_left_until_it_is_lifted(hearing: Hearing) -> None:
    family, other = hearing.family(), hearing.family()
    *_, stage = in_a_row(hearing, family, "2024-6", "2025-1", "2025-2")
    run = hearing.computed(stage)
    [row] = effect_of(run)
    assert (row.regency_no, row.effect, row.families, row.months) == (TAPIN, Effect.DEFER, 1, 1)
    assert (row.cut_idr, row.held_idr) == (TEN_PERCENT, STAGE_IDR - TEN_PERCENT)
    hearing.approved(stage, run)
    [held] = ladder.deferred(stage)
    assert (held.family_id, held.stages_missed, held.idr) == (family.pk, 3, STAGE_IDR - TEN_PERCENT)
    assert not ladder.ended(stage).exists()
    owed = adjusting.lift(held, why="anak sudah kembali bersekolah", by=hearing.world.user, on=AFTER)
    assert (owed.kind, owed.idr, owed.why[:30]) == (BACK_PAY, held.idr, "Bantuan Tahap 2 Tahun 2025 yan")
    assert not ladder.deferred(stage).exists()
    with pytest.raises(Refused, match="sudah dicabut"):
        adjusting.lift(held, why="sekali lagi", by=hearing.world.user, on=AFTER)
    later = hearing.approved(hearing.stage("2025-3"))
    assert entitlement(later, family).back_pay_idr == held.idr
    assert entitlement(later, other).back_pay_idr == 0


def test_the_fifth_stage_in_a_row_puts_the_end_before_a_person_and_ends_nothing(hearing: Hearing) -> None:
    family = hearing.family()
    *_, stage = in_a_row(hearing, family, "2024-4", "2024-5", "2024-6", "2025-1", "2025-2")
    hearing.approved(stage)
    [held] = ladder.ended(stage)
    assert (held.step, held.stages_missed) == (Effect.END, 5)
    assert family.enrolments.filter(spell__endswith__isnull=True).exists()


def test_the_effect_is_told_by_step_and_regency(hearing: Hearing) -> None:
    stage, far = hearing.stage(), hearing.family(village=CEMPAKA)
    several = [hearing.family() for _ in range(3)]
    for family in several:
        hearing.away(family, 202501, 202503)
    hearing.away(far, 202501)
    hearing.upheld(stage)
    [row] = effect_of(hearing.computed(stage))
    assert (row.effect, row.families, row.months) == (Effect.CUT, 4, 7)
    assert (row.cut_idr, row.held_idr) == (7 * TEN_PERCENT, 0)


def test_what_a_miss_would_cost_is_known_before_it_costs(hearing: Hearing, django_assert_max_num_queries: Any) -> None:
    stage, family, clean = hearing.stage(), hearing.family(), hearing.family()
    hearing.away(family, 202501, 202502)
    hearing.given(stage)
    with django_assert_max_num_queries(30):
        costs = costs_of(stage, [family.pk, clean.pk])
    assert (costs[family.pk].net_idr, costs[family.pk].cost_idr) == (STAGE_IDR, 2 * TEN_PERCENT)
    assert (costs[clean.pk].cost_idr, costs[family.pk].effect) == (0, Effect.CUT)
    hearing.told(stage)
    sanctions.lapse(stage, by=None, on=AFTER)
    assert hearing.cut(stage, family) == costs[family.pk].cost_idr  # as foretold


def test_the_answer_names_back_pay_and_recovery(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    earlier = hearing.stage("2025-1")
    for kind in (BACK_PAY, RECOVERY):
        adjusting.correct(family, of_stage=earlier, kind=kind, idr=50_000, why="salah hitung", by=hearing.world.user)
    hearing.approved(stage)
    told = answer(family, stage).computed
    assert told is not None
    assert "Ditambah kekurangan bantuan dari tahap sebelumnya." in told.sentences
    assert "Dikurangi kelebihan bantuan dari tahap sebelumnya." in told.sentences


# --- no rupiah appears or vanishes -----------------------------------------------------------------------------------

NAMES = ("2025-1", "2025-2", "2025-3")
deeds = st.lists(
    st.tuples(
        st.sampled_from(NAMES),
        st.integers(0, 1),  # which family
        st.sampled_from(["back_pay", "recovery", "miss", "lapse", "accept", "reopen"]),
        st.sampled_from([1, 90_000, 300_000, 700_000]),
        st.booleans(),  # before the stage is approved, or after
    ),
    max_size=8,
)


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(deeds_=deeds)
def test_over_any_sequence_of_stages_every_rupiah_is_settled_once_or_still_owed(
    hearing: Hearing, deeds_: list[tuple[str, int, str, int, bool]]
) -> None:
    with transaction.atomic():
        families = [hearing.family(), hearing.family(Component.JUNIOR)]
        paid: Counter[str] = Counter()
        cut: Counter[tuple[str, int]] = Counter()
        stages = {name: hearing.stage(name) for name in NAMES}
        for name, stage in stages.items():
            wanted = [deed for deed in deeds_ if deed[0] == name]
            for _, which, deed, idr, late in wanted:
                if not late:
                    do(hearing, stage, families[which], deed, idr)
            run = hearing.approved(stage)
            rows = Entitlement.objects.filter(run_id=run.pk)
            for row in rows:
                assert row.net_idr == row.gross_idr - row.cut_idr >= 0
                cut[name, row.family_id] = row.cut_idr - row.recovered_idr
            sums = rows.aggregate(back_pay=Sum("back_pay_idr"), recovery=Sum("recovered_idr"))
            paid.update({kind: value or 0 for kind, value in sums.items()})
            for _, which, deed, idr, late in wanted:
                if late:
                    do(hearing, stage, families[which], deed, idr)
        for kind in ("back_pay", "recovery"):
            rows = Adjustment.objects.filter(kind=kind)
            raised = rows.filter(carried_from__isnull=True).aggregate(idr=Sum("idr"))["idr"] or 0
            settled = rows.aggregate(idr=Sum("settled_idr"))["idr"] or 0
            waiting = adjusting.owed(rows)[kind == "recovery"]
            assert raised == settled + waiting
            assert settled == paid[kind]
        carried = Adjustment.objects.filter(carried_from__isnull=False)
        assert not carried.exclude(idr=F("carried_from__idr") - F("carried_from__settled_idr")).exists()
        as_heard(stages, families, cut)
        transaction.set_rollback(True)


def as_heard(stages: dict[str, Stage], families: list[Family], cut: Counter[tuple[str, int]]) -> None:
    """What was cut, with what verdicts changed since, is ten percent for each month that stands."""
    for family, stage_idr in zip(families, (225_000, 375_000), strict=True):
        for name, stage in stages.items():
            stand = SanctionNotice.objects.filter(
                stage=stage, family=family, verdict__in=[Verdict.UPHELD, Verdict.LAPSED]
            )
            made = Adjustment.objects.filter(
                of_stage=stage, family=family, cause=Adjustment.Cause.VERDICT, carried_from__isnull=True
            )
            since = sum(idr if kind == RECOVERY else -idr for kind, idr in made.values_list("kind", "idr"))
            assert cut[name, family.pk] + since == stage_idr * stand.count() // 10


def do(hearing: Hearing, stage: Stage, family: Family, deed: str, idr: int) -> None:
    user = hearing.world.user
    own = SanctionNotice.objects.filter(stage=stage, family=family)
    if deed in ("back_pay", "recovery"):
        adjusting.correct(family, of_stage=stage, kind=Adjustment.Kind(deed), idr=idr, why="salah hitung", by=user)
    elif deed == "miss" and stage.state == "open":
        months = [int(month.replace("-", "")) for month in stage.observes_months]
        done = set(family.observations.values_list("month", flat=True))
        hearing.away(family, *[month for month in months if month not in done][:1])
        hearing.given(stage)
        hearing.told(stage)
    elif deed == "lapse":
        sanctions.lapse(stage, by=user, on=AFTER)
    elif deed == "accept":
        numbers = own.filter(verdict=Verdict.OPEN).values_list("pk", flat=True)
        sanctions.decide(numbers, verdict=Verdict.ACCEPTED, why="anak sakit", by=user, on=AFTER)
    elif deed == "reopen":
        for notice in own.filter(verdict=Verdict.LAPSED):
            sanctions.record_answer(notice, answer="sakit", answer_from=FAMILY, by=user, on=TOLD)
