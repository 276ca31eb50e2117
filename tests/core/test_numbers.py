from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harapan.core import numbers
from harapan.core.errors import Unreadable
from harapan.core.numbers import Number, Sex, read_kk, read_nik

NIK = "6305026602731932"  # invented: a woman, 26 February 1973
KK = "6305021608156220"
days = st.dates(date(1930, 1, 1), date(2024, 12, 31))


@st.composite
def niks(draw):
    born = draw(days)
    day = born.day + draw(st.sampled_from([0, 40]))
    district = draw(st.integers(110101, 899999))  # below 2^53, so that a float keeps every digit
    return f"{district}{day:02d}{born:%m%y}{draw(st.integers(1, 9999)):04d}"


@pytest.mark.parametrize(
    "cell",
    [NIK, f" {NIK} ", f"'{NIK}", f"’{NIK}", f'="{NIK}"', f"{NIK}.0", f"{NIK},00", "6.305026602731932E15",
     "6,305026602731932E+15", "6305.0266.0273.1932", "6305 0266 0273 1932", "6.305.026.602.731.932",
     "63.05.02.660273.1932", f"{NIK}\u200b"],
)  # fmt: skip
def test_what_is_certain_is_repaired(cell):
    number = read_nik(cell)
    assert number.value == NIK
    assert bool(number.note) == (cell.strip() != NIK)


@pytest.mark.parametrize("cell", ["", " ", "0", "0.0", "0000000000000000", "-", "NULL", "#N/A", "belum ada", "'0"])
def test_zero_and_its_like_mean_none_yet(cell):
    assert read_nik(cell) == Number(None)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("6.3E+15", "notasi ilmiah.*ambil kembali dari daftar asal"),
        ("6,30503E+15", "notasi ilmiah"),
        ("6.30502660273193E+15", "notasi ilmiah"),  # 15 digits: Excel cut the last
        ("9.171026602731932E15", "9.007.199.254.740.992"),
        ("9171026602731932.0", "9.007.199.254.740.992"),
        (NIK[:-1], "15 angka, seharusnya 16.*tidak pernah "),
        (NIK + "1", "17 angka"),
        ("63O5026602731932", r"bukan angka \(O\)"),
        ("-6305026602731932", "bukan angka"),
        ("0905026602731932", "kode provinsi mulai dari 11"),
        ("6305027202731932", "tanggal lahir yang tidak ada: 72-02-73"),
        ("6305020013731932", "tanggal lahir"),
        ("6305023002731932", "tanggal lahir"),
        ("6300000000000000", "tanggal lahir"),
        ("6305026602730000", "nomor urut"),
    ],
)
def test_what_is_doubtful_is_refused_in_words(cell, reason):
    with pytest.raises(Unreadable, match=reason):
        read_nik(cell)


def test_a_refusal_never_prints_a_whole_number():
    for cell in (NIK + "1", "6305027202731932", f"{NIK}x", "9171026602731932.0"):
        with pytest.raises(Unreadable) as refused:
            read_nik(cell)
        assert cell[4:] not in str(refused.value)


def test_an_unknown_district_is_warned_about_not_refused():
    assert read_nik(NIK, known_districts={"630502"}).warning == ""
    number = read_nik(NIK, known_districts={"630501"})
    assert number.value == NIK
    assert "630502" in number.warning
    assert "daftar wilayah" in read_kk(KK, known_districts=set()).warning


def test_a_kk_has_no_birth_date_but_a_day_of_issue():
    assert read_kk(KK) == Number(KK)
    assert "Tanggal terbit" in read_kk("6305023113156220").warning
    with pytest.raises(Unreadable, match="0000"):
        read_kk("6300000000000000")


