"""Where a candidate stands on the road from list to first payment: one pure rule over dated facts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum

from harapan.core.phrases import Phrase
from harapan.policy.reader import default_policy


class Step(IntEnum):
    """What a candidate waits for; the last two wait for nothing. The order is that of the road."""

    RESERVE = 0
    INVITE = 1
    MEET = 2
    CONSENT = 3
    VALIDATE = 4
    DECREE = 5
    ACCOUNT = 6
    CARD = 7
    GROUP = 8
    PAYMENT = 9
    DONE = 10
    ENDED = 11


LABELS = {
    Step.RESERVE: Phrase("Cadangan"),
    Step.INVITE: Phrase("Belum diundang"),
    Step.MEET: Phrase("Menunggu pertemuan awal"),
    Step.CONSENT: Phrase("Menunggu persetujuan"),
    Step.VALIDATE: Phrase("Menunggu validasi"),
    Step.DECREE: Phrase("Menunggu penetapan"),
    Step.ACCOUNT: Phrase("Menunggu rekening"),
    Step.CARD: Phrase("Menunggu kartu"),
    Step.GROUP: Phrase("Menunggu kelompok"),
    Step.PAYMENT: Phrase("Menunggu pembayaran pertama"),
    Step.DONE: Phrase("Sudah menerima"),
    Step.ENDED: Phrase("Berakhir"),
}
ACTS = {
    Step.RESERVE: Phrase("menunggu tempat kosong"),
    Step.INVITE: Phrase("pendamping"),
    Step.MEET: Phrase("pendamping"),
    Step.CONSENT: Phrase("pendamping"),
    Step.VALIDATE: Phrase("pendamping"),
    Step.DECREE: Phrase("Dinas Sosial dan pusat"),
    Step.ACCOUNT: Phrase("bank atau PT Pos"),
    Step.CARD: Phrase("bank bersama pendamping"),
    Step.GROUP: Phrase("ketua tim kab/kota"),
    Step.PAYMENT: Phrase("pusat dan bank"),
    Step.DONE: Phrase("tidak ada"),
    Step.ENDED: Phrase("tidak ada"),
}
WAITING = tuple(step for step in Step if Step.RESERVE < step < Step.DONE)


@dataclass(frozen=True, slots=True)
class Facts:
    """The days on which things happened to one candidate, each read where it was recorded; None: not yet.

    by_post: it is paid through the post office, where there is no card. grouped_on may be unknown (`in_group` says it).
    """

    listed_on: date
    placed_on: date | None = None
    closed_on: date | None = None
    invited_on: date | None = None
    met_on: date | None = None
    consented_on: date | None = None
    validated_on: date | None = None
    decreed_on: date | None = None
    account_on: date | None = None
    by_post: bool = False
    card_on: date | None = None
    in_group: bool = False
    grouped_on: date | None = None
    paid_on: date | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    step: Step
    since: date


def stands(facts: Facts) -> Standing:
    """The first thing that has not happened, and since when it is the next one.

    A decree settles all that comes before it: a family that the ministry's list brought in needs no invitation any
    more. Until then a closed candidacy has ended, and one beyond the quota waits in reserve.
    """
    if facts.decreed_on is None:
        if facts.closed_on is not None:
            return Standing(Step.ENDED, facts.closed_on)
        if facts.placed_on is None:
            return Standing(Step.RESERVE, facts.listed_on)
        return _first_open(
            max(facts.listed_on, facts.placed_on),
            (Step.INVITE, facts.invited_on is not None, facts.invited_on),
            (Step.MEET, facts.met_on is not None, facts.met_on),
            (Step.CONSENT, facts.consented_on is not None, facts.consented_on),
            (Step.VALIDATE, facts.validated_on is not None, facts.validated_on),
            end=Step.DECREE,
        )
    return _first_open(
        facts.decreed_on,
        (Step.ACCOUNT, facts.account_on is not None, facts.account_on),
        (Step.CARD, facts.by_post or facts.card_on is not None, facts.card_on),
        (Step.GROUP, facts.in_group, facts.grouped_on),
        (Step.PAYMENT, facts.paid_on is not None, facts.paid_on),
        end=Step.DONE,
    )


def _first_open(since: date, *facts: tuple[Step, bool, date | None], end: Step) -> Standing:
    for step, happened, on in facts:
        if not happened:
            return Standing(step, since)
        since = max(since, on) if on else since
    return Standing(end, since)


def days_allowed(step: Step, *, on: date) -> int | None:
    """How long policy lets a candidate wait there; None where nobody is expected to act."""
    if step not in WAITING:
        return None
    return int(default_policy().value(f"road.{step.name.lower()}_days", on=on).value)


def late_before(step: Step, *, on: date) -> date | None:
    """Whoever has stood at this step since before that day is late."""
    allowed = days_allowed(step, on=on)
    return None if allowed is None else on - timedelta(days=allowed)
