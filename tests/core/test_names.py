import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core.names import name_key, same_name, similarity


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Hj. Siti Nor'aini, S.Pd", "SITI NORAINI"),
        ("  RUSMINI   NURJANNAH ", "RUSMINI NURJANNAH"),
        ("Drs. H. Abd.Rahman", "ABD RAHMAN"),
        ("MARIANI (ALM)", "MARIANI"),
        ("M. Noor", "M NOOR"),
        ("Guru", "GURU"),
        ("Renée", "RENEE"),
        ("", ""),
    ],
)
def test_a_key_holds_the_name_and_nothing_else(written, key):
    assert name_key(written) == key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ST NORAINI", "SITI NUR AINI"),
        ("MUHAMMAD NOOR", "M. NUR"),
        ("SALASIAH", "SALASIYAH"),
        ("JUMIATI SARI", "SARI JUMIATI"),
        ("SITI HIDAYAH", "SITI HIDAYAHH"),
        ("SOEKARNI", "SUKARNI"),
        ("NORHAYATI AMINAH", "NURHAYATI AMINAH"),
        ("Hj. RUSMINI NURJANNAH", "RUSMINI NURJANAH"),
    ],
)
def test_one_name_in_two_spellings(one, other):
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("MARIANI YANTI", "MARIANI AMINAH"),
        ("SITI AMINAH", "SITI AISYAH"),
        ("RAHMAH", "RAHMAT"),
        ("FADILAH SYIFA", "NAILA ARIF"),
        ("RUSMINI", ""),
    ],
)
def test_two_names(one, other):
    assert not same_name(one, other)


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_the_same_both_ways(one, other):
    assert similarity(one, other) == similarity(other, one)
    assert 0.0 <= similarity(one, other) <= 1.0
    assert name_key(name_key(one)) == name_key(one) or name_key(one).split()[0] in name_key(one)
