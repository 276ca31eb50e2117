"""Texts longer than their place: what names somebody is refused, what only describes is cut with a remark."""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.exchange.sheet import Sheet

NAMES = {
    "name": 120, "pengurus": 120, "beneficiary_id": 40, "programme": 40, "wave": 20, "group": 80, "reference": 60,
}  # fmt: skip
DETAILS = {
    "address": 200, "rt": 5, "rw": 5, "hamlet": 80, "bank": 20, "reason_text": 200, "reason": 200, "complaint": 500,
    "follow_up": 500, "grade": 10, "school_kind": 10,
}  # fmt: skip


def fit(sheet: Sheet) -> None:
    """Note a fatal problem with every overlong name, cut overlong details, and drop signs no database keeps."""
    for name, values in sheet.columns.items():
        limit = NAMES.get(name) or DETAILS.get(name)
        for row, value in enumerate(values):
            if type(value) is not str:
                continue
            if "\0" in value:
                value = values[row] = value.replace("\0", "")
            if limit and len(value) > limit:
                _shorten(sheet, row, name, limit)


def _shorten(sheet: Sheet, row: int, name: str, limit: int) -> None:
    value = sheet[name][row]
    if name in NAMES:
        reason = Phrase(
            "Isian ini {count} huruf, paling banyak {limit}. Periksa apakah kolomnya bergeser.",
            count=len(value),
            limit=limit,
        )
    else:
        sheet[name][row] = value[:limit].rstrip()
        reason = Phrase("Isian ini lebih dari {limit} huruf; sisanya tidak disimpan.", limit=limit)
    sheet.problems.append(sheet.problem(row, name, reason, fatal=name in NAMES))
