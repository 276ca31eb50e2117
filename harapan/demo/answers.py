"""What banks and the post answered, line by line, in the order in which it came.

2025-1 is answered whole; of 2025-2 some are paid, some lie untouched since days of every age, and some wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from harapan.demo.channels import POST_OFFICE
from harapan.demo.clock import FIRST, NOW, SECOND
from harapan.demo.lists import MinistryList
from harapan.demo.world import World
from harapan.exchange.settlement.words import Outcome, Reason

UNANSWERED_SHARE = 0.18  # of 2025-2
DRAWN_AFTER_DAYS = 21  # at most, of those who do not let it lie
AGES_DAYS = {"untouched_fresh": 12, "untouched_30": 44, "untouched_60": 71, "untouched_90": 98, "untouched_105": 107}
PAID_ON = {FIRST: date(2025, 2, 10), SECOND: date(2025, 5, 5)}
LAST_DAY = {FIRST: date(2025, 6, 20), SECOND: NOW}


@dataclass(frozen=True, slots=True)
class Answer:
    """One line about a family (row; None for nobody's). `reason` is the field's, "" where none is needed."""

    row: int | None
    outcome: Outcome
    amount_idr: int
    on: date
    bank: str
    reason: Reason | None = None
    note: str = ""


def answers(world: World, listed: MinistryList) -> list[Answer]:
    """All answers of a stage by the day they speak of; a family's own keep their order."""
    teller = _Teller(world, listed)
    told = [answer for row in listed.rows() for answer in teller.about(row)]
    if listed.stage == SECOND:
        told += _nobodys(world)
    return sorted(told, key=lambda answer: answer.on)


def _nobodys(world: World) -> Iterator[Answer]:
    """Money for people whom no list names: an exception in each of the first two regencies."""
    for bank in ("BRI", "BNI"):
        yield Answer(None, Outcome.CREDITED, 975_000, PAID_ON[SECOND], bank, note="tidak ada di daftar")


class _Teller:
    def __init__(self, world: World, listed: MinistryList) -> None:
        self._listed, self._stage = listed, listed.stage
        self._chance = Random(f"answers {world.seed} {listed.stage}")
        self._code = {row: code for code, rows in world.planted.items() for row in rows}
        reasons = [reason for reason in Reason if reason not in (Reason.OTHER, Reason.DIED)]
        self._reason = {row: reasons[place % len(reasons)] for place, row in enumerate(world.planted["undelivered"])}

    def about(self, row: int) -> Sequence[Answer]:
        code = self._code.get(row, "")
        kind = _OF_FIRST.get(code) if self._stage == FIRST else _OF_SECOND.get(code)
        return list(kind(self, row) if kind else self._ordinary(row))

    def _say(self, row: int, outcome: Outcome, on: date, reason: Reason | None = None, note: str = "") -> Answer:
        return Answer(row, outcome, self._listed.amount_idr(row), on, self._listed.bank(row), reason, note)

    def _ordinary(self, row: int) -> Iterator[Answer]:
        paid_on, drawn = PAID_ON[self._stage], self._chance.random()
        if self._stage == SECOND and drawn < UNANSWERED_SHARE:
            return
        day = paid_on + timedelta(days=1 + int(self._chance.random() * DRAWN_AFTER_DAYS))
        if self._listed.bank(row) != POST_OFFICE:
            yield self._say(row, Outcome.CREDITED, paid_on)
        yield self._say(row, Outcome.WITHDRAWN, day)

    def _undelivered(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.UNDELIVERED, PAID_ON[FIRST] + timedelta(days=18), self._reason[row])

    def _dormant(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.FAILED, PAID_ON[FIRST], Reason.DORMANT)

    def _second_attempt(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.FAILED, PAID_ON[FIRST], Reason.MISMATCH)
        again = PAID_ON[FIRST] + timedelta(days=30)
        yield self._say(row, Outcome.CREDITED, again)
        yield self._say(row, Outcome.WITHDRAWN, again + timedelta(days=4))

    def _returned(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.RETURNED, PAID_ON[FIRST] + timedelta(days=2), Reason.MISMATCH)

    def _treasury(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.CREDITED, PAID_ON[FIRST])
        yield self._say(row, Outcome.RETURNED, LAST_DAY[FIRST], note="NTPN 0A1B2C3D4E5F6G7H")

    def _blocked(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.CREDITED, PAID_ON[SECOND])
        yield self._say(row, Outcome.BLOCKED, PAID_ON[SECOND] + timedelta(days=9), Reason.PIN)

    def _untouched(self, row: int) -> Iterator[Answer]:
        yield self._say(row, Outcome.CREDITED, NOW - timedelta(days=AGES_DAYS[self._code[row]]))

    def _wrong_amount(self, row: int) -> Iterator[Answer]:
        true = self._say(row, Outcome.CREDITED, PAID_ON[SECOND])
        yield Answer(row, true.outcome, true.amount_idr - 75_000, true.on, true.bank)

    def _nothing(self, row: int) -> Iterator[Answer]:
        return iter(())


_Told = Callable[[_Teller, int], Iterator[Answer]]
_OF_FIRST: dict[str, _Told] = {
    "undelivered": _Teller._undelivered,
    "failed_dormant": _Teller._dormant,
    "second_attempt": _Teller._second_attempt,
    "returned": _Teller._returned,
    "treasury": _Teller._treasury,
}
_OF_SECOND: dict[str, _Told] = {
    "blocked": _Teller._blocked,
    "wrong_amount": _Teller._wrong_amount,
    "exclude": _Teller._nothing,
    "failed_check": _Teller._nothing,
    **dict.fromkeys(AGES_DAYS, _Teller._untouched),
}
