"""The answer of a bank or the post: every line to its family, then booked; what fits nothing waits for a person."""

from __future__ import annotations

import hashlib
from typing import Any

from harapan.core.phrases import Phrase
from harapan.core.references import Reference, parse_reference
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
    _refuse_days_to_come(errand)
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 2, Phrase("Mencari keluarga"))
    orders = {line: order for line, row in rows.items() if (order := parse_reference(row["reference"]))}
    found = {line: order.family_id for line, order in orders.items()}
    found |= _find({line: row for line, row in rows.items() if line not in orders})
    errand.advance(2, 2, Phrase("Membukukan jawaban"))
    settled = receive_settlement(
        errand.run.stage,
        [_row(line, row, found.get(line), orders.get(line), errand.run.stage) for line, row in rows.items()],
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


def _refuse_days_to_come(errand: Errand) -> None:
    """No bank knows what will happen tomorrow: a mistyped year would keep money from ever counting as untouched."""
    for row in errand.sheet.rows():
        on = row["settled_on"]
        if on is not None and on > errand.on:
            words = Phrase("Tanggal {on} belum tiba; tanyakan tanggal yang benar kepada penyalur.", on=on.isoformat())
            errand.answers.refuse(row["line"], words, "settled_on")


def _find(rows: dict[int, Row]) -> dict[int, int]:
    """By what the bank was given, else by NIK, else by account; a line that fits two families fits none."""
    asked = [finding.keys(line, dtks_id=row["reference"], nik=row["nik"]) for line, row in rows.items()]
    hits = finding.by_line(matching.find(asked))
    left = [(line, row["account"]) for line, row in rows.items() if line not in hits and row["account"]]
    hits |= finding.by_line(matching.find_by_account(left))
    return {line: each[0].family_id for line, each in hits.items() if len(each) == 1}


def _row(line: int, row: Row, family_id: int | None, order: Reference | None, stage: str) -> SettlementRow:
    """An order of another stage stays one: the same family may be due the same amount in both, by the same account.

    Whether the family is in scope shows at booking.
    """
    reason = row["reason"]
    return SettlementRow(
        line, family_id, row["outcome"], row["amount_idr"], on=row["settled_on"], bank=row["bank"], reason=reason,
        note=row["reason_text"] or (REASON_LABELS[reason] if reason else ""), reference=row["reference"] or "",
        nik=row["nik"], account=row["account"], name=row["name"], ntpn=row["ntpn"] or "",
        attempt=order.attempt if order else 0, other_stage=order.stage if order and order.stage != stage else "",
    )  # fmt: skip


def _payer(rows: dict[int, Row]) -> str:
    banks = {row["bank"] for row in rows.values()} - {""}
    return banks.pop() if len(banks) == 1 else ""


def _digest(errand: Errand) -> str:
    """The contents and whose region they are booked for: two regencies may be sent one and the same file."""
    return hashlib.sha256(f"{errand.run.file.digest}|{errand.run.region_no}".encode()).hexdigest()
