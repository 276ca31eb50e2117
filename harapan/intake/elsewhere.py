"""Lines whose family is registered outside the importer's scope: refused, counted and logged, and nothing else told."""

from __future__ import annotations

from collections.abc import Sequence

from harapan.audit import log
from harapan.core.phrases import Phrase
from harapan.intake.errand import Errand
from harapan.registry import matching
from harapan.registry.matching import Keys

WORDS = Phrase(
    "Keluarga ini terdaftar di tempat lain. Minta pusat atau petugas wilayah asalnya "
    "memindahkannya, lalu kirim lagi baris ini."
)


def refuse(errand: Errand, unknown: Sequence[Keys]) -> None:
    """Ask about keys that the scope did not find. The count stays with the errand, for the log at its end."""
    lines = matching.elsewhere(unknown)
    for line in lines:
        errand.answers.refuse(line, WORDS)
    errand.elsewhere += len(lines)


def record(errand: Errand) -> None:
    """Written after the effect is kept or taken back: that somebody asked stays in the log either way."""
    if errand.elsewhere:
        log.record(
            "import.registered_elsewhere", kind="import", subject=errand.run.pk, body={"lines": errand.elsewhere}
        )
