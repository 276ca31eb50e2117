"""Every sample file is read whole, without a complaint, in either of its forms."""

import pytest

from harapan.core.components import Component
from harapan.exchange import layouts
from harapan.exchange.payment_file.codec import parse, render
from harapan.exchange.verification_school.codec import marks

from .made import SAMPLES
from .paying import of


@pytest.mark.parametrize(
    ("layout", "file", "count"),
    [
        ("beneficiaries", "beneficiaries.csv", 12),
        ("beneficiaries", "beneficiaries.xlsx", 12),
        ("caseload", "caseload.xlsx", 12),
        ("caseload", "caseload-merged.xlsx", 12),
        ("components", "components.xlsx", 27),
        ("verification-school", "verification-school.csv", 11),
        ("settlement", "payment-answer.csv", 8),
        ("settlement", "payment-answer-later.csv", 7),
    ],
)
def test_a_sample_is_read_whole(layout, file, count):
    sheet = layouts.parse(layout, SAMPLES / file)
    assert (len(sheet), sheet.problems, sheet.refused) == (count, [], frozenset())
    assert sheet.layout == layout


def test_csv_and_xlsx_say_the_same():
    csv, xlsx = (layouts.parse("beneficiaries", SAMPLES / f"beneficiaries.{form}") for form in ("csv", "xlsx"))
    assert list(csv.rows()) == list(xlsx.rows())
    first = next(csv.rows())
    assert first["line"] == 2
    assert first["nik"] == "6305026602731932"
    assert (first["rt"], first["village_code"], first["amount_idr"]) == ("004", "6305032009", 975_000)


def test_two_lines_in_one_cell_are_parted():
    plain, merged = (layouts.parse("caseload", SAMPLES / f"{file}.xlsx") for file in ("caseload", "caseload-merged"))
    assert list(plain.rows()) == list(merged.rows())
    assert plain["components"][1] == (
        Component.PRIMARY, Component.PRIMARY, Component.JUNIOR, Component.SENIOR, Component.TODDLER,
    )  # fmt: skip


def test_the_school_form_tells_each_month():
    sheet = layouts.parse("verification-school", SAMPLES / "verification-school.csv")
    assert (sheet.head.npsn, sheet.head.school) == ("30305001", "SDN TATAKAN 1")
    assert sheet.head.months == ("2025-04", "2025-05", "2025-06")
    assert sheet.head.effective_days == (22, 20, 18)
    first = next(marks(sheet))
    assert (first.line, first.month, first.present, first.sick, first.absent) == (7, "2025-04", 21, 1, None)
    assert sheet["nisn"][0] == "0016279267"


@pytest.mark.parametrize(
    ("name", "file", "count"),
    [
        ("himbara-csv", "payment-himbara-csv.csv", 8),
        ("himbara-fixed", "payment-himbara-fixed.txt", 8),
        ("pos-list-csv", "payment-pos-list.csv", 4),
        ("pos-list", "payment-pos-list.xlsx", 4),
    ],
)
def test_a_payment_file_is_read_whole_and_written_the_same(name, file, count):
    raw = (SAMPLES / file).read_bytes()
    head, orders, totals = parse(raw, of(name), name=file)
    assert (totals.rows, head.stage, head.regency) == (count, "2024-4", "63.05")
    assert parse(render(orders, head, of(name)), of(name)) == (head, orders, totals)
    assert name == "pos-list" or render(orders, head, of(name)) == raw
