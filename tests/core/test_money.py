import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.errors import Unreadable
from harapan.core.money import IDR_MAX, Rounding, divide, parse_rupiah, rupiah, terbilang, thousands

amounts = st.integers(min_value=0, max_value=IDR_MAX)


def test_rupiah_is_written_as_on_every_page():
    assert rupiah(1_600_940_000_000) == "Rp1.600.940.000.000"
    assert rupiah(0) == "Rp0"
    assert rupiah(-975_000) == "−Rp975.000"
    assert thousands(438_077) == "438.077"


@pytest.mark.parametrize(
    "cell",
    ["975000", "Rp 975.000", "Rp. 975.000", "Rp975.000,-", "975.000,00", "975000.0", "975,000.00", "IDR 975,000",
     " 975 000 ", "975000,0", "975000 rupiah", "'975000"],
)  # fmt: skip
def test_what_spreadsheets_make_of_an_amount_is_read(cell):
    assert parse_rupiah(cell) == 975_000


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-975000", "negatif"),
        ("(975.000)", "negatif"),
        ("−975000", "negatif"),
        ("975000.50", "pecahan"),
        ("1,5", "pecahan"),
        ("9,75E+05", "notasi ilmiah"),
        ("9.75.000", "tidak dapat dibaca dengan pasti"),
        ("1.500,000", "tidak dapat dibaca dengan pasti"),
        ("seribu", "tidak dapat dibaca dengan pasti"),
        ("", "tidak dapat dibaca dengan pasti"),
        ("9" * 17, "terlalu besar"),
    ],
)
def test_doubtful_amounts_are_refused_in_words(cell, reason):
    with pytest.raises(Unreadable, match=reason):
        parse_rupiah(cell)


@given(amounts)
def test_what_was_written_is_read_back(idr):
    assert parse_rupiah(rupiah(idr)) == idr
    assert parse_rupiah(f"{idr}.0") == idr
    assert parse_rupiah(rupiah(-idr), allow_negative=True) == -idr


@pytest.mark.parametrize(
    ("annual", "by", "rounding", "unit", "stage"),
    [
        (2_000_000, 12, Rounding.DOWN, 1000, 166_000),
        (2_000_000, 6, Rounding.DOWN, 1000, 333_000),
        (2_000_000, 12, Rounding.NEAREST, 1, 166_667),
        (2_000_000, 12, Rounding.UP, 1000, 167_000),
        (900_000, 4, Rounding.DOWN, 1, 225_000),
    ],
)
def test_a_division_says_which_way_it_rounds(annual, by, rounding, unit, stage):
    assert divide(annual, by, rounding=rounding, unit_idr=unit) == stage


@given(amounts, st.integers(1, 24), st.sampled_from([1, 100, 1000]))
def test_rounding_down_never_pays_more_and_up_never_less(idr, by, unit):
    low, near, high = (divide(idr, by, rounding=rounding, unit_idr=unit) for rounding in Rounding)
    assert low <= near <= high <= low + unit
    assert low * by <= idr <= high * by


def test_a_negative_amount_is_never_divided():
    with pytest.raises(ValueError, match="amount must be"):
        divide(-1, 4, rounding=Rounding.DOWN)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (19, "sembilan belas"),
        (100, "seratus"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (21_100, "dua puluh satu ribu seratus"),
        (1_150_000, "satu juta seratus lima puluh ribu"),
        (1_001_000, "satu juta seribu"),
        (1_600_940_000_000, "satu triliun enam ratus miliar sembilan ratus empat puluh juta"),
        (-5, "minus lima"),
    ],
)
def test_amounts_are_spelt_out(number, words):
    assert terbilang(number) == words
