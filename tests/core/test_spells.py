from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.spells import Spell, first_overlap

JAN, FEB, MAR = date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 1)
days = st.dates(date(2024, 1, 1), date(2024, 3, 1))
spells = st.builds(
    lambda start, length: Spell(start, None if length is None else start + timedelta(days=length)),
    days,
    st.none() | st.integers(1, 60),
)


def test_the_end_is_the_first_day_outside():
    spell = Spell(JAN, FEB)
    assert spell.contains(JAN)
    assert spell.contains(date(2025, 1, 31))
    assert not spell.contains(FEB)
    assert spell.last_day == date(2025, 1, 31)
    assert Spell.through(JAN, date(2025, 1, 31)) == spell


def test_neighbours_share_no_day():
    assert not Spell(JAN, FEB).overlaps(Spell(FEB, MAR))
    assert first_overlap([Spell(FEB), Spell(JAN, FEB)]) is None
    assert first_overlap([Spell(FEB), Spell(JAN, MAR)]) == (Spell(JAN, MAR), Spell(FEB))


def test_an_open_spell_goes_on():
    spell = Spell(JAN)
    assert spell.open
    assert spell.last_day is None
    assert spell.contains(date(2099, 1, 1))
    assert spell.closed_on(FEB) == Spell(JAN, FEB)


def test_a_spell_without_a_day_is_refused():
    with pytest.raises(ValueError, match="at least one day"):
        Spell(JAN, JAN)


@given(spells, spells, days)
def test_the_intersection_holds_just_the_days_of_both(one, other, day):
    shared = one.intersection(other)
    assert (shared is not None and shared.contains(day)) == (one.contains(day) and other.contains(day))
    assert one.overlaps(other) == other.overlaps(one)
