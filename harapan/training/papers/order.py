"""Surat tugas of a batch: a list for each regency, or a sheet for each person; all under one number and version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from harapan.core.periods import format_date
from harapan.files import documents
from harapan.training.lodging import origin
from harapan.training.models import Batch, Enrolment, OrderLetter

TEMPLATE = Path(__file__).with_name("order.typ")


def per_region(
    letter: OrderLetter, batch: Batch, people: Sequence[Enrolment], *, places: Mapping[int, str],
    titles: Mapping[int, str], printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF, a page or more for each regency (the province, the nation). people: in the order of their regions.

    titles: person -> post in words.
    """
    sheets = []
    for part, (region, rows) in enumerate(groupby(people, key=origin), 1):
        sheets.append({"number": f"{letter.full_number}/{part}", "place": places.get(region, "Pusat"),
                       "people": [_line(row, places, titles) for row in rows]})  # fmt: skip
    return _rendered(letter, batch, sheets, printed_by=printed_by, printed_at=printed_at)


def per_person(
    letter: OrderLetter, batch: Batch, people: Sequence[Enrolment], *, places: Mapping[int, str],
    titles: Mapping[int, str], printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF, one page a person."""
    sheets = [
        {"number": f"{letter.full_number}/{row.pk}", "place": places.get(row.region_no, "Pusat"),
         "people": [_line(row, places, titles)]}
        for row in people
    ]  # fmt: skip
    return _rendered(letter, batch, sheets, printed_by=printed_by, printed_at=printed_at)


def days_of(batch: Batch) -> str:
    if batch.begins == batch.ends:
        return str(format_date(batch.begins))
    return f"{format_date(batch.begins)} sampai {format_date(batch.ends)}"


def batch_words(batch: Batch) -> str:
    """ "Bimtek SDM PKH, gelombang 1 angkatan 2 tahun 2025"."""
    return f"{batch.course.name}, gelombang {batch.wave} angkatan {batch.number} tahun {batch.year}"


def _line(row: Enrolment, places: Mapping[int, str], titles: Mapping[int, str]) -> list[str]:
    person = row.person
    return [person.name, person.staff_number or "-", titles.get(person.pk, ""), places.get(row.region_no, "Pusat")]


def _rendered(
    letter: OrderLetter, batch: Batch, sheets: list[dict[str, Any]], *, printed_by: str, printed_at: datetime
) -> bytes:
    replaces = (
        f"Surat ini menggantikan versi {letter.version - 1}: {batch.changed_because}." if letter.version > 1 else ""
    )
    data = {
        "organiser": batch.organiser,
        "basis": letter.basis,
        "order": [
            ("Kegiatan", f"Mengikuti {batch_words(batch)}"), ("Hari", days_of(batch)),
            ("Lama", f"{batch.days} hari, {batch.course.hours} JP"), ("Tempat", batch.place),
        ],
        "replaces": replaces,
        "sheets": sheets,
        "dated": str(format_date(letter.dated)),
        "signer": letter.signer,
        "signer_post": letter.signer_post,
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)
