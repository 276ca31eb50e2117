"""What the dated policy says of handing over in the field: reasons and where they lead, holders, questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from harapan.core.phrases import Phrase
from harapan.payments import reasons
from harapan.policy.reader import default_policy


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for money not received. leads_to: nothing, change (of data), exception or card."""

    code: str
    label: Phrase
    leads_to: str
    proof: bool


def handover_reasons(on: date) -> dict[str, Reason]:
    """Every reason of that day by code; one without a rule leads to nothing."""
    follows = default_policy().values("handover.follows", on=on)
    words = reasons.labels(on)
    return {
        code: Reason(code, words[code], row.value["to"], row.value["proof"])
        for code, row in follows.items()
        if code in words
    }


def late_after_days(on: date) -> int:
    return int(default_policy().value("handover.reason_after_days", on=on).value)


def card_holders(on: date) -> dict[str, Phrase]:
    return {code: row.words for code, row in default_policy().values("card_holders", on=on).items()}


def asked_percent(on: date) -> int:
    return int(default_policy().value("receipt.asked_percent", on=on).value)


def small_cell_min(on: date) -> int:
    return int(default_policy().value("receipt.small_cell_min", on=on).value)
