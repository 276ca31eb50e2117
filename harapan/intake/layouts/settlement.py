"""The answer of a bank or the post: every line to its family, then booked; what fits nothing waits for a person."""

from __future__ import annotations

import hashlib
from typing import Any

from harapan.core.phrases import Phrase
from harapan.core.references import parse_reference
from harapan.exchange.settlement.words import REASON_LABELS
from harapan.intake import finding
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.payments.rows import SettlementRow
from harapan.payments.settling import receive_settlement
from harapan.registry import matching

Row = dict[str, Any]


def take(errand: Errand) -> None:
    """Answer every line. One for no family is not lost: it is refused here and opened as an exception of the stage."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 2, Phrase("Mencari keluarga"))
    found = _ordered(errand.run.stage, rows)
    found |= _find({line: row for line, row in rows.items() if line not in found})
    errand.advance(2, 2, Phrase("Membukukan jawaban"))
    settled = receive_settlement(
        errand.run.stage, [_row(line, row, found.get(line)) for line, row in rows.items()],
        digest=_digest(errand), name=errand.run.file.name, file=errand.run.file, payer=_payer(rows),
        region_no=errand.run.region_no, by=errand.by, on=errand.on,
    )  # fmt: skip
    for line, answer in settled.answers.items():
        if answer.verdict == Verdict.REFUSED:
            errand.answers.refuse(line, answer.reason)
        else:
            errand.answers.settle(line, Verdict(answer.verdict), family_id=found.get(line))
            if answer.reason:
                errand.answers.warn(line, answer.reason)


def _ordered(stage: str, rows: dict[int, Row]) -> dict[int, int]:
    """Lines whose reference is one of our own orders of this stage. Whether the family is in scope shows at booking."""
    found = {}
    for line, row in rows.items():
        reference = parse_reference(row["reference"])
        if reference is not None and reference.stage == stage:
            found[line] = reference.family_id
    return found


def _find(rows: dict[int, Row]) -> dict[int, int]:
    """By what the bank was given, else by NIK, else by account; a line that fits two families fits none."""
    asked = [finding.keys(line, dtks_id=row["reference"], nik=row["nik"]) for line, row in rows.items()]
    hits = finding.by_line(matching.find(asked))
    left = [(line, row["account"]) for line, row in rows.items() if line not in hits and row["account"]]
    hits |= finding.by_line(matching.find_by_account(left))
    return {line: each[0].family_id for line, each in hits.items() if len(each) == 1}


def _row(line: int, row: Row, family_id: int | None) -> SettlementRow:
    reason = row["reason"]
    order = parse_reference(row["reference"])
    return SettlementRow(
        line, family_id, row["outcome"], row["amount_idr"], on=row["settled_on"], bank=row["bank"], reason=reason,
        note=row["reason_text"] or (REASON_LABELS[reason] if reason else ""), reference=row["reference"] or "",
        nik=row["nik"], account=row["account"], name=row["name"], ntpn=row["ntpn"] or "",
        attempt=order.attempt if order else 0,
    )  # fmt: skip


def _payer(rows: dict[int, Row]) -> str:
    banks = {row["bank"] for row in rows.values()} - {""}
    return banks.pop() if len(banks) == 1 else ""


def _digest(errand: Errand) -> str:
    """The contents and whose region they are booked for: two regencies may be sent one and the same file."""
    return hashlib.sha256(f"{errand.run.file.digest}|{errand.run.region_no}".encode()).hexdigest()
