"""Lines of the ministry's list against families already there: what it may change, and what becomes a question."""

from __future__ import annotations

from typing import Any

from harapan.core.names import name_key
from harapan.core.phrases import Phrase, joined
from harapan.intake.errand import Errand
from harapan.intake.models import Verdict
from harapan.registry import matching
from harapan.registry.bulk.accounts import NewAccount, put_accounts
from harapan.registry.bulk.families import Change, change_families, enrol_again
from harapan.registry.bulk.questions import Asked, ask, ours_in_full
from harapan.registry.matching import Known
from harapan.registry.models import Source
from harapan.registry.rules import FIELD_TITLES, Judgement, Precedence, judge

Row = dict[str, Any]


def compare(errand: Errand, rows: dict[int, Row], found: dict[int, int]) -> None:
    """Judge every line against its family and write what the list may change. Several lines of one family say one."""
    known = matching.known(found[line] for line in rows)
    precedence = Precedence.on(errand.on)
    changes: dict[int, Change] = {}
    accounts: list[NewAccount] = []
    asked: list[Asked] = []
    returned: list[int] = []
    for line, row in rows.items():
        family = known[found[line]]
        errand.answers.settle(line, Verdict.UNCHANGED, family_id=family.id, region_no=row["region"])
        if family.id in changes:
            continue
        judgement = _judge(row, family, precedence)
        account = _account(errand, family, judgement.take.pop("bank", None))
        accounts += [account] if account else []
        asked += _asked(family, judgement, row)
        changes[family.id] = Change(family.id, _values(judgement, row), manager_id=family.manager_id)
        if not family.enrolled:
            returned.append(family.id)
            errand.answers.settle(line, Verdict.CHANGED)
            errand.answers.warn(line, Phrase("Kepesertaannya pernah berakhir dan dimulai lagi."))
        _say(errand, line, [*judgement.take, *(["bank"] if account else [])], judgement.kept)
    change_families(list(changes.values()), source=Source.LIST, on=errand.on)
    put_accounts(accounts, source=Source.LIST, since=errand.since)
    enrol_again(returned, source=Source.LIST, since=errand.since)
    _ask(errand, asked, {found[line]: line for line in reversed(rows)})


def _judge(row: Row, family: Known, precedence: Precedence) -> Judgement:
    """Numbers are compared by their index, names by their key: what is only written otherwise is the same."""
    ours = {
        "dtks_id": family.dtks_id, "region": family.region_no, "bank": family.bank, "kk": family.kk_ix,
        "nik": family.manager_nik_ix, "name": family.name_key, "address": family.address, "rt": family.rt,
        "rw": family.rw, "hamlet": family.hamlet,
    }  # fmt: skip
    theirs = {name: row[name] for name in ("region", "bank", "address", "rt", "rw", "hamlet")} | {
        "dtks_id": row["beneficiary_id"], "kk": row["kk_ix"], "nik": row["nik_ix"], "name": name_key(row["name"]),
    }  # fmt: skip
    judgement = judge(ours, theirs, sources=family.sources, incoming=Source.LIST, precedence=precedence)
    if family.manager_id is None:
        judgement.take.pop("nik", None)  # nobody to write it on
    return judgement


def _values(judgement: Judgement, row: Row) -> dict[str, Any]:
    """What to set, numbers and names in full again."""
    return {name: row[name] if name in ("nik", "kk", "name") else value for name, value in judgement.take.items()}


def _account(errand: Errand, family: Known, bank: str | None) -> NewAccount | None:
    """The bank of the list from the stage on; a list older than the account in force says nothing about it."""
    if not bank:
        return None
    since = family.account_since
    if family.account_id is None or since is None:
        return NewAccount(family.id, bank)
    if since > errand.since:
        return None
    if since == errand.since:
        return NewAccount(family.id, bank, corrects=family.account_id)
    return NewAccount(family.id, bank, ends=family.account_id)


def _asked(family: Known, judgement: Judgement, row: Row) -> list[Asked]:
    return [
        Asked(family.id, name, family.name if name == "name" else "", row[name],
              member_id=family.manager_id if name == "nik" else None)
        for name in judgement.ask
    ]  # fmt: skip


def _say(errand: Errand, line: int, taken: list[str], kept: list[str]) -> None:
    if taken:
        errand.answers.settle(line, Verdict.CHANGED)
        errand.answers.warn(
            line, Phrase("Berubah: {fields}.", fields=joined((FIELD_TITLES[name] for name in taken), ", "))
        )
    if kept:
        errand.answers.warn(
            line,
            Phrase(
                "Catatan lapangan dipertahankan: {fields}.", fields=joined((FIELD_TITLES[name] for name in kept), ", ")
            ),
        )


def _ask(errand: Errand, asked: list[Asked], line_of: dict[int, int]) -> None:
    new = ask(ours_in_full(asked), source=Source.LIST)
    fresh = {(each.family_id, each.field) for each in new}
    for each in asked:
        line, title = line_of[each.family_id], FIELD_TITLES[each.field]
        if (each.family_id, each.field) in fresh:
            errand.answers.settle(line, Verdict.CHANGED)
            errand.answers.warn(
                line, Phrase("{title} berbeda dengan yang tercatat; menjadi pertanyaan, tidak ditimpa.", title=title)
            )
        else:
            errand.answers.warn(
                line, Phrase("{title} berbeda dengan yang tercatat; pertanyaannya sudah ada.", title=title)
            )
