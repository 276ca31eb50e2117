"""A report on paper, and what its file is called."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from harapan.core.periods import format_date
from harapan.fieldwork.composing import Content
from harapan.fieldwork.evidence import Picture
from harapan.files import documents, pictures, storage

TEMPLATE = Path(__file__).with_name("report.typ")
PRINTED_SIDE_MAX, QUALITY = 560, 68  # 80 mm wide at 180 dots to the inch
LAST_HOUR = time(16)  # in the file's name, where the last thing done bears no hour


@dataclass(frozen=True, slots=True)
class Signed:
    """Who signs where and when, under which number, and what the QR leads to."""

    number: str
    version: int
    code: str
    address: str  # of this installation, "" where nobody told
    name: str
    staff_number: str
    title: str
    place: str
    made_on: date


def file_name(content: Content, *, made_on: date, supervision: bool = False) -> str:
    """ "20250731 - 16.00 - RHK-2 - P2K2 Juli 2025.pdf": day and hour of the last thing done, as the field has it.

    Where nothing was done, the day it was made and no hour.
    """
    when = f"{made_on:%Y%m%d}"
    if content.moment is not None:
        day, hour = content.moment
        when = f"{day:%Y%m%d} - {hour or LAST_HOUR:%H.%M}"
    what = f"{'Supervisi ' if supervision else ''}{content.short} {content.month}"
    plain = " ".join(re.sub(r"[^\w .()-]+", " ", what).split())
    return f"{when} - RHK-{content.rhk} - {plain}.pdf"


def render(content: Content, signed: Signed, *, printed_by: str, printed_at: datetime) -> bytes:
    """PDF. Reads photographs from the store by their digest; the caller has seen their rows under its scope."""
    return documents.render(TEMPLATE, data_of(content, signed), printed_by=printed_by, printed_at=printed_at)


def data_of(content: Content, signed: Signed) -> dict[str, Any]:
    said = asdict(content)
    said["pictures"] = [_printed(each) for each in content.pictures]
    said["official"] = [
        {**pages, "photographs": [_printed(each) for each in shown]} for pages, shown in content.official
    ]
    said.pop("moment")
    return {**said, "signed": _signature(signed)}


def _signature(signed: Signed) -> dict[str, Any]:
    checked = f"{signed.address}/laporan/periksa/{signed.code}/"
    return {
        "number": signed.number,
        "version": signed.version,
        "code": signed.code,
        "page": f"{signed.address}/laporan/periksa/",
        "qr": documents.qr(checked),
        "place_and_date": f"{signed.place}, {format_date(signed.made_on)}".strip(", "),
        "title": signed.title,
        "name": signed.name,
        "staff_number": signed.staff_number,
    }


def _printed(picture: Picture) -> dict[str, Any]:
    with storage.open_laid_down(picture.digest) as clear:
        small = pictures.shrunk(clear.read(), side=PRINTED_SIDE_MAX, quality=QUALITY)
    return {"image": documents.whole(small), "caption": picture.caption}
