"""The printed twin of a confirmation link: the same list with masked names, the same address as a square to scan."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import segno
from django.utils import timezone

from harapan.core.components import LABELS_ID, Component
from harapan.core.periods import format_date, format_month
from harapan.files import documents
from harapan.registry.models import ComponentSpell, Facility
from harapan.verification.masking import masked_name, masked_number
from harapan.verification.models import ConfirmationLink
from harapan.verification.papers.form import SIGNERS

TEMPLATE = Path(__file__).with_name("confirmation.typ")


def render(
    link: ConfirmationLink, spells: Iterable[ComponentSpell], *, url: str, place: str, months: Sequence[str],
    printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF. It is signed by hand, or its square is scanned: whichever the head of the facility prefers."""
    kind = Facility.Kind(link.facility.kind)
    data = {
        "facility": link.facility.name,
        "code": link.facility.code or "-",
        "place": place,
        "months": [format_month(month) for month in months],
        "until": format_date(timezone.localdate(link.expires_at)),
        "number": str(link.pk),
        "url": url,
        "square": [list(row) for row in segno.make(url, error="m").matrix],
        "signer": SIGNERS[kind],
        "school": kind == Facility.Kind.SCHOOL,
        "members": [
            {
                "name": masked_name(spell.member.name),
                "level": spell.grade or LABELS_ID[Component(spell.component)],
                "number": masked_number(spell.student_no),
            }
            for spell in spells
        ],
    }
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)
