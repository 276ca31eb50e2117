"""The component sheet: members by name and NIK, and what each counts for from the day of the sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from harapan.core.components import LABELS_ID, Component
from harapan.core.names import name_key
from harapan.core.numbers import Sex, birth_date_of, sex_of
from harapan.core.phrases import Phrase
from harapan.database.sealing import index
from harapan.intake import finding
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry.bulk.members import (
    KnownMember,
    KnownSpell,
    NewMember,
    add_members,
    begin_components,
    begin_earlier,
    end_components,
    fill_niks,
    members_of,
    spells_of,
)
from harapan.registry.bulk.questions import Asked, ask, ours_in_full
from harapan.registry.models import Member, Source

UNKNOWN = Phrase(
    "Keluarga dengan NIK pengurus atau nomor KK ini belum tercatat di wilayah kerja Anda. Bawa "
    "masuk daftar dari pusat lebih dahulu, atau periksa nomornya."
)
# How old at least whoever counts for it, to read the century of a NIK; no rule of who may count.
READING_AGE_MIN = {Component.ELDERLY: 40, Component.PREGNANT: 10}
# A child is in one of these at a time: the next ends the one before.
LADDER = frozenset({Component.TODDLER, Component.PRIMARY, Component.JUNIOR, Component.SENIOR})
_ENDED = re.compile(r"\b(tidak|non\w*|keluar|lulus|tamat|meninggal|pindah|berakhir|selesai)\b", re.IGNORECASE)
SEXES = {Sex.MALE: Member.Sex.MALE, Sex.FEMALE: Member.Sex.FEMALE}

Row = dict[str, Any]


@dataclass(slots=True)
class _Book:
    """Who is who in the families of the sheet, while it is read."""

    by_nik: dict[bytes, KnownMember]
    by_name: dict[tuple[int, str], KnownMember]

    @classmethod
    def of(cls, members: list[KnownMember]) -> _Book:
        return cls({m.nik_ix: m for m in members if m.nik_ix}, {(m.family_id, m.name_key): m for m in members})


@dataclass(slots=True)
class _Persons:
    """Line -> member id for known ones; the first line of each new one -> all its lines."""

    known: dict[int, int] = field(default_factory=dict)
    new: dict[int, list[int]] = field(default_factory=dict)
    fill: dict[int, tuple[int, str, int, Any]] = field(default_factory=dict)
    asked: dict[int, Asked] = field(default_factory=dict)


def take(errand: Errand) -> None:
    """Answer every line: the member found or added, and the component begun, continued or ended."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    asked = [finding.keys(line, nik=row["pengurus_nik"], kk=row["kk"]) for line, row in rows.items()]
    errand.advance(1, 4, Phrase("Mencari keluarga"))
    found = finding.families(errand, asked, unknown=UNKNOWN)
    rows = {line: rows[line] for line in found}
    errand.advance(2, 4, Phrase("Mencari anggota"))
    persons = _recognise(errand, rows, found)
    errand.advance(3, 4, Phrase("Menulis anggota"))
    members = _write_members(errand, rows, found, persons)
    errand.advance(4, 4, Phrase("Menulis komponen"))
    _write_components(errand, {line: rows[line] for line in members}, members, found)


def _recognise(errand: Errand, rows: dict[int, Row], found: dict[int, int]) -> _Persons:
    niks = {line: index("nik", row["nik"]) for line, row in rows.items() if row["nik"]}
    book = _Book.of(members_of(found.values(), niks.values()))
    persons = _Persons()
    first: dict[tuple[int, object], int] = {}
    for line, row in rows.items():
        family, key = found[line], name_key(row["name"])
        bearer = book.by_nik.get(niks.get(line, b""))
        namesake = book.by_name.get((family, key))
        if bearer and bearer.family_id != family:
            errand.answers.refuse(
                line, Phrase("NIK ini sudah tercatat pada anggota keluarga lain. Cocokkan dengan KK keduanya."), "nik"
            )
        elif bearer:
            persons.known[line] = bearer.id
        elif namesake:
            persons.known[line] = namesake.id
            _number_of_namesake(errand, line, row, namesake, persons)
        else:
            same = [(family, niks[line])] if line in niks else []
            head = next((first[each] for each in (*same, (family, key)) if each in first), line)
            for each in (*same, (family, key)):
                first.setdefault(each, head)
            persons.new.setdefault(head, []).append(line)
    return persons


