"""The ID card on paper: both sides beside each other, to be cut out and folded, 86 by 54 millimetres each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from harapan.core.periods import format_date
from harapan.files import documents
from harapan.workforce.models import Badge

FACE_MM = 22, 29
TEMPLATE = Path(__file__).with_name("badge.typ")


def render(
    badge: Badge, *, staff_number: str, face: bytes | None, address: str, printed_by: str, printed_at: datetime
) -> bytes:
    """PDF. `address`: of the public page that tells whether it is valid; its QR leads there. `face`: JPEG."""
    data = {
        "name": badge.name, "title": badge.title, "place": badge.place, "staff_number": staff_number,
        "number": badge.number, "until": str(format_date(badge.until)), "issued_on": str(format_date(badge.issued_on)),
        "code": " ".join(badge.code[at : at + 4] for at in range(0, len(badge.code), 4)),
        "address": address, "qr": documents.qr(address),
        "face": documents.framed(face, width=FACE_MM[0], height=FACE_MM[1]) if face else "",
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)
