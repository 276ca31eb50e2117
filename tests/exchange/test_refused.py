"""Refused rows go back as a file in the layout they came in, with the reason, and can be sent in again."""

import pytest

from harapan.exchange import layouts
from harapan.exchange.files import read_grids
from harapan.exchange.writing import REASON_TITLE, render_refused

from .made import SAMPLES
from .workbooks import text, workbook

NIK = "6305026602731932"


def refused_grid(raw: bytes, layout: str = "bnba", **options):
    sheet = layouts.parse(layout, raw)
    back = render_refused(sheet, **options)
    return back, read_grids(back)[0]


def test_a_csv_goes_back_as_it_came():
    back, grid = refused_grid(text("sep=;", "NAMA;NIK;LAIN", f"SITI;{NIK};x", "ANI;123456789;=1+1", "UMI;0;z"))
    assert back.decode("utf-8-sig").splitlines()[0] == "sep=;"
    assert grid.row(0) == ["NAMA", "NIK", "LAIN", REASON_TITLE]
    assert grid.row(1)[:3] == ["ANI", "123456789", "'=1+1"]  # Excel must not run what came from outside
    assert "NIK: NIK" in grid.row(1)[3]
    assert "kosong" in grid.row(2)[3]
    assert grid.height == 3


def test_a_workbook_goes_back_with_its_titles_and_text_numbers():
    rows = [["DAFTAR HIYUNG"], ["NIK", "NAMA"], [6305026602731932, "SITI"], [6305027202731932, "ANI"]]
    back, grid = refused_grid(workbook(rows))
    assert back.startswith(b"PK")
    assert [grid.row(index)[:2] for index in range(3)] == [
        ["DAFTAR HIYUNG", ""], ["NIK", "NAMA"], ["6305027202731932", "ANI"],
    ]  # fmt: skip
    assert not grid.numeric(0, below=1)


def test_the_mended_file_is_read_like_the_first_and_reasons_do_not_pile_up():
    back, _ = refused_grid(text("NIK;NAMA", "6305027202731932;ANI"))
    again, grid = refused_grid(back)
    assert grid.row(0) == ["NIK", "NAMA", REASON_TITLE]
    mended = again.replace(b"6305027202731932", NIK.encode())
    assert layouts.parse("bnba", mended)["nik"] == [NIK]
    assert not layouts.parse("bnba", mended).refused


def test_reasons_found_by_the_import_itself_are_added():
    raw = text("NIK;NAMA", f"{NIK};SITI", f"{NIK};ANI")
    _, grid = refused_grid(raw, extra={3: "Desa tidak dikenal."}, form="xlsx")
    assert grid.row(1) == [NIK, "ANI", "Desa tidak dikenal."]


@pytest.mark.parametrize(
    ("layout", "file"),
    [
        ("beneficiaries", "beneficiaries.xlsx"),
        ("caseload", "caseload-merged.xlsx"),
        ("components", "components.xlsx"),
        ("verification-school", "verification-school.csv"),
    ],
)
def test_every_layout_comes_back_whole(layout, file):
    first = layouts.parse(layout, SAMPLES / file)
    back = render_refused(first, extra=dict.fromkeys(first.lines, "Wilayah tidak dikenal."))
    again = layouts.parse(layout, back)
    assert again.columns == first.columns
    assert again.head == first.head
