"""The school's form: its head, its spellings, and days that contradict each other."""

import pytest

from harapan.core.errors import Unreadable
from harapan.exchange import layouts
from harapan.exchange.verification_school import codec as verification_school

from .workbooks import text, workbook

NIK = "6305022001167298"


def form(*rows: str, title: str = "TRIWULAN 4 TAHUN 2024", months: str = "OKTOBER,,,,,NOPEMBER,,,,,DESEMBER,,,,",
         days: tuple[str, ...] = ("22", "20", "18"), sep: str = ",") -> bytes:  # fmt: skip
    lines = [
        f"FORM VERIFIKASI KOMITMEN PENDIDIKAN PKH PERIODE : {title}",
        "NPSN : 30305001",
        "Nama Sekolah :: SDN TATAKAN 1",
        "NO,NIK PENGURUS,NAMA PENGURUS,NIK SISWA,NISN,NAMA SISWA,BENTUK PENDIDIKAN,TINGKAT PENDIDIKAN,"
        f"{months},KET,PENDAMPING",
        ",,,,,,,," + ",".join(f"HARI EFEKTIF,{count},,," for count in days) + ",,",
        ",,,,,,,," + ",".join(["ALPA,IZIN,SAKIT,JML,%"] * 3) + ",,",
        *(f"1,0,IBU,{NIK},0016279267,ANAK,SD,2,{row},,HARTATI" for row in rows),
    ]
    return text("\ufeffsep=" + sep, *(line.replace(",", sep).replace("~", ",") for line in lines))


GOOD = "1,,,21,95.45%,,,,20,100,,2,,16,88.89"


def parse(*rows: str, **options):
    return layouts.parse("verification-school", form(*rows, **options))


def test_old_spellings_and_decimal_commas_are_read():
    sheet = parse("1,,,21,95~45%,,,,20,100,,2,,16,88~89", sep=";")
    assert sheet.problems == []
    assert sheet.head.months == ("2024-10", "2024-11", "2024-12")
    assert sheet["percent_1"] == [9545]
    pebruari = parse(GOOD, title="TRIWULAN I TAHUN 2025", months="JANUARI,,,,,PEBRUARI,,,,,MARET,,,,")
    assert pebruari.head.months == ("2025-01", "2025-02", "2025-03")


@pytest.mark.parametrize(
    ("row", "column", "reason", "fatal"),
    [
        ("3,,,21,95.45,,,,20,,,,,18,", "OKTOBER JML", "lebih dari 22 hari efektif", True),
        (",,,23,,,,,20,,,,,18,", "OKTOBER JML", "lebih dari 22 hari efektif", True),
        ("30,,,,,,,,20,,,,,18,", "OKTOBER JML", "hadir 0 dan tidak hadir 30, lebih dari 22 hari efektif", True),
        ("130,1,,,,,,,20,,,,,18,", "OKTOBER ALPA", "bukan bilangan bulat", True),
        ("1,,,,,,,,20,,,,,18,", "OKTOBER JML", "kosong padahal bulan ini diisi", True),
        ("-1,,,22,,,,,20,,,,,18,", "OKTOBER ALPA", "bukan bilangan bulat", True),
        (",,,20,,,,,20,,,,,18,", "OKTOBER JML", "2 hari tidak hadir tanpa keterangan", False),
        (",,,22,100,1,,,19,90%,,,,18,", "NOPEMBER %", "tertulis 90,00%, padahal 19 dari 20 hari 95,00%", False),
        (",,,22,banyak,,,,20,,,,,18,", "OKTOBER %", "tidak dapat dibaca", False),
        (",,,,12,,,,20,,,,,18,", "OKTOBER JML", "kosong padahal bulan ini diisi", True),
    ],
)
def test_days_that_contradict_each_other_are_named(row, column, reason, fatal):
    (problem,) = parse(row).problems
    assert (problem.line, problem.column, problem.fatal) == (8, column, fatal)
    assert reason in problem.reason


def test_a_month_nobody_filled_in_is_no_contradiction():
    sheet = parse(",,,,,,,,20,100.00,,,,,", days=("22", "20", ""))
    assert sheet.problems == []
    assert (sheet["present_1"], sheet["present_3"]) == ([None], [None])
    assert sheet.head.effective_days == (22, 20, 0)


def test_a_percentage_of_nought_over_blanks_fills_nothing_in():
    sheet = parse(",,,,0.00%,,,,20,100.00,,,,18,")
    assert sheet.problems == []
    assert [mark.present for mark in verification_school.marks(sheet)] == [None, 20, 18]


def test_a_month_filled_in_without_its_school_days_says_where_they_are_missing():
    (problem,) = parse(",,,22,,,,,20,,,,,18,", days=("", "20", "18")).problems
    assert problem.fatal
    assert "Hari efektif Oktober belum diisi" in problem.reason


def test_fractions_of_a_workbook_are_percentages():
    head = [line.split(",") for line in form().decode("utf-8-sig").splitlines()[1:]]
    cells = [1, 0, "IBU", NIK, "0016279267", "ANAK", "SD", 2, 1, None, None, 21, 0.9545, None, None, None, 20, 1.0]
    sheet = layouts.parse(
        "verification-school", workbook([*head, [*cells, None, 2, None, 16, 0.8889, None, "HARTATI"]])
    )
    assert sheet.problems == []
    assert sheet["present_2"] == [20]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"title": "SEMESTER 1"}, "triwulan dan tahun"),
        ({"title": "TRIWULAN 3 TAHUN 2024"}, "judul menyebut triwulan 3, tetapi kolomnya Oktober, November, Desember"),
        ({"months": "OKTOBER,,,,,NOPEMBER,,,,,,,,,"}, "tiga nama bulan, terbaca 2"),
        ({"days": ("22", "20", "40")}, "hari efektif 40"),
    ],
)
def test_a_head_that_cannot_be_understood_refuses_the_file(options, reason):
    with pytest.raises(Unreadable, match=reason):
        parse(GOOD, **options)


def test_a_form_without_npsn_or_titles_is_refused():
    raw = form(GOOD)
    with pytest.raises(Unreadable, match="NPSN"):
        layouts.parse("verification-school", raw.replace(b"NPSN : 30305001", b"NPSN :"))
    with pytest.raises(Unreadable, match="ALPA, IZIN, SAKIT"):
        layouts.parse("verification-school", raw.replace(b"ALPA,IZIN", b"A1,B2"))
    with pytest.raises(Unreadable, match="NIK SISWA dan NAMA SISWA"):
        layouts.parse("verification-school", raw.replace(b"NAMA SISWA", b"X"))
