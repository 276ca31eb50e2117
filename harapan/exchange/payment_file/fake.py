"""A payer that does not exist: takes payment files in as a bank or the post would, and answers them.

What becomes of an order is drawn from the seed and its reference alone: the same file gets the same answer on any
machine, whatever else was sent. Answers are files of the `settlement` layout, which `harapan import settlement` reads.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from harapan.core.errors import Refused
from harapan.core.references import parse_reference
from harapan.exchange.payment_file.codec import parse
from harapan.exchange.payment_file.head import Head, Totals
from harapan.exchange.payment_file.layouts import Layout
from harapan.exchange.settlement import codec as settlement
from harapan.exchange.settlement.words import Outcome, Reason

_FAILED = (Reason.DORMANT, Reason.CLOSED, Reason.NO_ACCOUNT, Reason.MISMATCH)
_BLOCKED = (Reason.PIN, Reason.CARD_SWALLOWED, Reason.DEBT)
_UNDELIVERED = (Reason.NOT_FOUND, Reason.MOVED, Reason.MIGRANT, Reason.DIED_NO_HEIR, Reason.HEIR_NO_KTP, Reason.REFUSED)


@dataclass(frozen=True, slots=True)
class Habits:
    """What this payer does, in thousandths of its orders and in days. Shares are invented, none is anybody's figure."""

    failed: int = 12
    returned: int = 5
    blocked: int = 4
    untouched: int = 40  # credited and never drawn: paid back to the treasury after `treasury_after_days`
    undelivered: int = 30  # of what the post pays by hand
    again: int = 4  # a later attempt goes wrong so many times less often
    credited_after_days: int = 1
    drawn_within_days: int = 30
    treasury_after_days: int = 105
    answer_rows_max: int = 50_000  # an answer of more rows comes in several files


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the payer says at once. `repeated`: it had this very file before, and nothing is paid twice."""

    head: Head
    totals: Totals
    words: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class _Event:
    on: date
    outcome: Outcome
    reason: Reason | None = None
    note: str = ""
    ntpn: str | None = None


@dataclass(frozen=True, slots=True)
class _Taken:
    digest: bytes
    receipt: Receipt
    orders: pa.Table
    on: date


class FakePayer:
    """One bank, or the post (a layout without accounts is paid by hand)."""

    def __init__(self, bank: str, *, seed: int, habits: Habits | None = None) -> None:
        self._bank, self._seed, self._habits = bank, seed, habits or Habits()
        self._taken: dict[str, _Taken] = {}

    def receive(self, raw: bytes, layout: Layout, *, on: date, name: str = "") -> Receipt:
        """Take a file in on a day. Refuses one whose figures do not fit, one for another payer, and a number reused."""
        digest = hashlib.sha256(raw).digest()
        head, orders, totals = parse(raw, layout, name=name)
        if head.bank != self._bank:
            raise Refused(
                "Berkas {number} ditujukan kepada {bank}, bukan {payer}; kirim ke penyalurnya.",
                number=head.number,
                bank=head.bank,
                payer=self._bank,
            )
        before = self._taken.get(head.number)
        if before and before.digest != digest:
            raise Refused(
                "Nomor berkas {number} sudah diterima pada {day} dengan isi lain "
                "({totals}); beri berkas ini nomor baru.",
                number=head.number,
                day=before.on,
                totals=before.receipt.totals,
            )
        if before:
            words = f"Berkas {head.number} sudah diterima pada {before.on}: {totals}. Tidak dibayarkan dua kali."
            return Receipt(head, totals, words, repeated=True)
        receipt = Receipt(head, totals, f"Berkas {head.number} diterima: {totals}.", repeated=False)
        self._taken[head.number] = _Taken(digest, receipt, orders, on)
        return receipt

    def answers(self, *numbers: str) -> list[bytes]:
        """The first answer to files, an order a row: credited, failed, returned; by the post paid or not delivered."""
        return self._files(numbers, lambda events: events[:1])

    def later_answers(self, *numbers: str, until: date) -> list[bytes]:
        """All that happened to the orders after the first answer: drawn, blocked, paid back with a receipt (NTPN)."""
        return self._files(numbers, lambda events: [event for event in events[1:] if event.on <= until])

    def _files(self, numbers: Iterable[str], chosen: Callable[[list[_Event]], list[_Event]]) -> list[bytes]:
        rows = [
            self._row(order, event)
            for taken in map(self._taken_in, numbers)
            for order in taken.orders.to_pylist()
            for event in chosen(list(self._life(order, taken)))
        ]
        rows.sort(key=lambda row: row["settled_on"])
        most = self._habits.answer_rows_max
        return [settlement.render(rows[at : at + most], form="csv") for at in range(0, len(rows), most)]

    def _taken_in(self, number: str) -> _Taken:
        if number not in self._taken:
            raise Refused(
                "Berkas {number} belum diterima {payer}; kirim dahulu berkas pembayarannya.",
                number=number,
                payer=self._bank,
            )
        return self._taken[number]

    def _row(self, order: Mapping[str, Any], event: _Event) -> dict[str, Any]:
        return {
            "reference": order["reference"], "account": order.get("account"), "name": order["name"],
            "amount_idr": order["amount_idr"], "settled_on": event.on, "outcome": event.outcome,
            "reason": event.reason, "reason_text": event.note, "bank": self._bank, "ntpn": event.ntpn,
        }  # fmt: skip

    def _life(self, order: Mapping[str, Any], taken: _Taken) -> Iterator[_Event]:
        """What becomes of an order, first to last."""
        reference = parse_reference(order["reference"])
        chance = Random(f"{self._seed} {order['reference']}")  # noqa: S311 - a make-believe payer, no secret
        rarer = self._habits.again if reference and reference.attempt > 1 else 1
        if "account" in order:
            yield from self._by_account(chance, rarer, taken)
        else:
            yield from self._by_hand(chance, rarer, taken)

    def _by_account(self, chance: Random, rarer: int, taken: _Taken) -> Iterator[_Event]:
        habits, drawn = self._habits, chance.randrange(1000) * rarer
        paid_on = taken.on + timedelta(days=habits.credited_after_days)
        if drawn < habits.failed:
            yield _Event(paid_on, Outcome.FAILED, chance.choice(_FAILED))
            return
        if drawn < habits.failed + habits.returned:
            yield _Event(paid_on + timedelta(days=1), Outcome.RETURNED, Reason.MISMATCH)
            return
        yield _Event(paid_on, Outcome.CREDITED)
        fate = chance.randrange(1000)
        if fate < habits.untouched:
            on = taken.on + timedelta(days=habits.treasury_after_days)
            yield _Event(on, Outcome.RETURNED, note="setor kas negara", ntpn=self._ntpn(taken, on))
        elif fate < habits.untouched + habits.blocked:
            yield _Event(paid_on + timedelta(days=9), Outcome.BLOCKED, chance.choice(_BLOCKED))
        else:
            yield _Event(paid_on + timedelta(days=1 + chance.randrange(habits.drawn_within_days)), Outcome.WITHDRAWN)

    def _by_hand(self, chance: Random, rarer: int, taken: _Taken) -> Iterator[_Event]:
        habits = self._habits
        if chance.randrange(1000) * rarer < habits.undelivered:
            on = taken.on + timedelta(days=habits.drawn_within_days)
            yield _Event(on, Outcome.UNDELIVERED, chance.choice(_UNDELIVERED))
        else:
            yield _Event(taken.on + timedelta(days=1 + chance.randrange(habits.drawn_within_days)), Outcome.WITHDRAWN)

    def _ntpn(self, taken: _Taken, on: date) -> str:
        """One receipt for all that a file's orders paid back on a day."""
        drawn = hashlib.blake2b(f"{self._seed} {taken.receipt.head.number} {on}".encode(), digest_size=8)
        return drawn.hexdigest().upper()
