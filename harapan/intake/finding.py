"""From the keys of a line to one family in the importer's scope, or a refusal that says why there is none."""

from __future__ import annotations

from collections.abc import Iterable

from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.intake import elsewhere
from harapan.intake.errand import Errand
from harapan.registry import matching
from harapan.registry.matching import By, Hit, Keys

TIES = {
    By.DTKS: "IDDTKS",
    By.NIK: "NIK pengurus",
    By.KK: Phrase("nomor KK"),
    By.MEMBER: Phrase("NIK anggota"),
    By.NAME: Phrase("nama pengurus dan desa"),
    By.ACCOUNT: Phrase("nomor rekening"),
}


def keys(line: int, *, dtks_id: str | None = None, nik: str | None = None, kk: str | None = None) -> Keys:
    return Keys(line, dtks_id or None, index("nik", nik) if nik else None, index("kk", kk) if kk else None)


def by_line(hits: Iterable[Hit]) -> dict[int, list[Hit]]:
    found: dict[int, list[Hit]] = {}
    for hit in hits:
        found.setdefault(hit.line, []).append(hit)
    return found


def families(
    errand: Errand, asked: list[Keys], *, unknown: str, anyone: bool = False, also: Iterable[Hit] = ()
) -> dict[int, int]:
    """Line -> its family. Lines that mean none, several, or one registered elsewhere are refused.

    unknown: the sentence for a family nobody registered. anyone: the NIK may be any member's. also: hits found by other
    means, for lines that the keys do not find.
    """
    hits = by_line(also) | by_line(matching.find(asked, anyone=anyone))
    missing = [each for each in asked if each.line not in hits]
    elsewhere.refuse(errand, missing)
    for each in missing:
        if errand.answers.open(each.line):
            errand.answers.refuse(each.line, unknown)
    for line, found in hits.items():
        if len(found) > 1:
            errand.answers.refuse(line, several(found))
    return {line: found[0].family_id for line, found in hits.items() if len(found) == 1}


def several(hits: list[Hit]) -> str:
    tie = TIES[hits[0].by]
    return Phrase(
        "{count} keluarga tercatat dengan {tie} ini. Perbaiki data salah satunya, lalu kirim lagi baris ini.",
        count=len(hits),
        tie=tie,
    )
