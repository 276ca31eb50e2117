"""Families and laws for tests of the engine: small, whole and readable."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pyarrow as pa

from harapan.core.components import Component
from harapan.engine.reference import Family
from harapan.engine.tables import INPUTS
from harapan.policy.stage_rules import ComponentRule, SanctionRule, Scheme, StageRules

# The index of 2025, four stages a year; the tests that need other values name them.
COMPONENTS = (
    ComponentRule(Component.PREGNANT, 3_000_000, 750_000, births_max=2),
    ComponentRule(Component.TODDLER, 3_000_000, 750_000, age_min_years=0, age_max_years=6, members_max=2),
    ComponentRule(Component.DISABILITY, 2_400_000, 600_000, members_max=1),
    ComponentRule(Component.ELDERLY, 2_400_000, 600_000, age_min_years=70, members_max=1),
    ComponentRule(Component.PRIMARY, 900_000, 225_000, age_min_years=6, age_max_years=21),
    ComponentRule(Component.JUNIOR, 1_500_000, 375_000, age_min_years=6, age_max_years=21),
    ComponentRule(Component.SENIOR, 2_000_000, 500_000, age_min_years=6, age_max_years=21),
    ComponentRule(Component.HUMAN_RIGHTS, 10_800_000, 2_700_000),
)
RULES = StageRules(
    stage="2025-2",
    year=2025,
    number=2,
    channel="all",
    pays_months=("2025-04", "2025-05", "2025-06"),
    observes_months=("2025-01", "2025-02", "2025-03"),
    ages_on="2025-04-01",
    scheme=Scheme.COMPONENTS,
    components=COMPONENTS,
    persons_max=4,
    sanction=SanctionRule(percent_per_month=10, percent_max=100, nothing_if_all_missed=False),
)


def rules(**changes: Any) -> StageRules:
    """The law of 2025-2 with other values."""
    return replace(RULES, **changes)


def as_tables(families: Iterable[Family]) -> dict[str, pa.Table]:
    """The families as the input tables of a run."""
    rows: dict[str, list[dict[str, object]]] = {name: [] for name in INPUTS}
    confirmed: set[tuple[int, int]] = set()
    for family in families:
        rows["families"].append({name: getattr(family, name) for name in INPUTS["families"].names})
        if family.back_pay_idr or family.recovery_idr:
            rows["adjustments"].append({name: getattr(family, name) for name in INPUTS["adjustments"].names})
        for member in family.members:
            given = {name: getattr(member, name) for name in INPUTS["members"].names if name != "family_id"}
            rows["members"].append({"family_id": family.family_id} | given)
        for (member_id, month), outcomes in family.exceptions.items():
            for outcome in outcomes:
                key = {"family_id": family.family_id, "member_id": member_id, "month": month}
                rows["observations"].append(key | {"outcome": int(outcome)})
        confirmed |= set(family.confirmed)
    rows["facility_months"] = [{"facility_id": facility, "month": month} for facility, month in sorted(confirmed)]
    return {name: pa.Table.from_pylist(rows[name], schema=schema) for name, schema in INPUTS.items()}
