"""Lists that are printed of a batch: rooms, transport, results, and the attendance sheet of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from harapan.files import documents
from harapan.training.models import Batch
from harapan.training.papers.order import batch_words, days_of

TEMPLATE = Path(__file__).with_name("roster.typ")


def render(
    batch: Batch, title: str, columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[Any]], *,
    facts: Sequence[tuple[str, str]] = (), note: str = "", signers: Sequence[str] = (), printed_by: str,
    printed_at: datetime,
) -> bytes:  # fmt: skip
    """PDF. columns: title and width as typst has it ("1fr", "20mm"). signers: who signs below."""
    data = {
        "title": title,
        "batch": batch_words(batch),
        "facts": [("Hari", days_of(batch)), ("Tempat", batch.place), *facts],
        "titles": [name for name, _width in columns],
        "widths": [width for _name, width in columns],
        "rows": [[str(cell) for cell in row] for row in rows],
        "note": note,
        "signers": list(signers),
    }
    return documents.render(TEMPLATE, data, printed_by=printed_by, printed_at=printed_at)


CARDS = Path(__file__).with_name("cards.typ")


def cards(
    batch: Batch, people: Sequence[Mapping[str, str]], *, kind: str = "PESERTA", printed_by: str, printed_at: datetime
) -> bytes:  # fmt: skip
    """PDF of participants' cards, eight a page. people: name, place, class, the address their square holds and, as
    "code", what stands below it. kind: what it is a card of."""
    drawn = [{**each, "square": documents.qr(each["url"])} for each in people]
    data = {"kind": kind, "batch": batch_words(batch), "days": days_of(batch), "people": drawn}
    return documents.render(CARDS, data, printed_by=printed_by, printed_at=printed_at)
