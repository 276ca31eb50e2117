"""Which cut applies to which stage, and which months may cause it."""

from __future__ import annotations

import json

import pytest

from harapan.core.components import Component
from harapan.policy.errors import ContradictingPolicy
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import Effect, LadderStep, Payment, SanctionRule, StageRules

CUT_ONLY = (LadderStep(1, Effect.CUT),)
SINCE_2018 = (LadderStep(1, Effect.CUT), LadderStep(3, Effect.DEFER), LadderStep(5, Effect.END))
NONE = SanctionRule(0, 0, nothing_if_all_missed=False)
TEN = SanctionRule(10, 100, nothing_if_all_missed=False, ladder=SINCE_2018, hearing_required=True, answer_days=14)
RUPIAH = SanctionRule(0, 100, nothing_if_all_missed=True, cut_idr_per_month=50_000, ladder=CUT_ONLY)


@pytest.mark.parametrize(
    ("stage", "rule"),
    [
        ("2008-1", RUPIAH),
        ("2012-4", RUPIAH),
        ("2013-1", SanctionRule(10, 100, nothing_if_all_missed=True, ladder=CUT_ONLY)),
        ("2017-4", SanctionRule(10, 100, nothing_if_all_missed=True, ladder=CUT_ONLY)),
        ("2018-1", TEN),
        ("2020-1", TEN),
        ("2020-2", NONE),
        ("2021-4", NONE),
        ("2022-1", TEN),
        ("2026-4", TEN),
    ],
)
def test_the_ladder_in_force_on_the_first_paid_day_holds(stage: str, rule: SanctionRule) -> None:
    assert default_policy().stage(stage).sanction == rule


@pytest.mark.parametrize(
    ("stage", "counting"),
    [
        ("2020-1", "2019-10 2019-11 2019-12"),
        ("2020-3", ""),
        ("2021-1", ""),
        ("2022-1", ""),  # October to December 2021 are suspended, though the stage is not
        ("2022-2", "2022-01 2022-02 2022-03"),
    ],
)
def test_months_of_a_suspension_never_count_against_a_family(stage: str, counting: str) -> None:
    assert default_policy().stage(stage).observes_months == tuple(counting.split())


def test_the_suspension_is_shown_as_an_assumption_where_it_frees_a_stage() -> None:
    notes = [row.note for row in default_policy().stage("2022-1").assumptions if row.key == "sanctions.suspended"]
    assert len(notes) == 2  # the suspension itself, and its end


def test_doubt_is_paid_and_every_obliged_member_counts() -> None:
    rules = default_policy().stage("2025-2")
    assert (rules.unknown_pays, rules.excused_pays) == (Payment.PAID, Payment.PAID)
    assert (rules.attendance_percent_min, rules.whose_attendance) == (85, "any")
    assert rules.obligated == (
        Component.PREGNANT,
        Component.TODDLER,
        Component.PRIMARY,
        Component.JUNIOR,
        Component.SENIOR,
    )


@pytest.mark.parametrize(
    ("stages", "effect"),
    [(1, Effect.CUT), (2, Effect.CUT), (3, Effect.DEFER), (4, Effect.DEFER), (5, Effect.END), (9, Effect.END)],
)
def test_the_ladder_rises_with_the_stages_in_a_row(stages: int, effect: Effect) -> None:
    assert default_policy().stage("2025-2").sanction.effect(stages) is effect
    assert SanctionRule(10, 100, nothing_if_all_missed=False).effect(stages) is Effect.CUT


def test_a_stored_law_keeps_its_ladder_and_an_older_one_has_none() -> None:
    rules = default_policy().stage("2025-2")
    assert StageRules.from_json(rules.as_json()) == rules
    older = json.loads(rules.as_json())
    for name in ("ladder", "hearing_required", "answer_days"):
        del older["sanction"][name]
    found = StageRules.from_json(json.dumps(older)).sanction
    assert (found.ladder, found.hearing_required) == ((), False)


def test_a_scenario_may_warn_first_and_nothing_beyond_a_cut_goes_without_a_hearing() -> None:
    ladder = [{"from_stage": 1, "effect": "warn"}, {"from_stage": 2, "effect": "cut"}]
    scenario = {"sanctions.ladder": [{"from": "2025-01-01", "value": ladder}]}
    policy = default_policy().with_overlay(scenario)
    assert policy.stage("2025-2").sanction.effect(1) is Effect.WARN
    unheard = policy.with_overlay({"sanctions.hearing_required": [{"from": "2025-01-01", "value": False}]})
    with pytest.raises(ContradictingPolicy, match="tidak didengar"):
        unheard.stage("2025-2")


def test_a_stage_without_a_share_cuts_nothing() -> None:
    assert TEN.cuts
    assert RUPIAH.cuts
    assert not NONE.cuts
