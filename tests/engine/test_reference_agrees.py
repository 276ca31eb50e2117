"""Random families under random laws: the plain reference and the steps on DuckDB must say the same, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from harapan.core.components import Component
from harapan.engine.reference import Answer, Family, Member, compute
from harapan.engine.run import run_tables
from harapan.engine.tables import Outcome
from harapan.policy.reader import default_policy
from harapan.policy.stage_rules import (
    ComponentRule,
    FixedRule,
    FlatRule,
    Payment,
    SanctionRule,
    Scheme,
    StageRules,
)
from tests.engine.builders import COMPONENTS, RULES, as_tables, rules

MONTHS = ("2024-12", "2025-01", "2025-02", "2025-03")
NUMBERS = [int(month.replace("-", "")) for month in MONTHS]
FACILITIES = [0, 11, 12, 13]

months_and_members = st.tuples(st.integers(0, 8), st.sampled_from(NUMBERS))
births = st.one_of(
    st.just(0),
    st.builds(lambda y, m, d: y * 10000 + m * 100 + d, st.integers(1930, 2026), st.integers(1, 12), st.integers(1, 31)),
    # around the borders: six, twenty-one and seventy on the day of the stage
    st.sampled_from([20190401, 20190402, 20180401, 20180402, 20040401, 20040402, 20030401, 19550401, 19550402]),
)


@st.composite
def members(draw: st.DrawFn, family_id: int) -> tuple[Member, ...]:
    """Up to nine people; the numbers within a family are not in order of their age."""
    return tuple(
        Member(
            member_id=family_id * 10 + place,
            born_ymd=draw(births),
            school_level=draw(st.sampled_from([0, 0, 3, 4, 5])),
            finished_school=draw(st.sampled_from([False, False, False, True])),
            pregnant=draw(st.sampled_from([False, False, True])),
            pregnancy_no=draw(st.integers(0, 4)),
            severe_disability=draw(st.sampled_from([False, False, False, True])),
            human_rights=draw(st.sampled_from([False] * 9 + [True])),
            listed_component=draw(st.sampled_from([0, 0, 0, *map(int, Component)])),
            facility_id=draw(st.sampled_from(FACILITIES)),
        )
        for place in range(draw(st.integers(0, 9)))
    )


@st.composite
def populations(draw: st.DrawFn) -> list[Family]:
    confirmed = draw(st.frozensets(st.tuples(st.sampled_from(FACILITIES[1:]), st.sampled_from(NUMBERS))))
    families = []
    for family_id in range(1, draw(st.integers(1, 12)) + 1):
        people = draw(members(family_id))
        outcomes = st.sets(st.sampled_from([Outcome.MISSED, Outcome.EXCUSED, Outcome.UNKNOWN]), min_size=1)
        seen = draw(st.dictionaries(months_and_members, outcomes, max_size=12))
        exceptions = {
            (people[place].member_id, month): found for (place, month), found in seen.items() if place < len(people)
        }
        families.append(
            Family(
                family_id=family_id,
                region_no=6301012001 + family_id,
                group_id=family_id % 3,
                category=draw(st.integers(0, 4)),
                channel=draw(st.integers(0, 2)),
                members=people,
                exceptions=exceptions,
                confirmed=confirmed,
                back_pay_idr=draw(st.sampled_from([0, 0, 0, 1, 225_000])),
                recovery_idr=draw(st.sampled_from([0, 0, 0, 30_000, 5_000_000])),
            )
        )
    return families


@st.composite
def component_rules(draw: st.DrawFn, rule: ComponentRule) -> ComponentRule:
    stage_idr = draw(st.sampled_from([75_000, 166_000, 225_000, 500_000, 750_000]))
    return ComponentRule(
        rule.component,
        stage_idr * 4,
        stage_idr,
        age_min_years=rule.age_min_years,
        age_max_years=rule.age_max_years,
        members_max=draw(st.sampled_from([None, 1, 2])),
        births_max=draw(st.sampled_from([None, 2])),
    )


@st.composite
def laws(draw: st.DrawFn) -> StageRules:
    known = draw(st.lists(st.sampled_from(COMPONENTS), min_size=1, unique=True))
    scheme = draw(st.sampled_from(Scheme))
    others = [FlatRule(2, 2_000_000, 500_000)] if draw(st.booleans()) else []
    amounts = st.sampled_from([(), (FixedRule(0, 550_000, 550_000), FixedRule(4, 1_000_000, 1_000_000))])
    return rules(
        channel=draw(st.sampled_from(["all", "bank", "pos"])),
        observes_months=tuple(draw(st.lists(st.sampled_from(MONTHS), unique=True, max_size=4))),
        scheme=scheme,
        components=tuple(draw(component_rules(rule)) for rule in known),
        persons_max=draw(st.sampled_from([None, 1, 3, 4])),
        family_min_idr=draw(st.sampled_from([None, 237_500])),
        family_max_idr=draw(st.sampled_from([None, 925_000])),
        flat=(FlatRule(0, 1_890_000, 390_000), *others) if scheme is Scheme.FLAT else (),
        fixed=draw(amounts),
        unknown_pays=draw(st.sampled_from(Payment)),
        excused_pays=draw(st.sampled_from(Payment)),
        whose_attendance=draw(st.sampled_from(["any", "counted"])),
        sanction=draw(
            st.builds(
                SanctionRule,
                percent_per_month=st.sampled_from([0, 10, 33, 100]),
                percent_max=st.sampled_from([0, 25, 100]),
                nothing_if_all_missed=st.booleans(),
                cut_idr_per_month=st.sampled_from([None, 50_000]),
            )
        ),
        obligated=tuple(draw(st.lists(st.sampled_from(Component), unique=True))),
    )


# The law is drawn anew only now and then: compiling the steps for it is what takes time.
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(law=laws(), populations_=st.lists(populations(), min_size=1, max_size=4))
def test_any_law_gives_the_same_either_way(law: StageRules, populations_: list[list[Family]]) -> None:
    for families in populations_:
        refuse_difference(families, law)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(families=populations())
def test_the_law_of_2025_gives_the_same_either_way(families: list[Family]) -> None:
    refuse_difference(families, RULES)


@pytest.mark.parametrize("stage", ["2017-4", "2019-1", "2020-4", "2023-1", "2025-2"])
@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(families=populations())
def test_the_policy_of_a_stage_gives_the_same_either_way(stage: str, families: list[Family]) -> None:
    refuse_difference(families, default_policy().stage(stage))


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(law=laws(), families=populations())
def test_many_laws_give_the_same_either_way(law: StageRules, families: list[Family]) -> None:
    refuse_difference(families, law)


def refuse_difference(families: list[Family], law: StageRules) -> None:
    found = run_tables(**as_tables(families), rules=law)
    entitlements, lines = found.entitlements.to_pylist(), found.lines.to_pylist()
    answers = {family.family_id: compute(family, law) for family in families}
    assert entitlements == [_entitlement(family, answers[family.family_id]) for family in families]
    assert lines == [line for family in families for line in _lines(family, answers[family.family_id])]


def _entitlement(family: Family, answer: Answer) -> dict[str, int]:
    return {
        "family_id": family.family_id,
        "region_no": family.region_no,
        "group_id": family.group_id,
        "decision": int(answer.decision),
        "gross_idr": answer.gross_idr,
        "cut_idr": answer.cut_idr,
        "net_idr": answer.net_idr,
        "back_pay_idr": answer.back_pay_idr,
        "recovered_idr": answer.recovered_idr,
        "reasons": answer.reasons,
    }


def _lines(family: Family, answer: Answer) -> list[dict[str, object]]:
    names = ("member_id", "component", "annual_idr", "stage_idr", "counted", "reason")
    return [{"family_id": family.family_id} | {name: getattr(line, name) for name in names} for line in answer.lines]
