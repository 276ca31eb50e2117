"""The facilitators' workbook: groups, account numbers, address and notes of families already there, opening figures."""

from __future__ import annotations

from collections import Counter
from typing import Any

from harapan.core.components import LABELS_ID, Component
from harapan.core.names import name_key
from harapan.core.phrases import Phrase, joined
from harapan.database.sealing import index
from harapan.exchange.caseload.codec import COUNTS
from harapan.intake import finding, opening
from harapan.intake.errand import Errand
from harapan.intake.layouts import caseload_groups
from harapan.intake.models import OpeningFigure, Verdict
from harapan.intake.opening import Figure
from harapan.registry import matching
from harapan.registry.bulk.accounts import NewAccount, fill_accounts, put_accounts
from harapan.registry.bulk.families import Change, change_families
from harapan.registry.bulk.questions import Asked, ask, ours_in_full
from harapan.registry.matching import Known
from harapan.registry.models import Source
from harapan.registry.rules import FIELD_TITLES, Judgement, Precedence, judge

UNKNOWN = Phrase(
    "Keluarga dengan nomor KK, atau nama pengurus dan desa, ini belum tercatat di wilayah kerja "
    "Anda. Bawa masuk daftar dari pusat lebih dahulu, atau periksa nomor KK-nya."
)

Row = dict[str, Any]
Rows = dict[int, Row]


def take(errand: Errand) -> None:
    """Answer every line: what the field owns is taken over, numbers and names that differ become questions."""
    rows = {row["line"]: row for row in errand.sheet.rows() if errand.answers.open(row["line"])}
    errand.advance(1, 4, Phrase("Mencari keluarga"))
    found = _find(errand, rows)
    known = matching.known(found.values())
    rows = {line: rows[line] for line in found if errand.answers.open(line)}
    errand.advance(2, 4, Phrase("Menyiapkan kelompok"))
    groups = caseload_groups.prepare(errand, rows, {line: known[found[line]] for line in rows})
    rows = {line: rows[line] for line in rows if errand.answers.open(line)}
    errand.advance(3, 4, Phrase("Menulis keluarga"))
    _compare(errand, rows, {line: known[found[line]] for line in rows}, groups)
    errand.advance(4, 4, Phrase("Menyimpan angka awal"))
    _keep_figures(errand, rows, found)
    caseload_groups.assign(errand, groups)


def _find(errand: Errand, rows: Rows) -> dict[int, int]:
    """By family card, else by the name of the pengurus in the village; one family stands on one line."""
    by_kk = [finding.keys(line, kk=row["kk"]) for line, row in rows.items()]
    named = [(line, row["pengurus"], row["village"]) for line, row in rows.items()]
    found = finding.families(errand, by_kk, unknown=UNKNOWN, also=matching.find_by_name(named))
    lines_of: dict[int, list[int]] = {}
    for line, family in found.items():
        lines_of.setdefault(family, []).append(line)
    for lines in lines_of.values():
        for line in lines if len(lines) > 1 else ():
            others = ", ".join(str(other) for other in lines if other != line)
            errand.answers.refuse(
                line, Phrase("Baris {others} adalah keluarga yang sama. Hapus salah satunya.", others=others)
            )
    return {line: family for line, family in found.items() if errand.answers.open(line)}


def _compare(errand: Errand, rows: Rows, families: dict[int, Known], groups: dict[int, int]) -> None:
    precedence = Precedence.on(errand.on)
    changes: list[Change] = []
    new: list[NewAccount] = []
    filled: list[NewAccount] = []
    asked: dict[int, list[Asked]] = {}
    for line, row in rows.items():
        family = families[line]
        judgement = _judge(row, family, groups.get(line), precedence)
        errand.answers.settle(line, Verdict.UNCHANGED, family_id=family.id)
        account, differing = _account(row, family)
        if account:
            (filled if account.corrects else new).append(account)
            _changed(errand, line, [Phrase("nomor rekening atau kartu")])
        asked[line] = _asked(family, judgement, row) + differing
        values = {name: row[name] if name in ("kk",) else value for name, value in judgement.take.items()}
        changes.append(Change(family.id, values, manager_id=family.manager_id))
        _changed(errand, line, [FIELD_TITLES[name] for name in judgement.take])
        if judgement.kept:
            kept = joined((FIELD_TITLES[name] for name in judgement.kept), ", ")
            errand.answers.warn(line, Phrase("Isian yang lebih kuat dipertahankan: {kept}.", kept=kept))
    change_families(changes, source=Source.CASELOAD, on=errand.on)
    put_accounts(new, source=Source.CASELOAD, since=errand.since)
    fill_accounts(filled)
    _ask(errand, asked)


