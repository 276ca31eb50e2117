"""Whether a family can be said to have got its money, or not: pure, one family at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from harapan.core.money import rupiah
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.payments.enums import Standing
from harapan.payments.field_law import Reason
from harapan.payments.models import Handover

RECEIVED, NOT_RECEIVED = Handover.Outcome.RECEIVED, Handover.Outcome.NOT_RECEIVED
_CAN_BE_HAD = (Standing.UNANSWERED, Standing.CREDITED, Standing.WITHDRAWN)


class Said(NamedTuple):
    """What somebody says of one family and programme. idr: a part of what is there; None: all of it."""

    outcome: Handover.Outcome
    reason: str = ""
    idr: int | None = None


class Word(NamedTuple):
    """What stands for one day: a part received, or why what was left was not."""

    on: date
    outcome: Handover.Outcome
    idr: int = 0
    proven: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a family on the day somebody speaks of it."""

    name: str
    stage: str
    # standing, rupiah, since when it can be had (booked by the bank, or its payer's day in the village; None: not yet)
    claims: tuple[tuple[Standing, int, date | None], ...] = ()
    payee_died_on: date | None = None  # the person paid has died and nobody has taken over
    words: tuple[Word, ...] = ()  # said earlier, by day, one a day

    def there_idr(self, day: date) -> int:
        """What the family can have got by that day: in its account, or at the counter of its village."""
        return sum(
            idr
            for standing, idr, since in self.claims
            if standing in _CAN_BE_HAD and since is not None and since <= day
        )

    @property
    def due_idr(self) -> int:
        return sum(idr for _standing, idr, _since in self.claims)

    @property
    def received_idr(self) -> int:
        return sum(word.idr for word in self.words if word.outcome is RECEIVED)

    @property
    def last(self) -> Word | None:
        return self.words[-1] if self.words else None

    def said_on(self, day: date) -> Word | None:
        return next((word for word in self.words if word.on == day), None)

    def part_idr(self, day: date) -> int:
        """What can be handed over on that day: what is there by then, less what was handed over on other days."""
        elsewhere = sum(word.idr for word in self.words if word.outcome is RECEIVED and word.on != day)
        return max(0, self.there_idr(day) - elsewhere)

    def is_open(self, day: date) -> bool:
        """Nobody has spoken of it, or more has come since it was received."""
        return self.last is None or (self.last.outcome is RECEIVED and self.there_idr(day) > self.received_idr)

    def taken_back(self, said: Said, day: date) -> Word | None:
        """The hand-over that a "not received" of that day would undo; None where it speaks of money still there."""
        if said.outcome is RECEIVED:
            return None
        same = self.said_on(day)
        if same is not None:
            return same if same.outcome is RECEIVED else None
        received = [word for word in self.words if word.outcome is RECEIVED]
        return received[-1] if received and not self.part_idr(day) else None


def hindrance(facts: Facts, said: Said, *, day: date, on: date, reasons: dict[str, Reason]) -> Phrase | None:
    """Why it cannot be recorded so; None when it can. day: of the hand-over. on: today."""
    if day > on:
        return Phrase(
            "{name}: tanggal {day} belum tiba. Catat setelah hari pembayarannya.",
            name=facts.name, day=format_date(day),
        )  # fmt: skip
    if not facts.claims:
        return Phrase(
            "{name} tidak ada di daftar bayar tahap {stage}. Periksa tahapnya.", name=facts.name, stage=facts.stage
        )
    if said.outcome is NOT_RECEIVED:
        return _without_reason(facts, said, reasons) or _taken_back(facts, said, day)
    return _not_there(facts, day) or _dead(facts, day) or _double(facts, day) or _too_much(facts, said, day)


def _without_reason(facts: Facts, said: Said, reasons: dict[str, Reason]) -> Phrase | None:
    if said.reason in reasons:
        return None
    return Phrase("{name}: belum menerima, tetapi alasannya belum dipilih. Pilih alasannya.", name=facts.name)


def _taken_back(facts: Facts, said: Said, day: date) -> Phrase | None:
    undone = facts.taken_back(said, day)
    if undone is None or not undone.proven:
        return None
    return Phrase(
        "{name}: sudah terbukti menerima pada {day}, jadi tidak dapat diubah menjadi belum. Bila buktinya keliru, "
        "catat pengakuan keluarga pada halaman empat jumlah.",
        name=facts.name, day=format_date(undone.on),
    )  # fmt: skip


def _not_there(facts: Facts, day: date) -> Phrase | None:
    if facts.there_idr(day):
        return None
    return Phrase(
        "{name}: uang tahap {stage} belum dibayarkan sampai {day}. Lewat rekening: tunggu jawaban bank. Tunai: catat "
        "dahulu hari bayar desanya.",
        name=facts.name, stage=facts.stage, day=format_date(day),
    )  # fmt: skip


def _dead(facts: Facts, day: date) -> Phrase | None:
    if facts.payee_died_on is None or facts.payee_died_on > day:
        return None
    return Phrase(
        "{name}: pengurus meninggal pada {died} dan ahli warisnya belum dicatat. Catat pengurus baru dahulu, atau "
        "pilih alasan meninggal.",
        name=facts.name, died=format_date(facts.payee_died_on),
    )  # fmt: skip


def _double(facts: Facts, day: date) -> Phrase | None:
    if facts.part_idr(day):
        return None
    before = max(word.on for word in facts.words if word.outcome is RECEIVED and word.on != day)
    return Phrase(
        "{name}: {amount} sudah dicatat diterima, terakhir pada {before}, jadi tidak dicatat dua kali untuk {day}.",
        name=facts.name, amount=rupiah(facts.received_idr), before=format_date(before), day=format_date(day),
    )  # fmt: skip


def _too_much(facts: Facts, said: Said, day: date) -> Phrase | None:
    can = facts.part_idr(day)
    wanted = can if said.idr is None else said.idr
    if not 0 < wanted <= can:
        return Phrase(
            "{name}: {amount} tidak dapat dicatat untuk {day}; yang belum diserahkan sampai hari itu {can}.",
            name=facts.name, amount=rupiah(wanted), day=format_date(day), can=rupiah(can),
        )  # fmt: skip
    same = facts.said_on(day)
    if same is None or same.outcome is not RECEIVED or not same.proven or same.idr == wanted:
        return None
    return Phrase(
        "{name}: {amount} sudah terbukti diterima pada {day}. Catat sisanya dengan tanggal penyerahannya sendiri.",
        name=facts.name, amount=rupiah(same.idr), day=format_date(day),
    )  # fmt: skip
