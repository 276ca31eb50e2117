"""Whether a family can be said to have got its money, or not: pure, one family at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.payments.enums import Standing
from harapan.payments.field_law import Reason
from harapan.payments.models import Handover

RECEIVED, NOT_RECEIVED = Handover.Outcome.RECEIVED, Handover.Outcome.NOT_RECEIVED
_CAN_BE_HAD = (Standing.UNANSWERED, Standing.CREDITED, Standing.WITHDRAWN)


class Said(NamedTuple):
    """What somebody says of one family and programme."""

    outcome: Handover.Outcome
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a family on the day somebody speaks of it."""

    name: str
    stage: str
    # standing, rupiah, since when it can be had (booked by the bank, or its payer's day in the village; None: not yet)
    claims: tuple[tuple[Standing, int, date | None], ...] = ()
    payee_died_on: date | None = None  # the person paid has died and nobody has taken over
    before: tuple[Handover.Outcome, date, bool] | None = None  # said earlier: outcome, day, proven

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
        return _without_reason(facts, said, reasons) or _taken_back(facts)
    return _not_there(facts, day) or _dead(facts, day) or _double(facts, day)


def _without_reason(facts: Facts, said: Said, reasons: dict[str, Reason]) -> Phrase | None:
    if said.reason in reasons:
        return None
    return Phrase("{name}: belum menerima, tetapi alasannya belum dipilih. Pilih alasannya.", name=facts.name)


def _taken_back(facts: Facts) -> Phrase | None:
    if facts.before is None or facts.before[0] is not RECEIVED or not facts.before[2]:
        return None
    return Phrase(
        "{name}: sudah terbukti menerima pada {day}, jadi tidak dapat diubah menjadi belum. Bila buktinya keliru, "
        "catat pengakuan keluarga pada halaman empat jumlah.",
        name=facts.name, day=format_date(facts.before[1]),
    )  # fmt: skip


def _not_there(facts: Facts, day: date) -> Phrase | None:
    if facts.there_idr(day):
        return None
    return Phrase(
        "{name}: uang tahap {stage} belum dibayarkan sampai {day}. Tunggu jawaban bank, atau catat dahulu hari bayar "
        "desanya.",
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
    if facts.before is None or facts.before[0] is not RECEIVED or facts.before[1] == day:
        return None
    return Phrase(
        "{name}: sudah dicatat menerima pada {before}, jadi tidak dicatat dua kali untuk {day}.",
        name=facts.name, before=format_date(facts.before[1]), day=format_date(day),
    )  # fmt: skip
