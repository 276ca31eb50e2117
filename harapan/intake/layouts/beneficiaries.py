"""The ministry's list: families, their pengurus, place and bank; what it pays them goes to the stage's list."""

from __future__ import annotations

from typing import Any

from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.intake import comparing, elsewhere, finding, listing, places, stages
from harapan.intake.errand import Errand
from harapan.intake.layouts import other_programmes
from harapan.intake.models import Verdict
from harapan.registry import matching
from harapan.registry.bulk.families import NewFamily, add_families
from harapan.registry.matching import By, Hit, Keys
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
    found = _find(errand, {line: rows[line] for line in villages})
    rows = {line: rows[line] for line in villages if errand.answers.open(line)}
    pkh = {line: row for line, row in rows.items() if is_pkh(row["programme"])}
    other_programmes.keep(errand, {line: row for line, row in rows.items() if line not in pkh}, found)
    heads = _new_families(errand, {line: row for line, row in pkh.items() if line not in found})
    _refuse_twice(errand, pkh, found, heads)
    pkh = {line: row for line, row in pkh.items() if errand.answers.open(line)}
    errand.advance(3, 5, Phrase("Membandingkan dengan yang tercatat"))
    comparing.compare(errand, {line: row for line, row in pkh.items() if line in found}, found)
    errand.advance(4, 5, Phrase("Menulis keluarga baru"))
    found |= _add(errand, pkh, heads)
    listing.put_on_list(errand, pkh, found)


def is_pkh(programme: str) -> bool:
    return "PKH" in programme.upper().split() or "PROGRAM KELUARGA HARAPAN" in programme.upper()


def _find(errand: Errand, rows: Rows) -> dict[int, int]:
    """Line -> family. Lines that name two families, or a family registered elsewhere, are refused.

    Lines that share an IDDTKS or a NIK are one family, wherever one of them is known: else the order of the lines would
    decide. A card (KK) names a family only when no other line of the list is that family, and all lines that are one
    family bear it: else it is a second family on the card.
    """
    keys = {line: _keys(line, row) for line, row in rows.items()}
    hits = finding.by_line(matching.find(keys.values()))
    elsewhere.refuse(errand, _unknown_keys(keys, hits))
    claimed = {each[0].family_id for each in hits.values() if each[0].by is not By.KK}
    found: dict[int, int] = {}
    for lines in _alike(keys):
        sure = {line: hits[line] for line in lines if line in hits and hits[line][0].by is not By.KK}
        cards = {
            frozenset(hit.family_id for hit in hits.get(line, ()) if hit.family_id not in claimed) for line in lines
        }
        card = next(iter(cards)) if len(cards) == 1 else frozenset()
        theirs = {hit.family_id for each in sure.values() for hit in each} or card
        for line in lines:
            named = {hit.family_id for hit in sure[line]} if line in sure else theirs
            if len(named) > 1:
                errand.answers.refuse(line, finding.several(hits.get(line) or next(iter(sure.values()))))
            elif named:
                found[line] = min(named)
    return found


def _alike(keys: dict[int, Keys]) -> list[list[int]]:
    """The lines, those together that share an IDDTKS or a NIK, also over a third."""
    together: dict[int, list[int]] = {}
    bearer: dict[tuple[str, str | bytes | None], int] = {}
    for line, each in keys.items():
        together[line] = [line]
        for key in (("dtks", each.dtks_id), ("nik", each.nik_ix)):
            if not key[1]:
                continue
            other = together[bearer.setdefault(key, line)]
            if other is not together[line]:
                other += together[line]
                for joined in together[line]:
                    together[joined] = other
    return list({id(lines): lines for lines in together.values()}.values())


def _keys(line: int, row: Row) -> Keys:
    nik, kk = row["nik"], row["kk"]
    row["nik_ix"] = index("nik", nik) if nik else None
    row["kk_ix"] = index("kk", kk) if kk else None
    return Keys(line, row["beneficiary_id"], row["nik_ix"], row["kk_ix"])


def _unknown_keys(keys: dict[int, Keys], hits: dict[int, list[Hit]]) -> list[Keys]:
    """What to ask of the rest of the nation: everything of unknown families, the IDDTKS of those known otherwise."""
    unknown = []
    for line, each in keys.items():
        if line not in hits:
            unknown.append(each)
        elif hits[line][0].by is not By.DTKS and each.dtks_id:
            unknown.append(Keys(line, each.dtks_id, None, None))
    return unknown


def _new_families(errand: Errand, rows: Rows) -> dict[int, int]:
    """Line -> the first line of the same new family: one paid in two waves stands on two lines."""
    heads: dict[int, int] = {}
    first: dict[Any, int] = {}
    for line, row in rows.items():
        keys = [key for key in (row["beneficiary_id"], row["nik_ix"]) if key] or [row["kk_ix"]]
        heads[line] = next((first[key] for key in keys if key in first), line)
        for key in keys:
            first.setdefault(key, heads[line])
    return heads


def _refuse_twice(errand: Errand, rows: Rows, found: dict[int, int], heads: dict[int, int]) -> None:
    """One family has one line per bansos and wave, and one IDDTKS is one family: where lines say otherwise, nobody can
    tell which is right, and all of them are refused."""
    lines_of: dict[tuple[str, int, str, str], list[int]] = {}
    bearers: dict[str, dict[tuple[str, int], list[int]]] = {}
    for line, row in rows.items():
        who = ("known", found[line]) if line in found else ("new", heads[line])
        lines_of.setdefault((*who, row["programme"].upper(), row["wave"]), []).append(line)
        if row["beneficiary_id"]:
            bearers.setdefault(row["beneficiary_id"], {}).setdefault(who, []).append(line)
    for lines in lines_of.values():
        if len(lines) > 1:
            words = Phrase(
                "Baris {others} adalah keluarga yang sama untuk bansos dan gelombang yang sama. Hapus salah satunya."
            )
            _refuse_all(errand, lines, words)
    for families in bearers.values():
        if len(families) > 1:
            words = Phrase("IDDTKS ini juga ada di baris {others} untuk keluarga yang lain. Periksa mana yang benar.")
            _refuse_all(errand, sorted(line for lines in families.values() for line in lines), words)


def _refuse_all(errand: Errand, lines: list[int], words: Phrase) -> None:
    """Refuse each of the lines by naming the others."""
    for line in lines:
        others = ", ".join(str(other) for other in lines if other != line)
        errand.answers.refuse(line, words.filled(others=others))


def _add(errand: Errand, rows: Rows, heads: dict[int, int]) -> dict[int, int]:
    """Write new families, one per head; line -> its family."""
    new = {line: rows[line] for line, head in heads.items() if line == head and line in rows}
    ids = add_families(
        [_new_family(errand, row) for row in new.values()], source=Source.LIST, since=errand.since, on=errand.on
    )
    family_of = dict(zip(new, ids, strict=True))
    errand.new_family_ids.update(ids)
    found = {line: family_of[head] for line, head in heads.items() if head in family_of and line in rows}
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
