"""What a settlement brings, line by line, and a family as the booking needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from harapan.payments.enums import Outcome, Told
from harapan.payments.ledger import Answered
from harapan.payments.rules import Booked, ClaimNow


class SettlementRow(NamedTuple):
    """One line of an answer file. `family_id` None: nobody in scope bears its numbers. Numbers in full or None."""

    line: int
    family_id: int | None
    outcome: Told | Outcome
    amount_idr: int
    on: date | None = None
    bank: str = ""
    reason: str | None = None
    note: str = ""
    reference: str = ""
    nik: str | None = None
    account: str | None = None
    name: str = ""
    ntpn: str = ""  # the treasury's receipt, where the money went back to it
    attempt: int = 0  # of the order its reference names; 0: none named
    other_stage: str = ""  # whose order its reference names, where that is not this stage

    @property
    def outcome_now(self) -> Outcome:
        """What the line says, in our words."""
        return self.outcome if isinstance(self.outcome, Outcome) else Outcome.of(self.outcome)


@dataclass(slots=True)
class Household:
    """A family as the booking needs it: where it is, and the money of each of its waves."""

    region_no: int
    group_no: int
    settled: bool = False  # its regency (in computed mode: the stage) is reconciled
    sent: bool = True  # the file of its order was handed over; always so in received mode
    # answers to attempts before the one that stands: attempt, outcome, day
    earlier: set[tuple[int, Outcome, date]] = field(default_factory=set)
    claims: dict[str, ClaimNow] = field(default_factory=dict)
    # of the order that stands: who pays it, and where it was drawn for; its money stays there though the family moves
    payer: str = ""
    ordered_in: int = 0

    def answered(self, booked: Booked, *, told_by: str) -> Answered:
        """What the answer moves in the ledger. `told_by`: the payer whose file it is, where no order names one."""
        return Answered(
            self.ordered_in or self.region_no, booked.before, booked.after, booked.amount_idr, self.payer or told_by
        )
