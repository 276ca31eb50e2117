"""Surat tugas: the order letter of an extra duty, or of the visits of a day, to be signed by whoever orders it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from harapan.core.periods import format_date
from harapan.fieldwork.plan_reading import PlannedDay
from harapan.fieldwork.results import basis_on
from harapan.fieldwork.workers import Worker
from harapan.files import documents
from harapan.workforce.duties import purpose
from harapan.workforce.models import ExtraDuty

TEMPLATE = Path(__file__).with_name("letter.typ")
DIRECTIVES = 8


def of_duty(duty: ExtraDuty, worker: Worker, *, place: str, printed_by: str, printed_at: datetime) -> bytes:
    """PDF with the letter's own number, day and signature."""
    days = str(format_date(duty.first_on))
    if duty.days_per_month:
        days = f"{duty.days_per_month} hari sebulan sejak {days}"
    if duty.last_on and duty.last_on != duty.first_on:
        days += f" sampai {format_date(duty.last_on)}"
    return _letter(
        worker, number=duty.letter_no, on=duty.letter_on, purpose=purpose(duty), days=days,
        where=duty.place or place, place=place, signed=(duty.letter_by_post, duty.letter_by), rows=[],
        printed_by=printed_by, printed_at=printed_at,
    )  # fmt: skip


def of_visits(day: PlannedDay, worker: Worker, *, place: str, printed_by: str, printed_at: datetime) -> bytes:
    """PDF for the visits planned on a day; number and signature are left to whoever signs."""
    rows = [
        (f"{run[0].item.begins:%H.%M}–{run[-1].item.ends:%H.%M}", run[0].village or "-", str(run[0].what),
         ", ".join(str(each.who) for each in run if each.who))
        for run in day.runs
    ]  # fmt: skip
    return _letter(
        worker, number="", on=None, purpose="Kunjungan lapangan menurut rencana kerja", days=str(format_date(day.day)),
        where=", ".join(day.villages) or place, place=place, signed=("", ""), rows=rows, printed_by=printed_by,
        printed_at=printed_at,
    )  # fmt: skip


def _letter(
    worker: Worker, *, number: str, on: date | None, purpose: str, days: str, where: str, place: str,
    signed: tuple[str, str], rows: Sequence[tuple[str, ...]], printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    held = on or printed_at.date()
    data = {
        "number": number,
        "basis": basis_on(held, DIRECTIVES),
        "person": [
            ("Nama", worker.user.name), ("NIP", worker.user.staff_number or "-"),
            ("Jabatan", str(worker.post.title_on(held))), ("Wilayah kerja", place),
        ],
        "order": [("Untuk", purpose), ("Hari", days), ("Tempat", where)],
        "rows": list(rows),
        "signed_on": str(format_date(on)) if on else "",
        "signed_post": signed[0],
        "signed_name": signed[1],
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)
