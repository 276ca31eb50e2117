"""What the dated policy says of handing over in the field: reasons and where they lead, holders, questions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.core.phrases import Phrase
from harapan.payments import reasons
from harapan.policy.reader import default_policy


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason for money not received. leads_to: nothing, change (of data), exception or card.

    proof: the document it rests on, in words; None where the word of whoever was there is enough.
    """

    code: str
    label: Phrase
    leads_to: str
    proof: Phrase | None = None


def handover_reasons(on: date) -> dict[str, Reason]:
    """Every reason of that day by code; one without a rule leads to nothing."""
    policy = default_policy()
    follows, proofs = policy.values("handover.follows", on=on), policy.values("handover.proof", on=on)
    words = reasons.labels(on)
    return {
        code: Reason(code, words[code], row.value["to"], _proof(proofs.get(code)) if row.value["proof"] else None)
        for code, row in follows.items()
        if code in words
    }


def _proof(row: Any) -> Phrase:
    return row.words if row is not None else Phrase("foto surat atau dokumen yang membuktikannya")


def proof_codes(on: date) -> list[str]:
    """The reasons that rest on a document."""
    return [code for code, reason in handover_reasons(on).items() if reason.proof]


def late_after_days(on: date) -> int:
    return int(default_policy().value("handover.reason_after_days", on=on).value)


def card_holders(on: date) -> dict[str, Phrase]:
    return {code: row.words for code, row in default_policy().values("card_holders", on=on).items()}


def asked_percent(on: date) -> int:
    return int(default_policy().value("receipt.asked_percent", on=on).value)


def small_cell_min(on: date) -> int:
    return int(default_policy().value("receipt.small_cell_min", on=on).value)
