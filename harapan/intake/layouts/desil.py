"""Welfare deciles: one more outside fact about the family of that NIK or family card."""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.intake import finding
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry.bulk.facts import NewFact, add_facts
from harapan.registry.models import OutsideFact, Source

UNKNOWN = Phrase("NIK atau nomor KK ini tidak tercatat pada keluarga mana pun di wilayah kerja Anda. Periksa nomornya.")


def take(errand: Errand) -> None:
    """Write each decile once: the same family, day and value again is unchanged, another value is one more fact."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    asked = [finding.keys(line, nik=row["nik"], kk=row["kk"]) for line, row in rows.items()]
    errand.advance(1, 2, Phrase("Mencari keluarga"))
    found = finding.families(errand, asked, unknown=UNKNOWN, anyone=True)
    facts = [
        NewFact(line, family, OutsideFact.Kind.DESIL, str(rows[line]["decile"]), rows[line]["from_date"])
        for line, family in found.items()
    ]
    errand.advance(2, 2, Phrase("Mencatat desil"))
    known = add_facts(facts, source=Source.DTSEN)
    for line, family in found.items():
        errand.answers.settle(line, Verdict.UNCHANGED if line in known else Verdict.ACCEPTED, family_id=family)
