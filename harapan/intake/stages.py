"""The stage a file is brought in for, against the one its rows name: the person decides, the rows are warned about."""

from __future__ import annotations

from typing import Any

from harapan.core.periods import StageName
from harapan.core.phrases import Phrase
from harapan.exchange.beneficiaries.codec import stage_agrees
from harapan.intake.errand import Errand


def compare(errand: Errand, rows: dict[int, dict[str, Any]]) -> None:
    """Warn about rows that name another stage: each on its line, and once for the file."""
    if errand.stage is None:
        return
    stage = StageName.parse(errand.stage.name)
    others = {line: row["stage"] for line, row in rows.items() if not stage_agrees(row["stage"], stage)}
    for line, written in others.items():
        errand.answers.warn(
            line,
            Phrase(
                "Kolom tahap menyebut “{written}”, sedangkan berkas dibawa masuk untuk {stage}.",
                written=written,
                stage=stage,
            ),
        )
    if others:
        shown = "”, “".join(sorted(set(others.values())))
        errand.notices.append(
            Phrase(
                "Kolom tahap pada {count} baris menyebut “{shown}”; yang dipakai adalah tahap {stage} pilihan Anda.",
                count=len(others),
                shown=shown,
                stage=stage,
            )
        )