def _judge(row: Row, family: Known, group: int | None, precedence: Precedence) -> Judgement:
    ours = {
        "name": family.name_key, "kk": family.kk_ix, "address": family.address, "rt": family.rt, "rw": family.rw,
        "group": family.group_no or None, "note": "",
    }  # fmt: skip
    theirs = {
        "name": name_key(row["pengurus"]), "kk": index("kk", row["kk"]) if row["kk"] else None,
        "address": row["address"], "rt": row["rt"], "rw": row["rw"], "group": group, "note": _note(row, family),
    }  # fmt: skip
    return judge(ours, theirs, sources=family.sources, incoming=Source.CASELOAD, precedence=precedence)


def _note(row: Row, family: Known) -> str:
    """Complaint and follow-up added below what the field noted; "" where they are in it already."""
    said = (("Pengaduan", row["complaint"]), ("Tindak lanjut", row["follow_up"]))
    text = " ".join(f"{title}: {words}." for title, words in said if words)
    if not text or text in family.note:
        return ""
    return f"{family.note}\n{text}".strip()


def _account(row: Row, family: Known) -> tuple[NewAccount | None, list[Asked]]:
    """Numbers the account lacks are filled in; numbers that differ are asked about."""
    numbers = {"account": (row["account"], family.number_ix), "card": (row["card"], family.card_ix)}
    missing = {kind: value for kind, (value, ours) in numbers.items() if value and ours is None}
    differing = [
        Asked(family.id, kind, "", value)
        for kind, (value, ours) in numbers.items()
        if value and ours is not None and index(kind, value) != ours
    ]
    if not missing:
        return None, differing
    account = NewAccount(
        family.id, family.bank or "", missing.get("account"), missing.get("card"), corrects=family.account_id
    )
    return account, differing


def _asked(family: Known, judgement: Judgement, row: Row) -> list[Asked]:
    theirs = {"name": row["pengurus"], "kk": row["kk"]}
    return [Asked(family.id, name, family.name if name == "name" else "", theirs[name]) for name in judgement.ask]


def _changed(errand: Errand, line: int, titles: list[str]) -> None:
    if titles:
        errand.answers.settle(line, Verdict.CHANGED)
        errand.answers.warn(line, Phrase("Berubah: {fields}.", fields=joined(titles, ", ")))


def _ask(errand: Errand, asked: dict[int, list[Asked]]) -> None:
    every = [each for questions in asked.values() for each in questions]
    fresh = {(each.family_id, each.field) for each in ask(ours_in_full(every), source=Source.CASELOAD)}
    for line, questions in asked.items():
        for each in questions:
            if (each.family_id, each.field) in fresh:
                errand.answers.settle(line, Verdict.CHANGED)
            errand.answers.warn(
                line,
                Phrase(
                    "{title} berbeda dengan yang tercatat; menjadi pertanyaan, tidak ditimpa.",
                    title=FIELD_TITLES[each.field],
                ),
            )


def _keep_figures(errand: Errand, rows: Rows, found: dict[int, int]) -> None:
    """What the workbook counts and pays: history, never computed with. The first time speaks of a family anew."""
    figures = [Figure(line, found[line], kind, value) for line, row in rows.items() for kind, value in _figures(row)]
    first, other = opening.keep(errand, figures)
    for line in first:
        errand.answers.settle(line, Verdict.ACCEPTED)
    for line in other - first:
        _changed(errand, line, [Phrase("angka awal")])


def _figures(row: Row) -> list[tuple[str, str]]:
    kinds = OpeningFigure.Kind
    counted = Counter(row["components"]) or Counter({part: row[name] for part, name in COUNTS.items() if row[name]})
    components = ", ".join(f"{LABELS_ID[Component(part)]} {count}" for part, count in sorted(counted.items()))
    stated = (
        (kinds.MEMBERS, row["members_count"]),
        (kinds.COMPONENTS, components),
        (kinds.AMOUNT, row["amount_idr"]),
        (kinds.P2K2, row["p2k2_amount_idr"]),
    )
    return [(kind, str(value)[:200]) for kind, value in stated if value not in (None, "")]