def _number_of_namesake(errand: Errand, line: int, row: Row, member: KnownMember, persons: _Persons) -> None:
    if not row["nik"]:
        return
    if member.nik_ix is None:
        persons.fill[member.id] = (member.id, row["nik"], SEXES[sex_of(row["nik"])], _born_on(errand, row))
        errand.answers.settle(line, Verdict.CHANGED)
    else:
        persons.asked[line] = Asked(member.family_id, "nik", "", row["nik"], member_id=member.id)


def _born_on(errand: Errand, row: Row) -> Any:
    return birth_date_of(row["nik"], on=errand.on, years_min=READING_AGE_MIN.get(row["component"], 0))


def _write_members(errand: Errand, rows: dict[int, Row], found: dict[int, int], persons: _Persons) -> dict[int, int]:
    """Line -> member."""
    source = Source.LIST
    fill_niks(list(persons.fill.values()))
    fresh = {(each.member_id, each.theirs) for each in ask(ours_in_full(list(persons.asked.values())), source=source)}
    for line, each in persons.asked.items():
        new = (each.member_id, each.theirs) in fresh
        errand.answers.settle(line, Verdict.CHANGED if new else Verdict.UNCHANGED)
        errand.answers.warn(line, Phrase("NIK berbeda dengan yang tercatat; menjadi pertanyaan, tidak ditimpa."))
    ids = add_members(
        [_new_member(errand, rows[head], found[head]) for head in persons.new], source=source, on=errand.on
    )
    members = dict(persons.known)
    for (_, lines), member in zip(persons.new.items(), ids, strict=True):
        members |= dict.fromkeys(lines, member)
        for line in lines:
            errand.answers.settle(line, Verdict.ACCEPTED)
    return members


def _new_member(errand: Errand, row: Row, family_id: int) -> NewMember:
    nik = row["nik"]
    return NewMember(
        family_id, row["name"], nik, sex=SEXES[sex_of(nik)] if nik else Member.Sex.UNKNOWN,
        born_on=_born_on(errand, row) if nik else None,
    )  # fmt: skip


@dataclass(slots=True)
class _Work:
    begin: dict[tuple[int, int], None] = field(default_factory=dict)
    end: set[int] = field(default_factory=set)
    earlier: set[int] = field(default_factory=set)


def _write_components(errand: Errand, rows: dict[int, Row], members: dict[int, int], found: dict[int, int]) -> None:
    spells = spells_of(members.values())
    work = _Work()
    for line, row in rows.items():
        member, component = members[line], int(row["component"])
        known = spells.get(member, [])
        if _ENDED.search(row["state"]):
            verdict = _ended(errand, line, component, known, work)
        else:
            verdict = _counts(errand, line, member, component, known, work)
        errand.answers.settle(line, verdict, family_id=found[line])
    end_components(sorted(work.end), on=errand.since)
    begin_earlier(sorted(work.earlier), since=errand.since)
    begin_components(list(work.begin), source=Source.LIST, since=errand.since)


def _ended(errand: Errand, line: int, component: int, known: list[KnownSpell], work: _Work) -> Verdict:
    running = {spell.id for spell in known if spell.component == component and spell.open}
    work.end |= running
    if not running:
        errand.answers.warn(line, Phrase("Komponen ini memang tidak sedang dihitung."))
    return Verdict.CHANGED if running else Verdict.UNCHANGED


def _counts(errand: Errand, line: int, member: int, component: int, known: list[KnownSpell], work: _Work) -> Verdict:
    same = [spell for spell in known if spell.component == component]
    running = next((spell for spell in same if spell.open), None)
    if running and running.since <= errand.since:
        return Verdict.UNCHANGED
    if any(spell.until and spell.until > errand.since for spell in same):
        errand.answers.warn(
            line, Phrase("Komponen ini sudah tercatat untuk masa yang sama dan telah berakhir; tidak diubah.")
        )
        return Verdict.UNCHANGED
    if running:
        work.earlier.add(running.id)
        return Verdict.CHANGED
    before = [s for s in known if s.open and s.component in LADDER and component in LADDER and s.since <= errand.since]
    work.end |= {spell.id for spell in before}
    work.begin[member, component] = None
    for spell in before:
        shown = LABELS_ID[Component(spell.component)]
        errand.answers.warn(
            line, Phrase("Sebelumnya dihitung sebagai {component}; itu berakhir di sini.", component=shown)
        )
    return Verdict.CHANGED if before else Verdict.ACCEPTED
