"""The ministry's list: families, their pengurus, place and bank; what it pays them goes to the stage's list."""

from __future__ import annotations

from typing import Any

from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.intake import comparing, listing, places, stages
from harapan.intake.errand import Errand
from harapan.intake.layouts import other_programmes
from harapan.intake.models import Verdict
from harapan.intake.whose import whose
from harapan.registry.bulk.families import NewFamily, add_families
from harapan.registry.matching import Keys
from harapan.registry.models import Member, Source

PENGURUS_AGE_MIN = 17  # a NIK's "20" is 1920 for whoever is old enough to be paid
SEXES = {Sex.MALE: Member.Sex.MALE, Sex.FEMALE: Member.Sex.FEMALE}

Row = dict[str, Any]
Rows = dict[int, Row]


def take(errand: Errand) -> None:
    """Answer every line of the list: families added or compared, then their entry on the list of the stage."""
    listing.demand_stage(errand)
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    stages.compare(errand, rows)
    errand.advance(1, 5, Phrase("Mencari desa"))
    villages = places.resolve(errand, rows)
    for line, village in villages.items():
        rows[line]["region"] = village
    listing.refuse_reconciled(errand, {line: rows[line] for line in villages if is_pkh(rows[line]["programme"])})
    villages = {line: village for line, village in villages.items() if errand.answers.open(line)}
    errand.advance(2, 5, Phrase("Mencari keluarga yang sudah tercatat"))
    keys = {line: _keys(line, rows[line]) for line in villages}
    pkh = {line: rows[line] for line in villages if is_pkh(rows[line]["programme"])}
    found, new = whose(errand, keys, claims=pkh)
    rows = {line: rows[line] for line in villages if errand.answers.open(line)}
    pkh = {line: row for line, row in pkh.items() if line in rows}
    other_programmes.keep(errand, {line: row for line, row in rows.items() if line not in pkh}, found)
    party_of = {line: lines[0] for lines in new for line in lines}
    _refuse_twice(errand, pkh, found, party_of)
    pkh = {line: row for line, row in pkh.items() if errand.answers.open(line)}
    errand.advance(3, 5, Phrase("Membandingkan dengan yang tercatat"))
    comparing.compare(errand, {line: row for line, row in pkh.items() if line in found}, found)
    errand.advance(4, 5, Phrase("Menulis keluarga baru"))
    found |= _add(errand, pkh, party_of)
    listing.put_on_list(errand, pkh, found)


def is_pkh(programme: str) -> bool:
    return "PKH" in programme.upper().split() or "PROGRAM KELUARGA HARAPAN" in programme.upper()


def _keys(line: int, row: Row) -> Keys:
    nik, kk = row["nik"], row["kk"]
    row["nik_ix"] = index("nik", nik) if nik else None
    row["kk_ix"] = index("kk", kk) if kk else None
    return Keys(line, row["beneficiary_id"], row["nik_ix"], row["kk_ix"])


def _refuse_twice(errand: Errand, rows: Rows, found: dict[int, int], party_of: dict[int, int]) -> None:
    """One family has one line per bansos and wave: where two lines say otherwise, nobody can tell which is right, and
    all of them are refused."""
    lines_of: dict[tuple[str, int, str, str], list[int]] = {}
    for line, row in rows.items():
        who = ("known", found[line]) if line in found else ("new", party_of[line])
        lines_of.setdefault((*who, row["programme"].upper(), row["wave"]), []).append(line)
    words = Phrase(
        "Baris {others} adalah keluarga yang sama untuk bansos dan gelombang yang sama. Hapus salah satunya."
    )
    for lines in lines_of.values():
        for line in lines if len(lines) > 1 else ():
            others = ", ".join(str(other) for other in lines if other != line)
            errand.answers.refuse(line, words.filled(others=others))


def _add(errand: Errand, rows: Rows, party_of: dict[int, int]) -> dict[int, int]:
    """Write a new family per party, as its first line has it; line -> its family."""
    first: dict[int, int] = {}
    for line in rows:
        if line in party_of:
            first.setdefault(party_of[line], line)
    ids = add_families(
        [_new_family(errand, rows[line]) for line in first.values()],
        source=Source.LIST, since=errand.since, on=errand.on,
    )  # fmt: skip
    errand.new_family_ids.update(ids)
    family_of = dict(zip(first, ids, strict=True))
    found = {line: family_of[party_of[line]] for line in rows if line in party_of}
    for line, family in found.items():
        errand.answers.settle(line, Verdict.ACCEPTED, family_id=family, region_no=rows[line]["region"])
    return found


def _new_family(errand: Errand, row: Row) -> NewFamily:
    nik = row["nik"]
    return NewFamily(
        region_no=row["region"], name=row["name"], dtks_id=row["beneficiary_id"], kk=row["kk"], nik=nik,
        sex=SEXES[sex_of(nik)] if nik else Member.Sex.UNKNOWN,
        born_on=birth_date_of(nik, on=errand.on, years_min=PENGURUS_AGE_MIN) if nik else None,
        address=row["address"], rt=row["rt"], rw=row["rw"], hamlet=row["hamlet"], bank=row["bank"],
    )  # fmt: skip
