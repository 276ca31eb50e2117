"""Nobody is cut unheard: notice, telling, answer, verdict, lapse, and what each does to the stage."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from harapan.benefits import actions, ladder, sanctions
from harapan.benefits.computing import rules_of
from harapan.benefits.models import Mode, SanctionNotice, Stage, State, Verdict
from harapan.core.components import Component
from harapan.core.errors import Forbidden, Refused
from harapan.database.scope import Scope, put_on
from harapan.policy import reader
from harapan.policy.stage_rules import Effect
from harapan.regions.models import Region
from harapan.verification.models import Observation
from tests.benefits.hearing import AFTER, LAST_DAY, NOTICED, TOLD, Hearing
from tests.benefits.world import CEMPAKA, HIYUNG, TAPIN, World

TEN_PERCENT = 22_500  # of one child in primary school
FAMILY = SanctionNotice.Answerer.FAMILY


@pytest.mark.parametrize(
    ("deed", "cut_idr"),
    [
        ("nothing was given", 0),
        ("given, not told", 0),
        ("told, days not over", 0),
        ("lapsed", TEN_PERCENT),
        ("answered, not decided", 0),
        ("upheld", TEN_PERCENT),
        ("accepted", 0),
        ("no service", 0),
    ],
)
def test_a_miss_cuts_only_after_notice_and_hearing(hearing: Hearing, deed: str, cut_idr: int) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    if deed != "nothing was given":
        assert hearing.given(stage).notices == 1
    if deed not in ("nothing was given", "given, not told"):
        assert hearing.told(stage) == 1
    if deed in ("lapsed", "told, days not over"):
        sanctions.lapse(stage, by=None, on=AFTER if deed == "lapsed" else LAST_DAY)
    if deed in ("answered, not decided", "upheld", "accepted", "no service"):
        notice = SanctionNotice.objects.get()
        sanctions.record_answer(notice, answer="anak sakit", answer_from=FAMILY, by=hearing.world.user, on=TOLD)
    if deed in ("upheld", "accepted", "no service"):
        hearing.decided(stage, Verdict(deed.replace(" ", "_")), on=TOLD)
    assert hearing.cut(stage, family) == cut_idr


def test_a_notice_names_month_members_and_obligations_and_is_given_once(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family(Component.PRIMARY, Component.JUNIOR)
    hearing.away(family, 202501, 202502)
    hearing.away(family, 202502, child=1)
    given = hearing.given(stage)
    assert (given.notices, given.families, given.withdrawn) == (2, 1, 0)
    children = list(family.members.filter(manager=False).order_by("pk").values_list("pk", flat=True))
    january, february = SanctionNotice.objects.order_by("month")
    assert (january.members, january.components) == (children[:1], [Component.PRIMARY])
    assert (february.members, february.components) == (children, [Component.PRIMARY, Component.JUNIOR])
    again = hearing.given(stage)
    assert (again.notices, again.widened, again.withdrawn) == (0, 0, 0)


def test_a_repaired_mark_withdraws_its_notice_and_a_further_one_widens_it_until_told(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family(Component.PRIMARY, Component.JUNIOR)
    hearing.away(family, 202501, 202502)
    hearing.given(stage)
    Observation.objects.filter(month=202501).delete()
    hearing.away(family, 202502, child=1)
    given = hearing.given(stage)
    assert (given.notices, given.widened, given.withdrawn) == (0, 1, 1)
    withdrawn = SanctionNotice.objects.get(month=202501)
    assert (withdrawn.verdict, withdrawn.why) == (Verdict.ACCEPTED, sanctions.REPAIRED)
    hearing.told(stage)
    hearing.away(hearing.family(), 202502)
    assert len(SanctionNotice.objects.get(month=202502).members) == 2


def test_what_was_not_heard_of_is_not_cut_with_what_was(hearing: Hearing) -> None:
    """A brother's mark that came after the telling is excused: only the members of the notice were heard."""
    stage, family = hearing.stage(), hearing.family(Component.PRIMARY, Component.JUNIOR)
    hearing.away(family, 202501)
    hearing.upheld(stage)
    hearing.away(family, 202501, 202503, child=1)
    assert hearing.cut(stage, family) == 60_000  # one month of Rp600.000, as heard


def test_a_month_only_declared_gives_no_notice(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE verification_facilitymonth SET evidence = 'none', proven_by_id = NULL, proven_at = NULL"
            " WHERE month = 202502"
        )
    assert hearing.given(stage).notices == 0


