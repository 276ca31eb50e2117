"""Where families are paid: a change of bank ends one dated fact and begins another; missing numbers are filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from harapan.database.fields import draw_ids
from harapan.database.sealing import seal_column
from harapan.database.staging import staged
from harapan.registry.bulk.families import channel_of
from harapan.registry.models import PaymentAccount


@dataclass(slots=True)
class NewAccount:
    """What a family is paid through from a day on. `ends` is the account that stops there, `corrects` one that began
    on that very day, or is only filled in: it keeps its row and takes these values."""

    family_id: int
    bank: str
    number: str | None = None
    card: str | None = None
    holder: str = ""
    ends: int | None = None
    corrects: int | None = None


COLUMNS = {
    "id": "bigint", "family_id": "bigint", "ends": "bigint", "corrects": "bigint", "channel": "smallint",
    "bank": "text", "number": "bytea", "number_ix": "bytea", "card": "bytea", "card_ix": "bytea", "holder": "text",
}  # fmt: skip
_CORRECT = """
    UPDATE registry_paymentaccount a SET channel = n.channel, bank = n.bank, source = %(source)s,
        number = coalesce(n.number, a.number), number_ix = coalesce(n.number_ix, a.number_ix),
        card = coalesce(n.card, a.card), card_ix = coalesce(n.card_ix, a.card_ix)
    FROM new_account n WHERE n.corrects = a.id"""
_END = """
    UPDATE registry_paymentaccount a SET spell = daterange(lower(a.spell), %(since)s)
    FROM new_account n WHERE n.ends = a.id"""
_BEGIN = """
    INSERT INTO registry_paymentaccount (id, family_id, region_no, group_id, channel, bank, number, number_ix, card,
                                         card_ix, holder, spell, source)
    SELECT n.id, f.id, f.region_no, f.group_id, n.channel, n.bank, n.number, n.number_ix, n.card, n.card_ix,
           coalesce(nullif(n.holder, ''), f.name), daterange(%(since)s, NULL), %(source)s
    FROM new_account n JOIN registry_family f ON f.id = n.family_id WHERE n.corrects IS NULL"""


_FILL = """
    UPDATE registry_paymentaccount a SET
        number = coalesce(n.number, a.number), number_ix = coalesce(n.number_ix, a.number_ix),
        card = coalesce(n.card, a.card), card_ix = coalesce(n.card_ix, a.card_ix)
    FROM new_account n WHERE n.corrects = a.id"""


def put_accounts(accounts: Sequence[NewAccount], *, source: str, since: date) -> None:
    """Begin accounts on a day and end those before, or correct them. Four statements."""
    _write(accounts, (_CORRECT, _END, _BEGIN), {"source": source, "since": since})


def fill_accounts(accounts: Sequence[NewAccount]) -> None:
    """Set number and card, where given, of the accounts they correct; bank and source stay. Two statements."""
    _write(accounts, (_FILL,), None)


def _write(accounts: Sequence[NewAccount], statements: Sequence[str], values: dict[str, Any] | None) -> None:
    if not accounts:
        return
    drawn = draw_ids(PaymentAccount, len(accounts))
    ids = [account.corrects or row for account, row in zip(accounts, drawn, strict=True)]
    table = "registry_paymentaccount"
    numbers, number_ixs = seal_column([a.number for a in accounts], kind="account", table=table, row_ids=ids)
    cards, card_ixs = seal_column([a.card for a in accounts], kind="card", table=table, row_ids=ids)
    sealed = zip(ids, accounts, numbers, number_ixs, cards, card_ixs, strict=True)
    rows = (
        (row, a.family_id, a.ends, a.corrects, channel_of(a.bank), a.bank, number, number_ix, card, card_ix, a.holder)
        for row, a, number, number_ix, card, card_ix in sealed
    )
    with staged("new_account", COLUMNS, rows) as cursor:
        for statement in statements:
            cursor.execute(statement, values)
