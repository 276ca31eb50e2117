"""Single values by date, scenarios, assumptions, and what is refused because nobody entered it."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.errors import HarapanError, Refused
from harapan.policy.dated import Dated, Timeline, overlaid, timeline, value_on
from harapan.policy.errors import BadPolicy, ContradictingPolicy, MissingValue
from harapan.policy.reader import FOLDER, Policy, default_policy
from harapan.policy.resolution import share
from harapan.policy.stage_rules import StageRules

DAY_ONE = date(2007, 1, 1)
days = st.integers(0, 7300).map(lambda number: DAY_ONE + timedelta(number))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    starts = draw(st.lists(days, min_size=1, max_size=8, unique=True))
    rows = [Dated("family.persons_max", number, day, None, "Contoh", "H") for number, day in enumerate(starts, 1)]
    return timeline(rows)


@given(timelines(), days)
def test_the_value_on_a_day_is_the_latest_that_began(values: Timeline, day: date) -> None:
    begun = [row for row in values if row.since <= day]
    assert value_on(values, day) == (begun[-1] if begun else None)


@given(timelines(), days, st.integers(0, 900), days)
def test_an_overlay_holds_on_its_days_and_nowhere_else(base: Timeline, first: date, length: int, day: date) -> None:
    last = first + timedelta(length)
    above = Dated("family.persons_max", 99, first, last, "Skenario", "L")
    if first > base[0].since:  # else the two together might leave a gap, which is refused
        merged = overlaid(base, (above,))
        expected = above if first <= day <= last else value_on(base, day)
        found = value_on(merged, day)
        assert (found and found.value) == (expected and expected.value)


@given(st.integers(0, 20_000_000), st.sampled_from([1, 3, 4, 6, 12]), st.sampled_from([1, 100, 1_000]))
def test_parts_of_a_year_never_pay_more_than_the_year(annual_idr: int, parts: int, unit: int) -> None:
    part = share(annual_idr, parts, unit)
    assert part % unit == 0
    assert 0 <= annual_idr - part * parts < unit * parts


def test_a_value_comes_with_its_source_and_confidence() -> None:
    found = default_policy().value("components.elderly.annual_idr", on=date(2025, 6, 1))
    assert (found.value, found.confidence) == (2_400_000, "H")
    assert "Permensos 1/2018" in found.source
    assert "3.000.000" in found.note  # the conflict of 2025 is told with the value


def test_the_legal_age_stands_beside_the_one_in_operation() -> None:
    on = date(2025, 6, 1)
    policy = default_policy()
    assert policy.value("components.elderly.age_min_years", on=on).value == 70
    assert policy.value("components.elderly.legal_age_min_years", on=on).value == 60


def test_the_conflict_of_2020_is_shown_with_the_stages_it_touches() -> None:
    policy = default_policy()
    touched = [
        stage for stage in ("2020-1", "2020-2", "2020-10", "2021-1") if _assumed(policy, stage, "Ditjen Anggaran")
    ]
    assert touched == ["2020-2", "2020-10"]


def _assumed(policy: Policy, stage: str, words: str) -> bool:
    return any(words in row.note for row in policy.stage(stage).assumptions)


def test_a_stage_lists_what_is_uncertain_and_nothing_else() -> None:
    keys = {row.key: row.confidence for row in default_policy().stage("2025-2").assumptions}
    assert keys["sanctions.percent_per_month"] == "L"
    assert keys["components.elderly.age_min_years"] == "L"
    assert "components.elderly.annual_idr" not in keys
    assert set(keys.values()) == {"M", "L"}


def test_lists_are_read_by_prefix() -> None:
    policy, on = default_policy(), date(2025, 6, 1)
    assert [found.value["label"] for found in policy.values("banks", on=on).values()] == [
        "BRI",
        "BNI",
        "MANDIRI",
        "BTN",
        "BSI",
    ]
    assert policy.values("undelivered", on=on)["not_found"].value == "Tidak ditemukan"
    assert {name: found.value for name, found in policy.values("precedence", on=on).items()}["nik"] == "ask"
    assert set(policy.values("obligations.pregnant", on=on)) == {
        "antenatal_first",
        "antenatal_second",
        "antenatal_third",
        "iron_tablets",
        "skilled_delivery",
        "postnatal",
    }
    assert policy.value("untouched.age_bands_days", on=on).value == [30, 60, 90, 105]


def test_the_post_paid_until_2016_and_again_from_2022() -> None:
    policy = default_policy()
    paying = [year for year in range(2014, 2026) if policy.values("payers", on=date(year, 6, 1))]
    assert paying == [2014, 2015, 2016, 2022, 2023, 2024, 2025]


def test_a_missing_rate_refuses_the_stage_and_names_itself() -> None:
    policy = default_policy()
    key = "components.senior.annual_idr"
    without = Policy({name: rows for name, rows in policy.timelines.items() if name != key})
    with pytest.raises(Refused, match=r"belum memuat nilai components\.senior\.annual_idr untuk 2025-04-01"):
        without.stage("2025-2")


def test_a_value_before_its_first_day_is_missing() -> None:
    with pytest.raises(MissingValue, match=r"scheme untuk 2006-12-31"):
        default_policy().value("scheme", on=date(2006, 12, 31))
    with pytest.raises(MissingValue, match="no such key"):
        default_policy().history("no such key")


def test_flat_instalments_that_do_not_add_up_are_refused() -> None:
    wrong = {"flat.regular.annual_idr": [{"from": "2017-01-01", "until": "2018-12-31", "value": 1_900_000}]}
    with pytest.raises(ContradictingPolicy, match="berjumlah 1890000 dalam 4 tahap, padahal setahun 1900000"):
        default_policy().with_overlay(wrong).stage("2018-4")


def test_a_scenario_changes_its_days_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "umur-60.yaml"
    file.write_text("components.elderly.age_min_years:\n  - {from: 2025-04-01, until: 2025-12-31, value: 60}\n")
    policy = default_policy().with_overlay(file, name="umur lansia 60")
    ages = {stage: _elderly_age(policy, stage) for stage in ("2025-1", "2025-2", "2025-4", "2026-1")}
    assert ages == {"2025-1": 70, "2025-2": 60, "2025-4": 60, "2026-1": 70}
    assert [row.source for row in policy.stage("2025-2").assumptions if row.key.endswith("elderly.age_min_years")] == [
        "umur lansia 60"
    ]
    assert _elderly_age(default_policy(), "2025-2") == 70


def _elderly_age(policy: Policy, stage: str) -> int | None:
    return next(rule.age_min_years for rule in policy.stage(stage).components if rule.component.name == "ELDERLY")


def test_a_scenario_may_touch_two_times_with_the_law_between() -> None:
    rows = [
        {"from": "2021-01-01", "until": "2021-12-31", "value": 3},
        {"from": "2025-01-01", "until": "2025-12-31", "value": 5},
    ]
    policy = default_policy().with_overlay({"family.persons_max": rows})
    years = {year: policy.stage(f"{year}-1").persons_max for year in (2020, 2021, 2023, 2025, 2026)}
    assert years == {2020: 4, 2021: 3, 2023: 4, 2025: 5, 2026: 4}


def test_an_enacted_value_keeps_its_own_source() -> None:
    row = {"from": "2026-07-01", "value": 5, "source": "Kepmensos 10/2026", "confidence": "H"}
    found = (
        default_policy().with_overlay({"family.persons_max": [row]}).value("family.persons_max", on=date(2027, 1, 1))
    )
    assert (found.value, found.source, found.confidence) == (5, "Kepmensos 10/2026", "H")


@pytest.mark.parametrize(
    ("overlay", "told"),
    [
        ({"family.persons": [{"from": "2025-01-01", "value": 5}]}, "skenario: kunci family.persons tidak dikenal"),
        ({"family.persons_max": [{"from": "2025-01-01", "value": 4.5}]}, "tertulis 4.5"),
        ({"family.persons_max": [{"value": 4}]}, "tidak berbentuk from, value"),
    ],
)
def test_a_scenario_is_checked_like_the_law(overlay: dict[str, object], told: str) -> None:
    with pytest.raises(BadPolicy, match=told):
        default_policy().with_overlay(overlay)


junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.sampled_from(["every", "2025-01-01", "flat", "H", "toddler"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(["from", "until", "value", "source", "confidence", "note", "catatan"])
rows = st.fixed_dictionaries({"from": st.dates() | junk, "value": junk}) | st.dictionaries(fields, junk)


@given(st.sampled_from(sorted(default_policy().timelines)) | st.text(max_size=8), st.lists(rows, max_size=3) | junk)
def test_whatever_is_laid_over_is_taken_or_refused_in_words(key: str, written: object) -> None:
    with suppress(HarapanError):
        policy = default_policy().with_overlay({key: written})
        for plan in policy.stages(2025):
            rules = policy.stage(plan.name)
            assert StageRules.from_json(rules.as_json()) == rules


def test_the_files_are_found_from_the_checkout() -> None:
    assert (FOLDER / "amounts.yaml").is_file()
