"""The month's work plan on paper, to hang up or to hand in."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from harapan.core.periods import format_date, format_month
from harapan.fieldwork.plan_reading import Entry, Month, PlannedDay
from harapan.fieldwork.workers import Worker
from harapan.files import documents

TEMPLATE = Path(__file__).with_name("plan.typ")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
NAMES_MAX = 14


def render(
    worker: Worker, month: str, plan: Month, *, place: str, accepted: bool, on: date, printed_by: str,
    printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF, landscape. Days with nothing on them are left out."""
    data = {
        "month": str(format_month(month)),
        "general": [
            ("Nama", worker.user.name), ("NIP", worker.user.staff_number or "-"),
            ("Jabatan", str(worker.post.title_on(on))), ("Wilayah", place),
            ("Jam direncanakan", f"{plan.planned // 60} dari {plan.whole // 60} jam kerja ({plan.percent}%)"),
            *([("Tugas tambahan", f"{plan.open_days} hari: {'; '.join(plan.open_duties)}")] if plan.open_days else []),
        ],
        "proposal": not accepted,
        "days": [_day(each) for each in plan.days if not each.idle],
        "signed_at": f"{place.split(',')[0]}, {format_date(on)}",
        "title": str(worker.post.title_on(on)),
        "name": worker.user.name,
        "staff_number": worker.user.staff_number,
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


def _day(day: PlannedDay) -> dict[str, Any]:
    lines = [f"{each.what}" for each in day.deadlines]
    lines += [f"Tugas tambahan: {each}" for each in day.duties]
    return {
        "day": f"{WEEKDAYS[day.day.weekday()]}, {format_date(day.day)}",
        "off": str(day.off),
        "notes": lines,
        "rows": [_row(run) for run in day.runs],
    }


def _row(entries: list[Entry]) -> tuple[str, str, str, str]:
    """Pieces of one kind in one village that follow each other are one line."""
    names = [str(each.who) for each in entries if each.who]
    more = f" dan {len(names) - NAMES_MAX} lainnya" if len(names) > NAMES_MAX else ""
    hours = f"{entries[0].item.begins:%H.%M}–{entries[-1].item.ends:%H.%M}"
    what = str(entries[0].what) + (f" ({len(entries)})" if len(entries) > 1 else "")
    return hours, entries[0].village or "-", f"RHK {entries[0].item.rhk}: {what}", ", ".join(names[:NAMES_MAX]) + more