@pytest.mark.parametrize(
    ("nik", "years_min", "born"),
    [
        (NIK, 0, date(1973, 2, 26)),
        ("6305022001167298", 0, date(2016, 1, 20)),
        ("6305022001167298", 17, date(1916, 1, 20)),  # a pengurus is no child
        ("6305022304257298", 0, date(1925, 4, 23)),  # 23 April 2025 is yet to come
        ("6305022204257298", 0, date(2025, 4, 22)),
        ("6305022902007298", 0, date(2000, 2, 29)),
        ("6305022902007298", 60, date(2000, 2, 29)),  # no other year fits
    ],
)
def test_a_nik_tells_the_birth_date(nik, years_min, born):
    assert read_nik(nik).value == nik
    assert numbers.birth_date_of(nik, on=date(2025, 4, 22), years_min=years_min) == born


def test_a_nik_tells_the_sex():
    assert numbers.sex_of(NIK) is Sex.FEMALE
    assert numbers.sex_of("6305022001167298") is Sex.MALE


@given(niks())
def test_every_well_made_nik_survives_a_float(nik):
    assert read_nik(nik) == Number(nik)
    assert read_nik(str(float(nik))).value == nik
    assert read_nik(f"{float(nik):.15E}").value == nik
    assert numbers.birth_date_of(nik, on=date(2025, 4, 1)).strftime("%m%y") == nik[8:12]


def test_a_pupil_number_gets_its_zeros_back():
    assert numbers.read_nisn("16279267").value == "0016279267"
    assert numbers.read_nisn("0016279267") == Number("0016279267")
    with pytest.raises(Unreadable, match="seharusnya 10"):
        numbers.read_nisn("1234567")


def test_accounts_and_cards_keep_every_digit():
    assert numbers.read_account("0123-01-004567-50-1").value == "012301004567501"
    assert numbers.read_card("6013351763952441") == Number("6013351763952441")
    with pytest.raises(Unreadable, match="5 sampai 20"):
        numbers.read_account("123")
    with pytest.raises(Unreadable, match="kartu"):
        numbers.read_card("60133517639524")


@pytest.mark.parametrize(
    "cell", ["0812-3456-7890", "081234567890", "+62 812 3456 7890", "6281234567890", "81234567890", "006281234567890",
             "62081234567890", "'081234567890", "81234567890.0", "'+6281234567890"],
)  # fmt: skip
def test_phones_come_to_one_form(cell):
    assert numbers.read_phone(cell).value == "+6281234567890"


@pytest.mark.parametrize("cell", ["12345678", "0812", "nomor istri", "0812345678901234"])
def test_what_is_no_phone_is_refused(cell):
    with pytest.raises(Unreadable, match="Nomor telepon"):
        numbers.read_phone(cell)


def test_masks_hide_what_is_secret():
    assert numbers.masked_nik(NIK) == "6305 •••• •••• ••••"
    assert numbers.masked_kk(KK) == "6305 •••• •••• 6220"
    assert numbers.masked_tail("5059906722") == "•••• 6722"


@pytest.mark.parametrize(
    "cell", ["0A1B2C3D4E5F6G7H", " 0a1b2c3d4e5f6g7h ", "0A1B 2C3D 4E5F 6G7H", "'0A1B-2C3D-4E5F-6G7H"]
)
def test_an_ntpn_is_sixteen_letters_and_digits(cell):
    assert numbers.read_ntpn(cell).value == "0A1B2C3D4E5F6G7H"


@pytest.mark.parametrize(
    "cell", ["0A1B2C3D4E5F6G7", "0A1B2C3D4E5F6G7H8", "0A1B2C3D4E5F6G7É", "1.23456789012E+15", "lunas"]
)
def test_any_other_ntpn_is_refused_in_words(cell):
    with pytest.raises(Unreadable, match=r"NTPN “.*” bukan 16 huruf dan angka.*salin dari bukti"):
        numbers.read_ntpn(cell)


@pytest.mark.parametrize("cell", ["", "-", "0", "NULL", "belum ada"])
def test_no_ntpn_yet(cell):
    assert numbers.read_ntpn(cell) == Number(None)
