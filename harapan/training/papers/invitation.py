"""Invitations on paper, for participants who have no account to read and answer one with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from harapan.files import documents
from harapan.training.models import Batch, Enrolment
from harapan.training.papers.order import batch_words, days_of

TEMPLATE = Path(__file__).with_name("invitation.typ")


def render(
    batch: Batch, people: Sequence[Enrolment], *, places: Mapping[int, str], feedback: Mapping[int, str],
    printed_by: str, printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF, one page a person, with a slip to answer on. places: region -> name; feedback: enrolment -> its address."""
    data = {
        "organiser": batch.organiser,
        "batch": batch_words(batch),
        "changed": batch.changed_because if batch.letter_version > 1 else "",
        "facts": [
            ("Kegiatan", batch_words(batch)), ("Hari", days_of(batch)),
            ("Lama", f"{batch.days} hari, {batch.course.hours} JP"), ("Tempat", batch.place),
        ],
        "people": [
            {"name": row.person.name, "kind": str(row.person.get_kind_display()),
             "place": places.get(row.region_no, "Pusat"), "square": documents.qr(feedback[row.pk])}
            for row in people
        ],
    }  # fmt: skip
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)
