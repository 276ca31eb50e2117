"""Statuses of the centre: each to its family, kept as told; an exclusion holds the money."""

from __future__ import annotations

from harapan.core.phrases import Phrase
from harapan.intake import finding, listing, stages
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.payments.holding import StatusRow, receive_statuses

UNKNOWN = Phrase(
    "Keluarga dengan IDDTKS atau NIK ini belum tercatat di wilayah kerja Anda. Bawa masuk daftar "
    "dari pusat lebih dahulu, atau periksa nomornya."
)


def take(errand: Errand) -> None:
    """Answer every line by what the stage already knew of the family."""
    listing.demand_stage(errand)
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    stages.compare(errand, rows)
    asked = [finding.keys(line, dtks_id=row["beneficiary_id"], nik=row["nik"]) for line, row in rows.items()]
    errand.advance(1, 2, Phrase("Mencari keluarga"))
    found = finding.families(errand, asked, unknown=UNKNOWN)
    errand.advance(2, 2, Phrase("Mencatat status"))
    told = [
        StatusRow(line, family, rows[line]["status"], rows[line]["reason"], rows[line]["status_on"])
        for line, family in found.items()
    ]
    answers = receive_statuses(errand.run.stage, told, file=errand.run.file, by=errand.by, on=errand.on)
    for line, answer in answers.items():
        if answer.verdict == Verdict.REFUSED:
            errand.answers.refuse(line, answer.reason)
        else:
            errand.answers.settle(line, Verdict(answer.verdict), family_id=found[line])
