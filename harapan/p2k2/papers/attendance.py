"""The attendance sheet of a group: blank to be filled by hand at the meeting, or filled as it was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from harapan.core.periods import format_date
from harapan.files import documents
from harapan.p2k2.curriculum import default_curriculum
from harapan.p2k2.errors import clock
from harapan.p2k2.models import Attendance, Mark, Session
from harapan.registry.models import Family, Group

TEMPLATE = Path(__file__).with_name("attendance.typ")
LETTERS = {
    Mark.PRESENT: "H", Mark.SICK: "S", Mark.EXCUSED: "I", Mark.ABSENT: "A", Mark.REPRESENTED: "W",
}  # fmt: skip
LEGEND = "H hadir, S sakit, I izin, A alpa, W diwakili (tulis nama yang datang). Kosong berarti belum dicatat."
ONE_PAGE = 27  # rows of 7 mm on an A4; larger groups get lower rows, then a second page


def render(
    group: Group, families: Iterable[Family], *, place: str, printed_by: str, printed_at: datetime,
    session: Session | None = None, marks: Mapping[int, Attendance] | None = None,
) -> bytes:  # fmt: skip
    """PDF, one row a family; names and addresses stand on it, no number of a person: it goes round in a living room.

    session and marks (by family) fill it; without them day, hours, lesson and marks stay open.
    """
    said = marks or {}
    rows = [_row(family, said.get(family.pk)) for family in families]
    lesson = default_curriculum().lesson(session.lesson) if session else None
    data = {
        "group": group.name,
        "place": place,
        "leader": group.leader_name,
        "facilitator": group.facilitator.name if group.facilitator else "",
        "staff_number": group.facilitator.staff_number if group.facilitator else "",
        "day": format_date(session.held_on) if session else "",
        "hours": f"{clock(session.begins)}–{clock(session.ends)}" if session else "",
        "where": session.place if session else "",
        "lesson": f"{lesson.short}: {lesson.title}" if lesson else "",
        "letters": list(LETTERS.values()),
        "legend": LEGEND,
        "families": rows,
        "row_mm": 7 if len(rows) <= ONE_PAGE else 6.2,
        "summary": summary([row["mark"] for row in rows]) if session else "",
    }
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


def _row(family: Family, said: Attendance | None) -> dict[str, str]:
    corner = "/".join(filter(None, (family.rt, family.rw)))
    return {
        "name": family.name,
        "address": ", ".join(filter(None, (corner, family.hamlet or family.address)))[:60],
        "mark": LETTERS[Mark(said.mark)] if said else "",
        "by": said.represented_by if said else "",
    }


def summary(letters: Iterable[str]) -> str:
    """ "H 20, S 1, I 0, A 2, W 1, belum dicatat 1"."""
    told = list(letters)
    parts = [f"{letter} {told.count(letter)}" for letter in LETTERS.values()]
    return ", ".join([*parts, f"belum dicatat {told.count('')}"])
