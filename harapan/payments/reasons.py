"""Why money did not reach a hand: the codes of the dated policy, and the words for them."""

from __future__ import annotations

from datetime import date

from harapan.core.phrases import Phrase
from harapan.exchange.settlement.words import REASON_LABELS, Reason
from harapan.policy.reader import default_policy

# where the reader of bank files and the policy name one thing differently
_POLICY_CODE = {Reason.HEIR_NO_KTP: "heir_without_id", Reason.DEBT: "bank_debt"}


def code_of(told: Reason | str | None) -> str:
    """The policy's code for what a file's reader found; "" for no reason."""
    if not told:
        return ""
    return _POLICY_CODE[Reason(told)] if told in _POLICY_CODE else str(told)


def labels(on: date) -> dict[str, Phrase]:
    """Every code of that day with its words, for choices and tables."""
    known = {code_of(reason): label for reason, label in REASON_LABELS.items()}
    policy = default_policy()
    written = policy.values("undelivered", on=on) | policy.values("handover.reason", on=on)
    return known | {code: row.words for code, row in written.items()}


def label(code: str, on: date) -> str:
    """ "Meninggal, ada ahli waris"; the code itself where nobody knows it, "Tanpa alasan" for none."""
    return labels(on).get(code, code) if code else Phrase("Tanpa alasan")


def told(code: str, note: str, on: date) -> list[str]:
    """The reason and what the bank wrote, each once: often they are the same, and both say more than "other"."""
    said = [label(code, on)] if code and not (code == Reason.OTHER and note) else []
    return list(dict.fromkeys(filter(None, [*said, note])))


def exclude_labels(on: date) -> dict[str, Phrase]:
    """Why the centre excludes a family, by code."""
    return {code: row.words for code, row in default_policy().values("exclude", on=on).items()}


def exclude_code(words: str, on: date) -> str:
    """The code behind the centre's sentence: the code itself, its label, or "other"; "" for no words."""
    asked = " ".join(words.lower().replace("_", " ").split())
    if not asked:
        return ""
    for code, text in exclude_labels(on).items():
        if asked in (code.replace("_", " "), text.lower()):
            return code
    return "other"
