"""What each stage pays, 2017 to 2026: the tables people know by heart, against the files."""

from __future__ import annotations

import pytest

from harapan.core.components import CODES, Component
from harapan.policy.reader import Policy, default_policy
from harapan.policy.stage_rules import Category, Scheme, StageRules

ORDER = ("pregnant", "toddler", "primary", "junior", "senior", "disability", "elderly")
QUARTER_2019 = (600_000, 600_000, 225_000, 375_000, 500_000, 600_000, 600_000)
MONTH_2020 = (250_000, 250_000, 75_000, 125_000, 166_000, 200_000, 200_000)
QUARTER = (750_000, 750_000, 225_000, 375_000, 500_000, 600_000, 600_000)
TWO_MONTHS = (500_000, 500_000, 150_000, 250_000, 333_000, 400_000, 400_000)

EXPECTED: dict[str, tuple[int, ...]] = {
    **{f"2019-{number}": QUARTER_2019 for number in range(1, 5)},
    "2020-1": QUARTER,
    **{f"2020-{number}": MONTH_2020 for number in range(2, 11)},
    **{f"{year}-{number}": QUARTER for year in (2021, 2022, 2025, 2026) for number in range(1, 5)},
    **{f"{year}-{number}": TWO_MONTHS for year in (2023, 2024) for number in range(1, 7)},
    **{f"{year}-{number}-pos": QUARTER for year in (2023, 2024) for number in range(1, 5)},
}
FLAT_STAGES = [f"{year}-{number}" for year in (2017, 2018) for number in range(1, 5)]


@pytest.fixture(scope="module")
def policy() -> Policy:
    return default_policy()


def amounts(rules: StageRules) -> dict[str, int]:
    return {CODES[rule.component]: rule.stage_idr for rule in rules.components}


def test_the_tables_cover_every_stage_since_2017(policy: Policy) -> None:
    planned = {plan.name for plan in policy.stages() if plan.year >= 2017}
    assert planned == {*EXPECTED, *FLAT_STAGES}


@pytest.mark.parametrize("stage", EXPECTED)
def test_a_stage_pays_these_amounts_per_member(policy: Policy, stage: str) -> None:
    rules = policy.stage(stage)
    paid = amounts(rules)
    paid.pop("human_rights", None)
    assert paid == dict(zip(ORDER, EXPECTED[stage], strict=True))
    assert rules.scheme is Scheme.COMPONENTS
    assert rules.persons_max == 4
    assert (rules.family_min_idr, rules.family_max_idr, rules.flat) == (None, None, ())


@pytest.mark.parametrize("stage", FLAT_STAGES)
def test_flat_years_pay_four_instalments_per_family(policy: Policy, stage: str) -> None:
    rules = policy.stage(stage)
    regular = 390_000 if stage.endswith("-4") else 500_000
    assert rules.scheme is Scheme.FLAT
    assert {rule.category: rule.stage_idr for rule in rules.flat} == {
        Category.REGULAR: regular,
        Category.PAPUA: 500_000,
        Category.ELDERLY: 500_000,
        Category.DISABILITY: 500_000,
    }
    assert {rule.category: rule.annual_idr for rule in rules.flat} == {
        0: 1_890_000,
        1: 2_000_000,
        2: 2_000_000,
        3: 2_000_000,
    }
    assert set(amounts(rules).values()) == {0}
    assert rules.fixed == ()


@pytest.mark.parametrize("stage", ["2019-1", "2019-2", "2019-3", "2019-4", "2020-1"])
def test_the_fixed_amount_comes_once_in_the_first_stage_of_2019(policy: Policy, stage: str) -> None:
    fixed = {rule.category: rule.stage_idr for rule in policy.stage(stage).fixed}
    assert fixed == ({Category.REGULAR: 550_000, Category.ACCESS: 1_000_000} if stage == "2019-1" else {})


@pytest.mark.parametrize(
    ("stage", "stage_idr"),
    [("2023-6", None), ("2024-1", 1_800_000), ("2024-1-pos", 2_700_000), ("2025-1", 2_700_000), ("2026-4", 2_700_000)],
)
def test_victims_of_grave_violations_count_from_2024(policy: Policy, stage: str, stage_idr: int | None) -> None:
    assert amounts(policy.stage(stage)).get("human_rights") == stage_idr


@pytest.mark.parametrize(
    ("stage", "age"), [("2016-1", 70), ("2017-1", 70), ("2018-4", 70), ("2019-1", 60), ("2020-1", 70), ("2026-4", 70)]
)
def test_the_elderly_age_in_operation_is_70_but_for_2019(policy: Policy, stage: str, age: int) -> None:
    rules = {rule.component: rule for rule in policy.stage(stage).components}
    assert rules[Component.ELDERLY].age_min_years == age


def test_limits_per_component_since_2020(policy: Policy) -> None:
    rules = {rule.component: rule for rule in policy.stage("2025-2").components}
    assert rules[Component.PREGNANT].births_max == 2
    assert {CODES[code]: rule.members_max for code, rule in rules.items() if rule.members_max} == {
        "toddler": 2,
        "disability": 1,
        "elderly": 1,
    }
    assert (rules[Component.TODDLER].age_min_years, rules[Component.TODDLER].age_max_years) == (0, 6)
    assert (rules[Component.SENIOR].age_min_years, rules[Component.SENIOR].age_max_years) == (6, 21)


@pytest.mark.parametrize(
    ("stage", "smallest", "largest", "primary"),
    [
        ("2009-1", 200_000, 733_333, 133_333),
        ("2012-1", 150_000, 550_000, 100_000),
        ("2014-1", 200_000, 700_000, 125_000),
        ("2015-1", 237_500, 925_000, 112_500),
    ],
)
def test_early_years_are_kept_with_their_caps(
    policy: Policy, stage: str, smallest: int, largest: int, primary: int
) -> None:
    rules = policy.stage(stage)
    assert (rules.family_min_idr, rules.family_max_idr) == (smallest, largest)
    assert amounts(rules)["primary"] == primary


def test_every_stage_survives_its_manifest(policy: Policy) -> None:
    for plan in policy.stages():
        rules = policy.stage(plan.name)
        assert StageRules.from_json(rules.as_json()) == rules
        assert StageRules.from_json(rules.as_json()).as_json() == rules.as_json()
