from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core import periods
from harapan.core.errors import Unreadable
from harapan.core.periods import StageName

days = st.dates(date(1970, 1, 1), date(2068, 12, 31))


@pytest.mark.parametrize(
    ("word", "number"),
    [("Pebruari", 2), ("NOPEMBER", 11), ("Nop", 11), ("agt.", 8), ("Mei", 5), ("May", 5), ("DES", 12), ("Okt", 10)],
)
def test_months_are_known_in_every_spelling(word, number):
    assert periods.month_number(word) == number


def test_a_word_that_is_no_month_is_none():
    assert periods.month_number("Senin") is None


@pytest.mark.parametrize("text", ["2025-02", "02/2025", "Pebruari 2025", "FEB 2025", "Februari-2025"])
def test_a_month_is_read(text):
    assert periods.parse_month(text) == "2025-02"


@pytest.mark.parametrize("text", ["2025-13", "13/2025", "Senin 2025", "", "2025"])
def test_what_is_no_month_is_refused(text):
    with pytest.raises(Unreadable, match="tidak dikenal"):
        periods.parse_month(text)


def test_months_count_over_the_end_of_a_year():
    assert periods.add_months("2024-11", 3) == "2025-02"
    assert periods.add_months("2025-01", -1) == "2024-12"
    assert periods.month_range("2024-12", "2025-02") == ("2024-12", "2025-01", "2025-02")
    assert periods.month_range("2025-02", "2025-01") == ()
    assert periods.month_days("2024-02") == (date(2024, 2, 1), date(2024, 3, 1))
    assert periods.format_month("2025-05") == "Mei 2025"


def test_quarters_and_their_months_agree():
    assert periods.quarter_months(2025, 2) == ("2025-04", "2025-05", "2025-06")
    assert {periods.quarter_of(month) for month in periods.quarter_months(2025, 4)} == {(2025, 4)}
    with pytest.raises(Unreadable, match="Triwulan 5 tidak ada"):
        periods.quarter_months(2025, 5)


def test_stages_sort_by_time_not_by_letter():
    names = [StageName.parse(text) for text in ("2020-10", "2020-2", "2019-4", "2023-3-pos", "2023-3")]
    assert [str(name) for name in sorted(names)] == ["2019-4", "2020-2", "2020-10", "2023-3", "2023-3-pos"]
    assert StageName.parse("2023-3-POS").channel == "pos"
    assert StageName(2025, 2).label == "Tahap 2 Tahun 2025"


@pytest.mark.parametrize("text", ["2025", "2025-0", "25-2", "2025-2-", "tahap 2"])
def test_what_is_no_stage_is_refused(text):
    with pytest.raises(Unreadable, match="misalnya 2025-2"):
        StageName.parse(text)


@pytest.mark.parametrize(
    "text",
    ["2025-04-05", "05/04/2025", "5-4-2025", "05.04.25", "5-Apr-25", "5 April 2025", "20250405", "45752", "45752.0",
     "2025-04-05 00:00:00", "2025-04-05T14:05:00+08:00", "05/04/2025 14.05"],
)  # fmt: skip
def test_dates_are_read_as_files_write_them(text):
    assert periods.parse_date(text) == date(2025, 4, 5)


@pytest.mark.parametrize("text", ["04/13/2025", "31/02/2025", "2025", "12", "besok", ""])
def test_a_date_is_never_guessed(text):
    with pytest.raises(Unreadable, match="tidak dapat dibaca"):
        periods.parse_date(text)


def test_a_date_is_written_as_on_every_page():
    assert periods.format_date(date(2018, 5, 27)) == "27 Mei 2018"


@given(days)
def test_dates_survive_every_way_of_writing(day):
    for text in (day.isoformat(), f"{day:%d/%m/%Y}", f"{day:%d-%m-%y}", periods.format_date(day)):
        assert periods.parse_date(text) == day
    assert periods.month_of(day) == day.isoformat()[:7]
    assert periods.parse_month(periods.format_month(periods.month_of(day))) == periods.month_of(day)
