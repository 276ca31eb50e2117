"""The papers as they come out: read back with pypdf."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from harapan.p2k2.attending import Said, mark_attendance
from harapan.p2k2.models import Attendance, Mark, Photograph, Session
from harapan.p2k2.papers import attendance, report
from harapan.p2k2.photographs import add_photograph
from harapan.p2k2.queries import Tally, marks_in
from harapan.registry.models import Family
from tests.benefits.world import HIYUNG, World
from tests.p2k2.conftest import TODAY, Record
from tests.p2k2.test_photographs import picture

PRINTED: dict[str, Any] = {
    "printed_by": "Siti Rahmah",
    "printed_at": datetime(2025, 5, 20, 9, 30, tzinfo=ZoneInfo("Asia/Makassar")),
}
PLACE = {"district": "Kec. Tapin Tengah", "regency": "Kab. Tapin", "province": "Kalimantan Selatan"}


def text(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages).split())


@pytest.fixture
def held(world: World, record: Record) -> tuple[Session, list[Family]]:
    families = [world.family(rt="004") for _ in range(25)]
    session = record()
    said = {
        families[0].pk: Said(Mark.SICK), families[1].pk: Said(Mark.ABSENT), families[2].pk: Said(Mark.EXCUSED),
        families[3].pk: Said(Mark.REPRESENTED, "Rahmah"), families[4].pk: Said(None),
    }  # fmt: skip
    mark_attendance(session.pk, said, by=world.user, on=TODAY)
    mark_attendance(session.pk, {f.pk: Said(Mark.PRESENT) for f in families[5:]}, by=world.user, on=TODAY)
    return session, families


def test_a_blank_sheet_names_the_families_and_leaves_the_rest_open(world: World) -> None:
    families = [world.family() for _ in range(25)]
    paper = attendance.render(world.groups[HIYUNG], families, place="Hiyung", **PRINTED)
    told = text(paper)
    assert all(family.name in told for family in families)
    assert "Pendamping 1" in told
    assert "✓" not in told
    assert len(PdfReader(io.BytesIO(paper)).pages) == 1


@pytest.mark.parametrize("count", [30, 0])
def test_a_group_of_thirty_and_one_of_nobody_are_printed(world: World, count: int) -> None:
    families = [world.family() for _ in range(count)]
    assert "DAFTAR HADIR" in text(attendance.render(world.groups[HIYUNG], families, place="Hiyung", **PRINTED))


def test_a_filled_sheet_shows_what_was_recorded_and_what_was_not(
    world: World, held: tuple[Session, list[Family]]
) -> None:
    session, families = held
    marks = {row.family_id: row for row in Attendance.objects.all()}
    told = text(
        attendance.render(world.groups[HIYUNG], families, place="Hiyung", session=session, marks=marks, **PRINTED)
    )
    assert "19 Mei 2025" in told
    assert "14.00–16.00" in told
    assert "Modul 2 sesi 1: Mengelola keuangan keluarga" in told
    assert "diwakili Rahmah" in told
    assert told.count("✓") == 24
    assert "H 20, S 1, I 1, A 1, W 1, belum dicatat 1" in told


def test_the_report_has_its_five_parts_in_order_and_counts_what_was_said(
    world: World, held: tuple[Session, list[Family]]
) -> None:
    session, families = held
    add_photograph(session.pk, picture(size=(800, 600)), name="a.jpg", by=world.user, on=TODAY)
    tally = Tally(len(families), marks_in([session.pk])[session.pk])
    photographs = list(Photograph.objects.select_related("shown"))
    paper = report.render(session, world.groups[HIYUNG], tally, photographs, place=PLACE, **PRINTED)
    told = text(paper)
    parts = ["A. Umum", "B. Waktu", "C. Narasumber", "D. Materi", "E. Kegiatan"]
    assert sorted(parts, key=told.index) == parts
    for said in (
        f"Nomor: {session.report_number}", "Kec. Tapin Tengah", "Mulai 14.00", "Selesai 16.00",
        "2. Pengelolaan keuangan dan perencanaan usaha", "1. Mengelola keuangan keluarga",
        "Jumlah keluarga dampingan 25", "Hadir 20", "Sakit 1", "Tidak hadir (alpa) 1", "Belum dicatat 1",
        "Membahas catatan uang harian.", "19 Mei 2025 14.12, -3.053333, 115.160000", "Siti Rahmah",
    ):  # fmt: skip
        assert said in told
    assert sum(len(page.images) for page in PdfReader(io.BytesIO(paper)).pages) == 1


def test_the_file_is_named_as_the_field_names_its_files(world: World, record: Record) -> None:
    group = world.groups[HIYUNG]
    group.name = "Melati 3/RT: 04"
    assert report.file_name(record(), group) == "20250519 - 14.00 - RHK-2 - P2K2 Melati 3 RT 04 Modul 2 sesi 1.pdf"