def test_no_miss_stands_before_the_family_was_told_and_its_days_are_over(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.given(stage)
    with pytest.raises(Refused, match="masa menjawabnya belum habis"):
        hearing.decided(stage, Verdict.UPHELD)
    hearing.told(stage)
    with pytest.raises(Refused, match="masa menjawabnya belum habis"):
        hearing.decided(stage, Verdict.UPHELD, on=LAST_DAY)
    assert hearing.decided(stage, Verdict.UPHELD, on=AFTER) == 1
    with pytest.raises(Refused, match="sudah diputuskan"):
        sanctions.decide(
            [SanctionNotice.objects.get().pk],
            verdict=Verdict.ACCEPTED,
            why="alasan lain",
            by=hearing.world.user,
            on=AFTER,
        )


@pytest.mark.parametrize(
    "lie",
    [
        "verdict = 'upheld', decided_on = '2025-05-01', why = 'x'",
        "verdict = 'lapsed', decided_on = '2025-05-01', why = 'x'",
        "told_on = '2025-04-03'",
        "answer = 'x'",
        "verdict = 'accepted'",
    ],
)
def test_the_database_itself_refuses_a_verdict_without_a_hearing(hearing: Hearing, lie: str) -> None:
    stage = hearing.stage()
    hearing.away(hearing.family(), 202502)
    hearing.given(stage)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE benefits_sanctionnotice SET {lie}")


def test_a_late_answer_opens_a_lapsed_notice_again(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    assert hearing.cut(stage, family) == TEN_PERCENT
    notice = SanctionNotice.objects.get()
    sanctions.record_answer(notice, answer="banjir", answer_from=FAMILY, by=hearing.world.user, on=AFTER)
    assert hearing.cut(stage, family) == 0
    hearing.decided(stage, Verdict.UPHELD)
    with pytest.raises(Refused, match="sudah diputuskan: tetap berlaku"):
        sanctions.record_answer(notice, answer="lagi", answer_from=FAMILY, by=hearing.world.user, on=AFTER)


def test_nobody_is_given_a_notice_where_there_is_no_service(hearing: Hearing) -> None:
    stage, near = hearing.stage(), hearing.family(Component.PRIMARY, Component.JUNIOR)
    far = hearing.family(village=CEMPAKA)
    hearing.away(near, 202501)
    hearing.away(near, 202501, child=1)
    hearing.away(far, 202501)
    exempt(hearing, HIYUNG, component=Component.JUNIOR, month_from=202412, month_to=202502)
    hearing.given(stage)
    pupil = near.members.filter(manager=False).order_by("pk").first()
    assert pupil is not None
    assert SanctionNotice.objects.get(family=near).members == [pupil.pk]  # the school of her brother is closed
    assert SanctionNotice.objects.filter(family=far).exists()
    exempt(hearing, TAPIN, component=None, month_from=202501, month_to=202501)
    assert hearing.given(stage).withdrawn == 2


def test_an_exemption_excuses_what_was_upheld_already(hearing: Hearing) -> None:
    stage, family = hearing.stage(), hearing.family()
    hearing.away(family, 202502)
    hearing.upheld(stage)
    made = exempt(hearing, HIYUNG, component=Component.PRIMARY, month_from=202502, month_to=202502)
    assert hearing.cut(stage, family) == 0
    about: dict[str, Any] = {"within": [(TAPIN, TAPIN + 10**6)], "by": hearing.world.user, "on": AFTER}
    sanctions.withdraw_exemption(made, why="sekolah ternyata buka", **about)
    assert hearing.cut(stage, family) == TEN_PERCENT
    with pytest.raises(Refused, match="sudah dicabut"):
        sanctions.withdraw_exemption(made, why="sekali lagi", **about)


def test_an_exemption_elsewhere_is_not_ones_own_to_make(hearing: Hearing) -> None:
    with pytest.raises(Forbidden, match="di luar wilayah kerja"):
        exempt(hearing, 6306000000, component=None, month_from=202501, month_to=202501)


def exempt(hearing: Hearing, region: int, **about: Any) -> Any:
    return sanctions.exempt(
        Region.objects.get(pk=region), why="sekolah rusak karena banjir", within=[(TAPIN, TAPIN + 10**6)],
        by=hearing.world.user, on=NOTICED, **about,
    )  # fmt: skip


def test_only_a_computed_stage_that_cuts_gives_notices_and_only_before_it_is_frozen(hearing: Hearing) -> None:
    received = actions.plan("2025-3", by=hearing.world.user, on=NOTICED)
    with pytest.raises(Refused, match="diterima dari pusat"):
        hearing.given(received)
    with pytest.raises(Refused, match="tidak memotong bantuan"):
        hearing.given(hearing.stage("2021-2"))
    with pytest.raises(Refused, match="tidak mengenal pemberitahuan"):
        hearing.given(hearing.stage("2016-2"))
    stage = hearing.stage()
    Stage.objects.filter(pk=stage.pk).update(state=State.FROZEN)
    with pytest.raises(Refused, match="sudah dibekukan"):
        hearing.given(stage)


def test_in_received_mode_a_recorded_miss_counts_as_before(world: World, hearing: Hearing) -> None:
    family = hearing.family()
    hearing.away(family, 202502)
    world.listed({family: 225_000})
    assert hearing.cut(Stage.objects.get(mode=Mode.RECEIVED), family) == TEN_PERCENT


def test_a_facilitator_hears_her_own_families_only(hearing: Hearing) -> None:
    stage, near = hearing.stage(), hearing.family()
    far = hearing.family(village=CEMPAKA)
    hearing.away(near, 202502)
    hearing.away(far, 202502)
    hearing.given(stage)
    numbers = list(SanctionNotice.objects.values_list("pk", flat=True))
    user = hearing.world.user
    with put_on(Scope.of_groups((hearing.world.groups[CEMPAKA].pk,), actor=user.pk)):
        assert sanctions.tell(numbers, how=SanctionNotice.Told.VISIT, by=user, on=TOLD) == 1
        with pytest.raises(Refused, match="1 dari 2"):
            sanctions.decide(numbers, verdict=Verdict.ACCEPTED, why="anak sakit", by=user, on=AFTER)
    assert SanctionNotice.objects.get(family=near).told_on is None


def test_statements_do_not_grow_with_the_families(hearing: Hearing, django_assert_max_num_queries: Any) -> None:
    stage = hearing.stage()
    for _ in range(12):
        hearing.away(hearing.family(), 202501, 202503)
    with django_assert_max_num_queries(12):
        assert hearing.given(stage).notices == 24
    with django_assert_max_num_queries(12):
        hearing.told(stage)
    with django_assert_max_num_queries(12):
        assert sanctions.lapse(stage, by=None, on=AFTER) == 24


# --- the ladder ------------------------------------------------------------------------------------------------------

MISSED_IN = {"2024-6": 202409, "2025-1": 202411, "2025-2": 202502, "2025-3": 202505}


@pytest.mark.parametrize(
    ("missed_in", "stages"),
    [
        ("2025-3", 1),
        ("2025-2 2025-3", 2),
        ("2024-6 2025-1 2025-2 2025-3", 4),
        ("2024-6 2025-1 2025-3", 1),  # a clean stage between: the row begins anew
        ("2024-6 2025-1 2025-2", None),
    ],
)
def test_stages_in_a_row_are_counted_up_to_this_one(hearing: Hearing, missed_in: str, stages: int | None) -> None:
    family = hearing.family()
    hearing.proven(*MISSED_IN.values())
    for name, month in MISSED_IN.items():
        stage = hearing.stage(name)
        if name in missed_in.split():
            hearing.away(family, month)
            hearing.upheld(stage)
    rules = rules_of(stage)
    found = ladder.ladder_step_of(stage, rules).get(family.pk)
    assert (found.stages if found else None) == stages
    if found:
        assert found.effect is rules.sanction.effect(found.stages)


def test_a_warning_comes_first_where_the_law_says_so(hearing: Hearing, monkeypatch: pytest.MonkeyPatch) -> None:
    ladder_of = [{"from_stage": 1, "effect": "warn"}, {"from_stage": 2, "effect": "cut"}]
    law = reader.default_policy().with_overlay({"sanctions.ladder": [{"from": "2018-01-01", "value": ladder_of}]})
    for place in ("benefits.computing", "benefits.actions"):
        monkeypatch.setattr(f"harapan.{place}.default_policy", lambda: law)
    family = hearing.family()
    first, second = hearing.stage("2025-1"), hearing.stage("2025-2")
    hearing.away(family, 202411, 202502)
    hearing.upheld(first)
    assert hearing.cut(first, family) == 0
    assert ladder.ladder_step_of(first, rules_of(first))[family.pk].effect is Effect.WARN
    hearing.upheld(second)
    assert hearing.cut(second, family) == TEN_PERCENT
