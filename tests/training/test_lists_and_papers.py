"""Lists as files with an answer for every line; costs against their ceiling; letters, rooms, cards on paper."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from harapan.core.errors import Refused, Unreadable
from harapan.exchange.training_attendance import codec as attendance
from harapan.exchange.training_invitations import codec as invitations
from harapan.exchange.training_scores import codec as scores
from harapan.training import costs, lists, moving
from harapan.training.letters import latest_letter, number_letter
from harapan.training.lodging import beds, rides
from harapan.training.models import Batch, ClassAttendance, ClassSession, CostItem, Enrolment, OrderLetter, TestScore
from harapan.training.papers import order, roster
from harapan.workforce.models import Person
from harapan.workforce.taking_on import take_on
from tests.training.conftest import BEGINS, HSS, TAPIN, TODAY, Training
from tests.training.test_days import at

NIK = "6305014107900001"
POINTS = st.decimals(min_value=0, max_value=999, places=2)


@given(st.lists(POINTS, min_size=1, max_size=8))
def test_points_read_as_they_were_written(told: list[Decimal]) -> None:
    rows: list[dict[str, Any]] = [
        {"staff_number": f"SDM{number}", "name": "NAMA", "points": points} for number, points in enumerate(told)
    ]
    for form in ("xlsx", "csv"):
        assert scores.parse(scores.render(rows, form=form))["points"] == told


def test_every_line_of_an_invitation_list_is_answered(training: Training) -> None:
    batch = training.batch()
    training.quota(batch, {TAPIN: 2})
    first, second = training.people(2, TAPIN)
    known = take_on("RAHMI", region_no=TAPIN, since=date(2022, 1, 3), nik=NIK)
    rows = [
        {"staff_number": first.staff_number, "name": first.name},
        {"staff_number": "SDM-TIDAK-ADA", "name": "ENTAH"},
        {"nik": NIK, "name": "RAHMI"},
        {"staff_number": second.staff_number, "name": second.name},
        {"staff_number": first.staff_number, "name": first.name},
        {"name": "TANPA NOMOR"},
    ]
    raw = invitations.render(rows)
    found = lists.invite_from(batch.pk, raw, name="daftar.xlsx", by=training.by, on=TODAY)
    words = {each.line: (each.taken, str(each.words)) for each in found.lines}
    assert words[2] == (True, "Diundang.")
    assert words[3] == (False, str(lists.UNKNOWN))
    assert words[4] == (True, "Diundang.")
    assert not words[5][0]
    assert "2 kursi untuk Kab. Tapin sudah terisi" in words[5][1]
    assert words[6] == (False, str(lists.TWICE))
    assert "tanpa" in words[7][1]
    assert (found.taken, len(found.refused)) == (2, 4)
    assert set(Enrolment.objects.filter(batch=batch).values_list("person", flat=True)) == {first.pk, known.pk}
    back = lists.invitations.parse(found.xlsx())
    assert back.grid.columns[-1][0] == lists.ANSWER_TITLE
    assert back.grid.columns[-1][1:3] == ["Diundang.", str(lists.UNKNOWN)]
    again = lists.invite_from(batch.pk, found.xlsx(), name="daftar.xlsx", by=training.by, on=TODAY)
    assert again.lines[0].words == "Sudah diundang sebelumnya."


def test_points_from_a_file_answer_unknown_numbers_and_too_high_ones(training: Training) -> None:
    batch = training.batch()
    first, second, absent = training.people(3, TAPIN)
    training.invite(batch, [first, second])
    code = Enrolment.objects.get(person=second).code
    raw = scores.render(
        [
            {"staff_number": first.staff_number, "name": first.name, "points": Decimal("87.5")},
            {"code": code, "name": second.name, "points": Decimal(101)},
            {"staff_number": absent.staff_number, "name": absent.name, "points": Decimal(50)},
            {"staff_number": "198001012005011001", "name": "ENTAH", "points": Decimal(50)},
        ]
    )
    found = lists.scores_from(batch.pk, TestScore.Kind.POST, raw, name="nilai.xlsx", by=training.by, on=BEGINS)
    said = [str(each.words) for each in found.lines]
    assert said[0] == "Nilai dicatat."
    assert "Nilai 101 bukan 0 sampai 100" in said[1]
    assert "bukan peserta angkatan ini" in said[2]
    assert said[3] == str(lists.UNKNOWN)
    assert list(TestScore.objects.values_list("person", "points")) == [(first.pk, Decimal("87.50"))]


def test_attendance_from_a_file(training: Training) -> None:
    batch = training.batch()
    people = training.people(3, TAPIN)
    training.invite(batch, people)
    training.taught(batch)
    session = ClassSession.objects.filter(batch=batch).order_by("day", "begins")[0]
    marks = (attendance.MarkWord.PRESENT, attendance.MarkWord.SICK, attendance.MarkWord.ABSENT)
    rows = [{"staff_number": each.staff_number, "mark": mark} for each, mark in zip(people, marks, strict=True)]
    found = lists.attendance_from(session.pk, attendance.render(rows), name="hadir.xlsx", by=training.by, on=BEGINS)
    assert found.refused == []
    told = dict(ClassAttendance.objects.values_list("person", "mark"))
    assert [told[each.pk] for each in people] == ["present", "sick", "absent"]


def test_a_file_of_another_kind_is_refused_whole(training: Training) -> None:
    batch = training.batch()
    raw = invitations.render([{"staff_number": "SDM1", "name": "A"}])
    with pytest.raises(Unreadable, match="Nilai"):
        lists.scores_from(batch.pk, TestScore.Kind.PRE, raw, name="salah.xlsx", by=training.by, on=BEGINS)


def test_costs_stay_below_their_ceiling(training: Training) -> None:
    batch = training.batch()
    meals = costs.CostFacts("meals", "Konsumsi", 75, 360_000)
    with pytest.raises(Refused, match="belum punya pagu"):
        costs.add_cost(batch.pk, meals, by=training.by)
    costs.set_ceiling(batch.pk, 30_000_000, letter="DPA 1/2023", by=training.by)
    costs.add_cost(batch.pk, meals, by=training.by)
    with pytest.raises(Refused, match=r"Rp31\.000\.000, Rp1\.000\.000 di atas pagu Rp30\.000\.000"):
        costs.add_cost(batch.pk, costs.CostFacts("fees", "Honor", 10, 400_000), by=training.by)
    with pytest.raises(Refused, match="lebih kecil daripada biaya"):
        costs.set_ceiling(batch.pk, 26_999_999, letter="DPA 1/2023", by=training.by)
    item = CostItem.objects.get()
    assert item.amount_idr == 27_000_000
    with pytest.raises(Refused, match="belum tiba"):
        costs.pay_cost(batch.pk, item.pk, spent_on=BEGINS, by=training.by, on=TODAY)
    for _ in range(2):  # twice is once
        assert costs.pay_cost(batch.pk, item.pk, spent_on=TODAY, by=training.by, on=BEGINS).spent_on == TODAY
    with pytest.raises(Refused, match="sudah tercatat dibayar"):
        costs.pay_cost(batch.pk, item.pk, spent_on=BEGINS, by=training.by, on=BEGINS)
    costs.take_cost_away(batch.pk, item.pk, by=training.by)
    assert not CostItem.objects.exists()


SIGNER = {"signer": "H. ZAINAL", "signer_post": "Kepala Dinas Sosial", "basis": "DPA 2023"}


def _letter(training: Training, batch: Batch) -> OrderLetter:
    return number_letter(batch.pk, **SIGNER, dated=TODAY, by=training.by, on=TODAY)


def test_letters_are_numbered_without_a_gap_and_a_move_makes_a_version(training: Training) -> None:
    first, second = training.batch(), training.batch()
    with pytest.raises(Refused, match="belum ada yang ditugaskan"):
        _letter(training, first)
    training.invite(first, training.people(2, TAPIN))
    training.invite(second, training.people(2, TAPIN))
    assert [_letter(training, each).full_number for each in (first, second)] == [
        "ST-001/Diklat/2023", "ST-002/Diklat/2023",
    ]  # fmt: skip
    assert _letter(training, first).number == 1
    new = BEGINS + timedelta(days=7)
    moving.move_batch(
        first.pk, begins=new, ends=new + timedelta(days=2), place="", why="banjir besar", by=training.by, on=TODAY
    )
    first.refresh_from_db()
    assert latest_letter(first) is None
    assert _letter(training, first).full_number == "ST-001.2/Diklat/2023"


def _text(paper: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(paper)).pages]


def test_order_letters_go_to_regions_and_to_persons(training: Training) -> None:
    batch = training.batch()
    people = [*training.people(1, TAPIN), *training.people(1, 6_305_030_000), *training.people(1, HSS)]
    training.invite(batch, people)
    letter = _letter(training, batch)
    rows = list(Enrolment.objects.filter(batch=batch).select_related("person").order_by("region_no", "pk"))
    told: dict[str, Any] = {
        "places": {
            TAPIN: "Kab. Tapin", 6_305_030_000: "Kec. Tapin Tengah, Kab. Tapin", HSS: "Kab. Hulu Sungai Selatan",
        },
        "titles": {row.person_id: "Pendamping" for row in rows}, "printed_by": "KATIM", "printed_at": at(TODAY),
    }  # fmt: skip
    by_region = _text(order.per_region(letter, batch, rows, **told))
    assert len(by_region) == 2  # a list for each kabupaten, whoever of it serves in a kecamatan
    assert "Kec. Tapin Tengah" in by_region[0]
    assert "ST-001/Diklat/2023/1" in by_region[0]
    assert people[0].name in by_region[0]
    assert people[1].staff_number in by_region[0]
    assert people[2].name in by_region[1]
    assert "20 Februari 2023 sampai 22 Februari 2023" in by_region[1]
    by_person = _text(order.per_person(letter, batch, rows, **told))
    assert len(by_person) == 3
    assert people[1].name not in by_person[0]


def test_rooms_and_transport_are_told_from_who_is_expected(training: Training) -> None:
    batch = training.batch()
    people = [*training.people(5, TAPIN), *training.people(3, HSS)]
    training.invite(batch, people)
    Enrolment.objects.filter(person=people[0]).update(travels_by="own")
    rows = list(Enrolment.objects.filter(batch=batch).select_related("person").order_by("region_no", "pk"))
    found = beds(batch, rows)
    assert found == beds(batch, rows)
    of_room: dict[int, list[Person]] = {}
    for bed in found:
        of_room.setdefault(bed.room, []).append(bed.row.person)
    assert sum(len(room) for room in of_room.values()) == 8
    assert all(len({each.sex for each in room}) == 1 and len(room) <= 2 for room in of_room.values())
    assert [(each.region_no, each.travels_by, each.people) for each in rides(rows)] == [
        (TAPIN, "", 4), (TAPIN, "own", 1), (HSS, "", 3),
    ]  # fmt: skip


def test_lists_and_cards_are_printed(training: Training) -> None:
    batch = training.batch()
    told: dict[str, Any] = {"printed_by": "KATIM", "printed_at": at(TODAY)}
    paper = roster.render(
        batch, "Daftar kamar", (("Kamar", "16mm"), ("Nama", "1fr")), [(1, "RAHMI"), (1, "ANI")], **told
    )
    assert "RAHMI" in _text(paper)[0]
    people = [
        {"name": f"PESERTA {n}", "place": "Kab. Tapin", "code": f"KODE{n:06d}", "class": "A", "url": f"https://x/{n}"}
        for n in range(9)
    ]
    pages = _text(roster.cards(batch, people, **told))
    assert len(pages) == 2
    assert "KODE000008" in pages[1].replace(" ", "")
