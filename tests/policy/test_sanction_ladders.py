"""Which cut applies to which stage, and which months may cause it."""

from __future__ import annotations

import pytest

from harapan.core.components import Component
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import Payment, SanctionRule

NONE = SanctionRule(0, 0, nothing_if_all_missed=False)
TEN = SanctionRule(10, 100, nothing_if_all_missed=False)


@pytest.mark.parametrize(
    ("stage", "rule"),
    [
        ("2008-1", SanctionRule(0, 100, nothing_if_all_missed=True, cut_idr_per_month=50_000)),
        ("2012-4", SanctionRule(0, 100, nothing_if_all_missed=True, cut_idr_per_month=50_000)),
        ("2013-1", SanctionRule(10, 100, nothing_if_all_missed=True)),
        ("2017-4", SanctionRule(10, 100, nothing_if_all_missed=True)),
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
