"""The official report of a meeting, A to E, numbered and named as the field does it. Nothing is typed anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from harapan.core.periods import format_date
from harapan.files import documents, pictures, storage
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.errors import clock
from harapan.p2k2.models import Mark, Photograph, Session
from harapan.p2k2.queries import Tally
from harapan.registry.models import Group

TEMPLATE = Path(__file__).with_name("report.typ")
PHOTOGRAPHS_MAX = 4
PRINTED_SIDE_MAX = 900
RHK = 2  # the result that P2K2 is reported under


def file_name(session: Session, group: Group) -> str:
    """ "20250519 - 14.00 - RHK-2 - P2K2 Melati 3 Modul 2 sesi 1.pdf"."""
    lesson = default_curriculum().lesson(session.lesson)
    what = f"P2K2 {group.name} {lesson.short if lesson else session.lesson}"
    plain = " ".join(re.sub(r"[^\w .()-]+", " ", what).split())
    return f"{session.held_on:%Y%m%d} - {clock(session.begins)} - RHK-{RHK} - {plain}.pdf"


def render(
    session: Session, group: Group, tally: Tally, photographs: Iterable[Photograph], *,
    place: Mapping[str, str], printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF. place: names of `district`, `regency` and `province`. The scope on must reach the photographs."""
    data = contents(session, group, tally, place=place)
    data["photographs"] = [_photograph(each) for each in list(photographs)[:PHOTOGRAPHS_MAX]]
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


def contents(session: Session, group: Group, tally: Tally, *, place: Mapping[str, str]) -> dict[str, Any]:
    """What the report says, without its photographs: for whoever puts it into a paper of their own.

    It was filled in when the meeting was recorded, so printing it again changes nothing.
    """
    lesson, filled_on = default_curriculum().lesson(session.lesson), timezone.localdate(session.recorded_at)
    facilitator = group.facilitator
    return {
        "number": session.report_number,
        "general": [
            ("Nomor laporan", session.report_number),
            ("Tanggal diisi", format_date(filled_on)),
            ("Pendamping", facilitator.name if facilitator else session.recorded_by.name),
            ("Kecamatan", place.get("district", "")),
            ("Kabupaten/kota", place.get("regency", "")),
            ("Provinsi", place.get("province", "")),
        ],
        "time": [
            ("Tanggal", format_date(session.held_on)),
            ("Mulai", clock(session.begins)),
            ("Selesai", clock(session.ends)),
            ("Tempat", session.place),
        ],
        "speaker": [("Nama", session.speaker), ("Jabatan/instansi", session.speaker_post or "-")],
        "content": [
            ("Modul", f"{lesson.module_number}. {lesson.module}" if lesson else session.lesson),
            ("Sesi", f"{lesson.number}. {lesson.title}" if lesson else "-"),
            ("Bahan dan alat", session.materials or "-"),
        ],
        "activity": _activity(group, tally),
        "minutes": session.minutes.splitlines() or ["-"],
        "photographs": [],
        "signed_at": f"{place.get('district', '')}, {format_date(filled_on)}".strip(", "),
        "facilitator": facilitator.name if facilitator else session.recorded_by.name,
        "staff_number": (facilitator or session.recorded_by).staff_number,
    }


def _activity(group: Group, tally: Tally) -> Sequence[tuple[str, str]]:
    rows = [
        ("Kelompok", group.name),
        ("Jumlah keluarga dampingan", str(tally.families)),
        ("Hadir", str(tally.of(Mark.PRESENT))),
        ("Diwakili", str(tally.of(Mark.REPRESENTED))),
        ("Sakit", str(tally.of(Mark.SICK))),
        ("Izin", str(tally.of(Mark.EXCUSED))),
        ("Tidak hadir (alpa)", str(tally.of(Mark.ABSENT))),
    ]
    return [*rows, ("Belum dicatat", str(tally.open))] if tally.open else rows


def _photograph(photograph: Photograph) -> dict[str, Any]:
    printed = pictures.shrunk(storage.read(photograph.shown), side=PRINTED_SIDE_MAX)
    return {"image": documents.whole(printed), "caption": caption(photograph)}


def caption(photograph: Any) -> str:
    """When and where, as the camera claims: "19 Mei 2025 14.12, −3.053333, 115.160000"."""
    when = format_date(photograph.taken_on) if photograph.taken_on else "tanggal tidak terbaca"
    at = f" {clock(photograph.taken_time)}" if photograph.taken_time else ""
    if photograph.latitude is None:
        return f"{when}{at}, tanpa posisi"
    return f"{when}{at}, {photograph.latitude:.6f}, {photograph.longitude:.6f}"
