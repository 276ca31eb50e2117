"""A file of people who serve: of PKH and beside it, each row answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from harapan.accounts.models import Post
from harapan.core.errors import NotForRole
from harapan.exchange.staff import codec as staff
from harapan.workforce.models import Person
from harapan.workforce.taking_on import take_on
from tests.benefits.world import regions
from tests.intake.conftest import BANJAR, TAPIN, Bring, answers

NIKS = ("6305014107900001", "6305014107900002", "6305014107900003", "6305014107900004")


@pytest.fixture(autouse=True)
def ground(system: Any) -> None:
    regions()


def row(number: int = 0, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "bpnt", "name": f"WULAN {number}", "nik": NIKS[number], "region_code": "63.05.03",
        "since": date(2024, 2, 1), "education": "bachelor", "cohort": 2018,
    } | changes  # fmt: skip


def bring_in(bring: Bring, post: Post, *rows: dict[str, Any], form: str = "xlsx", **options: Any) -> Any:
    return bring(staff.render(rows, form=form), layout="staff", post=post, stage="", **options)


def test_companions_of_sister_programmes_come_in_once(bring: Bring, officer: Post) -> None:
    rows = [row(0), row(1, kind="tksk", region_code="6305"), row(2, kind="other", cohort=None)]
    run = bring_in(bring, officer, *rows)
    assert (run.accepted, run.refused) == (3, 0)
    found = {person.name: person for person in Person.objects.all()}
    assert (found["WULAN 0"].kind, found["WULAN 0"].sex, found["WULAN 0"].born_on) == ("bpnt", 2, date(1990, 7, 1))
    assert found["WULAN 1"].region_no == TAPIN
    assert found["WULAN 0"].user is None
    again = bring_in(bring, officer, *rows, row(3))
    assert (again.accepted, again.unchanged) == (1, 3)
    assert Person.objects.count() == 4


def test_each_odd_row_is_answered(bring: Bring, officer: Post) -> None:
    take_on("ORANG BANJAR", region_no=BANJAR, since=date(2020, 1, 1), nik=NIKS[3])
    known = take_on("WULAN 2", region_no=6305020000, since=date(2020, 1, 1), nik=NIKS[2], kind="tksk")
    run = bring_in(
        bring, officer, row(0), row(0, name="KEMBAR"), row(1, region_code="63.03.01"), row(3),
        row(2, phone="081234567890"), row(1, nik=NIKS[1][:-1] + "9", region_code="63.05.99"),
    )  # fmt: skip
    said = answers(run)
    assert "lebih dari satu baris" in said[2]
    assert "lebih dari satu baris" in said[3]
    assert "63.03.01 tidak ada dalam daftar" in said[4] or "luar wilayah kerja Anda. Keluarkan" in said[4]
    assert "sudah tercatat di luar wilayah kerja Anda" in said[5]
    assert "Tercatat bertugas di 63.05.02" in said[6]
    assert "Tercatat sebagai TKSK" in said[6]
    assert "63.05.99 tidak ada dalam daftar" in said[7]
    assert (run.accepted, run.changed, run.refused) == (0, 1, 5)
    known.refresh_from_db()
    assert (known.region_no, known.kind, known.cohort) == (6305020000, "tksk", 2018)


def test_a_role_that_keeps_no_staff_brings_none_in(bring: Bring, operator: Post, system: Any) -> None:
    operator.role_code = "commitment_officer"
    with pytest.raises(NotForRole):
        bring_in(bring, operator, row(0))
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("written", "read"), [("Pendamping BPNT", "bpnt"), ("TKSK", "tksk"), ("SDM PKH", "pkh"), ("Mitra", "other")]
)
def test_kinds_are_read_as_people_write_them(written: str, read: str) -> None:
    made = staff.render([row(0)], form="csv").decode("utf-8-sig").replace("BPNT", written)
    assert staff.parse(made.encode(), name="sdm.csv")["kind"] == [read]


def test_what_is_written_is_read_back() -> None:
    rows = [row(0), row(1, education="senior", staff_number="199007012018012001", email="w@contoh.id")]
    sheet = staff.parse(staff.render(rows, form="xlsx"), name="sdm.xlsx")
    assert sheet.problems == []
    for name in ("kind", "name", "nik", "region_code", "since", "education", "cohort"):
        assert sheet[name] == [each[name] for each in rows]
