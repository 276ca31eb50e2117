"""A reminder to a facilitator: what of their work is late, in counts alone, so that no family's name leaves Harapan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from harapan.accounts.models import User
from harapan.audit.log import record
from harapan.core.errors import Refused
from harapan.core.periods import format_date, format_month
from harapan.core.phrases import Phrase
from harapan.fieldwork.due import Load
from harapan.fieldwork.overview import Figure
from harapan.fieldwork.task_kinds import TaskKind


@dataclass(frozen=True, slots=True)
class Late:
    """Some late work of one kind."""

    what: Phrase
    number: int


def late_of_month(meetings: Figure, facility_months: Figure) -> list[Late]:
    """What a month that is over still lacks."""
    found = [
        Late(Phrase("Kelompok belum bertemu (P2K2)"), meetings.late),
        Late(Phrase("Sekolah atau faskes belum dinyatakan"), facility_months.late),
    ]
    return [each for each in found if each.number]


def late_tasks(kinds: Iterable[TaskKind], loads: Mapping[str, Load]) -> list[Late]:
    """Open tasks whose last day is over, the most first."""
    found = [Late(kind.title, loads.get(kind.code, Load()).late) for kind in kinds]
    return sorted((each for each in found if each.number), key=lambda each: -each.number)


def reminder_text(user: User, month: str, late: Iterable[Late], *, on: date, address: str) -> str:
    """The message as it is sent, in Indonesian; `address` is where the facilitator sees each task."""
    head = Phrase(
        "Yth. {name}, per {day} yang sudah lewat waktu untuk bulan {month}:",
        name=user.name, day=format_date(on), month=format_month(month),
    )  # fmt: skip
    tail = Phrase("Rinciannya ada di Harapan: {address} Bila ada kendala, sampaikan kepada kami.", address=address)
    return "\n".join([head, *(f"- {each.what}: {each.number}" for each in late), tail])


def note_reminder(user: User, month: str, late: list[Late]) -> None:
    """Write down that a reminder was prepared: by whom the scope says, for whom, about how much. One query."""
    if not late:
        raise Refused(
            "Pekerjaan {name} untuk {month} tidak ada yang lewat waktu, jadi tidak ada yang perlu diingatkan.",
            name=user.name, month=format_month(month),
        )  # fmt: skip
    body = {"month": month, "late": {str(each.what): each.number for each in late}}
    record("reminder.prepared", kind="user", subject=user.pk, body=body)
