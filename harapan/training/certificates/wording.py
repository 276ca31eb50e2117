"""What stands on a certificate: frozen when it is issued, whatever becomes of course, person and post later."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.training.dated_data import competences
from harapan.training.models import Batch


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, as the paper names them."""

    name: str
    title: str
    staff_number: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """Every word of a certificate, in Indonesian."""

    number: str
    name: str
    staff_number: str
    course: str
    hours: int
    days: str  # "5 sampai 14 Maret 2025"
    organiser: str
    place: str
    competences: tuple[str, ...]
    issued: str  # "Lembang, 20 Maret 2025"
    until: str  # "20 Maret 2030"; "" for good
    signer: Signer

    def stored(self) -> dict[str, Any]:
        """JSON values."""
        return {**asdict(self), "competences": list(self.competences)}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        return cls(
            **{**stored, "competences": tuple(stored["competences"]), "signer": Signer(**stored["signer"])}
        )  # fmt: skip


def number_text(number: int, course_code: str, year: int) -> str:
    """ "0012/STTPP/DIKLAT-P2K2/2025"."""
    return f"{number:04d}/STTPP/{course_code.upper()}/{year}"


def worded(
    batch: Batch, signer: Signer, *, number: str, name: str, staff_number: str, issued_on: date, expires_on: date | None
) -> Printed:  # fmt: skip
    """The words for one who passed the batch. Asks the batch for its course."""
    course = batch.course
    taught = [str(each.title) for each in competences(batch.ends) if course.code in each.courses]
    return Printed(
        number=number, name=name, staff_number=staff_number, course=course.name, hours=course.hours,
        days=days_in_words(batch.begins, batch.ends), organiser=batch.organiser, place=batch.place,
        competences=tuple(taught),
        issued=f"{batch.place}, {format_date(issued_on)}".removeprefix(", "),
        until=str(format_date(expires_on)) if expires_on else "", signer=signer,
    )  # fmt: skip


def days_in_words(begins: date, ends: date) -> str:
    if begins == ends:
        return str(format_date(begins))
    if (begins.year, begins.month) == (ends.year, ends.month):
        return f"{begins.day} sampai {format_date(ends)}"
    return str(Phrase("{begins} sampai {ends}", begins=format_date(begins), ends=format_date(ends)))
