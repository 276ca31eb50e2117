"""Name lists of villages: which NIK are registered here, whose names differ, and phone numbers that were missing."""

from __future__ import annotations

from typing import Any

from harapan.core.names import name_key, same_name
from harapan.core.phrases import Phrase, joined
from harapan.database.sealing import index
from harapan.intake import finding
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry import matching
from harapan.registry.bulk.families import Change, change_families
from harapan.registry.bulk.members import KnownMember, members_of
from harapan.registry.bulk.questions import Asked, ask
from harapan.registry.models import Source
from harapan.registry.rules import FIELD_TITLES, Precedence, judge

UNKNOWN = Phrase(
    "NIK ini tidak tercatat pada keluarga PKH di wilayah kerja Anda. Bila seharusnya tercatat, "
    "cocokkan NIK dengan KTP atau tunggu daftar dari pusat."
)

Row = dict[str, Any]


def take(errand: Errand) -> None:
    """Answer every line by whether its NIK is registered. Membership is the ministry's list's: nobody is added."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    asked = [finding.keys(line, nik=row["nik"]) for line, row in rows.items()]
    errand.advance(1, 2, Phrase("Mencocokkan NIK"))
    found = finding.families(errand, asked, unknown=UNKNOWN, anyone=True)
    for line, family in found.items():
        errand.answers.settle(line, Verdict.UNCHANGED, family_id=family)
    errand.advance(2, 2, Phrase("Membandingkan nama"))
    bearers = {m.nik_ix: m for m in members_of((), {index("nik", rows[line]["nik"]) for line in found})}
    _compare_names(errand, {line: rows[line] for line in found}, bearers)
    _fill(errand, {line: rows[line] for line in found}, found)


def _compare_names(errand: Errand, rows: dict[int, Row], bearers: dict[bytes | None, KnownMember]) -> None:
    """A pengurus named quite otherwise is a question; another spelling, or another member, is only said."""
    asked: dict[int, Asked] = {}
    for line, row in rows.items():
        member = bearers[index("nik", row["nik"])]
        if name_key(row["name"]) == member.name_key:
            continue
        if member.manager and not same_name(row["name"], member.name_key):
            asked[line] = Asked(member.family_id, "name", member.name_key, row["name"])
        else:
            errand.answers.warn(line, Phrase("Nama yang tercatat: {name_key}.", name_key=member.name_key))
    fresh = {(each.family_id, each.theirs) for each in ask(list(asked.values()), source=Source.VILLAGE)}
    for line, each in asked.items():
        if (each.family_id, each.theirs) in fresh:
            errand.answers.settle(line, Verdict.CHANGED)
        errand.answers.warn(line, Phrase("Nama berbeda dengan yang tercatat; menjadi pertanyaan, tidak ditimpa."))


def _fill(errand: Errand, rows: dict[int, Row], found: dict[int, int]) -> None:
    """Phone and address where the field has said nothing yet."""
    known = matching.known(found.values())
    precedence = Precedence.on(errand.on)
    changes: dict[int, Change] = {}
    for line, row in rows.items():
        family = known[found[line]]
        ours = {"phone": family.phone_ix, "address": family.address, "rt": family.rt, "rw": family.rw}
        phone = index("phone", row["phone"]) if row["phone"] else None
        theirs = {"phone": phone, "address": row["address"], "rt": row["rt"], "rw": row["rw"]}
        # a village says where nobody said anything: it replaces neither the list nor the field
        theirs = {name: value for name, value in theirs.items() if not ours[name]}
        judged = judge(ours, theirs, sources=family.sources, incoming=Source.VILLAGE, precedence=precedence)
        if judged.take and family.id not in changes:
            changes[family.id] = Change(family.id, {name: row[name] for name in judged.take})
            errand.answers.settle(line, Verdict.CHANGED)
            errand.answers.warn(
                line, Phrase("Diisi: {fields}.", fields=joined((FIELD_TITLES[name] for name in judged.take), ", "))
            )
    change_families(list(changes.values()), source=Source.VILLAGE, on=errand.on)
