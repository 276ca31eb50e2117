"""What the field says against the books becomes an exception, once, and waits for a person as any other does.

It names no family by number and no group: a facilitator may open one and not read it, so that nobody learns who spoke.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from harapan.benefits.models import Stage
from harapan.database.fields import draw_ids
from harapan.payments.enums import ExceptionKind, Outcome
from harapan.payments.models import PaymentException


class FieldWord(NamedTuple):
    """One thing said in the field. key: makes its reference, so that the same said again opens nothing."""

    key: int | str
    region_no: int
    name: str
    note: str
    amount_idr: int
    expected_idr: int | None = None
    reason_code: str = ""


PREFIX = {
    ExceptionKind.SAID: "TERIMA", ExceptionKind.CARD_HELD: "KARTU", ExceptionKind.NOT_HANDED: "BELUM",
    ExceptionKind.CUT: "UTUH",
}  # fmt: skip


def reference(kind: ExceptionKind, key: int | str) -> str:
    """ "TERIMA-123": what the exception is about, without saying who."""
    return f"{PREFIX[kind]}-{key}"


def open_from_field(stage: Stage, kind: ExceptionKind, words: Iterable[FieldWord], *, on: date) -> None:
    """Open an exception for each word that has none open. One statement; said twice changes nothing."""
    given = list(words)
    if not given:
        return
    ids = draw_ids(PaymentException, len(given))
    PaymentException.objects.bulk_create(
        [
            PaymentException(
                id=pk, stage=stage, kind=kind, region_no=word.region_no, reference=reference(kind, word.key),
                name=word.name[:120], outcome=Outcome.WITHDRAWN, amount_idr=word.amount_idr,
                expected_idr=word.expected_idr, on=on, reason_code=word.reason_code, note=word.note[:200], opened_on=on,
            )
            for pk, word in zip(ids, given, strict=True)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
