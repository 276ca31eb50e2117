"""Which months a stage pays and observes, channel by channel."""

from __future__ import annotations

from datetime import date

import pytest

from harapan.policy.errors import ContradictingPolicy, UnknownStage
from harapan.policy.reader import Policy, default_policy


@pytest.fixture(scope="module")
def policy() -> Policy:
    return default_policy()


@pytest.mark.parametrize(
    ("year", "stages"),
    [
        (2007, ["2007-1", "2007-2", "2007-3"]),
        (2012, ["2012-1", "2012-2", "2012-3", "2012-4"]),
        (2020, [f"2020-{number}" for number in range(1, 11)]),
        (2023, "2023-1 2023-1-pos 2023-2 2023-2-pos 2023-3 2023-4 2023-3-pos 2023-5 2023-4-pos 2023-6".split()),
        (2025, ["2025-1", "2025-2", "2025-3", "2025-4"]),
        (2006, []),
        (2031, []),
    ],
)
def test_a_year_has_these_stages(policy: Policy, year: int, stages: list[str]) -> None:
    assert [plan.name for plan in policy.stages(year)] == stages


def test_all_years_from_2007_to_2026_are_planned(policy: Policy) -> None:
    assert sorted({plan.year for plan in policy.stages()}) == list(range(2007, 2027))


@pytest.mark.parametrize(
    ("stage", "channel", "pays", "observes"),
    [
        ("2020-1", "all", "2020-01 2020-02 2020-03", "2019-10 2019-11 2019-12"),
        ("2020-2", "all", "2020-04", "2020-01 2020-02 2020-03"),
        ("2020-10", "all", "2020-12", "2020-11"),
        ("2023-1", "bank", "2023-01 2023-02", "2022-10 2022-11 2022-12"),
        ("2023-3", "bank", "2023-05 2023-06", "2023-03 2023-04"),
        ("2023-3-pos", "pos", "2023-07 2023-08 2023-09", "2023-04 2023-05 2023-06"),
        ("2024-1-pos", "pos", "2024-01 2024-02 2024-03", "2023-10 2023-11 2023-12"),
        ("2025-1", "all", "2025-01 2025-02 2025-03", "2024-11 2024-12"),
        ("2025-2", "all", "2025-04 2025-05 2025-06", "2025-01 2025-02 2025-03"),
    ],
)
def test_a_stage_pays_and_observes_these_months(
    policy: Policy, stage: str, channel: str, pays: str, observes: str
) -> None:
    plan = policy.plan(stage)
    assert (plan.channel, plan.pays_months, plan.observes_months) == (
        channel,
        tuple(pays.split()),
        tuple(observes.split()),
    )


def test_each_channel_observes_every_month_exactly_once_from_2010_to_2026(policy: Policy) -> None:
    for channel in ("bank", "pos"):
        plans = [plan for plan in policy.stages() if plan.channel in {"all", channel} and plan.year >= 2010]
        observed = [month for plan in plans for month in plan.observes_months]
        skipped = {"2024-10"} if channel == "pos" else set()  # the change of calendar of 2025, see calendars.yaml
        every = [f"{year}-{month:02}" for year in range(2009, 2027) for month in range(1, 13)]
        expected = [month for month in every[8:-3] if month not in skipped]
        assert observed == expected


@pytest.mark.parametrize("stage", ["2025-5", "2025-0", "2025-2-pos", "2027-1", "0000-1", "tahap 2", "2025-02", ""])
def test_an_unknown_stage_is_refused_by_name(policy: Policy, stage: str) -> None:
    with pytest.raises(UnknownStage, match=f"Tahap {stage} tidak ada dalam kalender"):
        policy.stage(stage)


def test_the_refusal_names_the_stages_there_are(policy: Policy) -> None:
    with pytest.raises(UnknownStage, match="Tahap tahun 2025: 2025-1, 2025-2, 2025-3, 2025-4"):
        policy.stage("2025-7")
    with pytest.raises(UnknownStage, match="Kalender memuat tahun 2007 sampai 2026"):
        policy.stage("2040-1")


def test_a_calendar_that_hides_the_stage_before_must_name_the_months(policy: Policy) -> None:
    whole_year = [{"pays": list(range(1, 13)), "divisor": 1}]
    ambiguous = policy.with_overlay({"calendar.all": [{"from": date(2025, 1, 1), "value": whole_year}]})
    with pytest.raises(ContradictingPolicy, match=r"mendahului 2025-1\. Tulis bulan yang diverifikasi"):
        ambiguous.stage("2025-1")


def test_ages_are_measured_on_the_first_paid_day_or_the_last(policy: Policy) -> None:
    assert policy.stage("2025-4").ages_on == "2025-10-01"
    at_the_end = policy.with_overlay({"ages.measured_on": [{"from": "2025-01-01", "value": "last_paid_day"}]})
    assert at_the_end.stage("2025-1").ages_on == "2025-03-31"
    assert at_the_end.stage("2025-4").ages_on == "2025-12-31"
