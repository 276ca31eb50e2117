"""Which account a claim's money stands in, and writing a posting from what moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum

from harapan.accounts.models import User
from harapan.benefits.models import Mode, Stage
from harapan.payments.enums import Standing
from harapan.payments.models import Account, LedgerEntry, Posting, SettlementFile

ACCOUNT_OF = {
    Standing.UNANSWERED: Account.TREASURY,
    Standing.CREDITED: Account.UNTOUCHED,
    Standing.BLOCKED: Account.UNTOUCHED,
    Standing.WITHDRAWN: Account.CREDITED,
    Standing.FAILED: Account.TRANSIT,
    Standing.UNDELIVERED: Account.RETURNED,
    Standing.RETURNED: Account.RETURNED,
    Standing.TREASURY: Account.TREASURY,
    Standing.HELD: Account.HELD,
}


class Movement(NamedTuple):
    """Rupiah that went from one account to another. `payer`: the bank or post it lies with, lay with or goes to."""

    region_no: int
    out_of: Account
    into: Account
    idr: int
    payer: str = ""


class Answered(NamedTuple):
    """A claim that an answer or a hold moved."""

    region_no: int
    before: Standing
    after: Standing
    idr: int
    payer: str = ""


def post(
    stage: Stage, kind: Posting.Kind, answered: Iterable[Answered], *, by: User | None, on: date,
    file: SettlementFile | None = None,
) -> Posting | None:  # fmt: skip
    """One posting for claims that answers moved. In computed mode an order without an answer lies with the payer."""
    accounts = dict(ACCOUNT_OF)
    if stage.mode == Mode.COMPUTED and file is not None:
        accounts[Standing.UNANSWERED] = Account.TRANSIT
    moved = (
        Movement(each.region_no, accounts[each.before], accounts[each.after], each.idr, each.payer) for each in answered
    )
    return move(stage, kind, moved, by=by, on=on, file=file)


def move(
    stage: Stage, kind: Posting.Kind, moved: Iterable[Movement], *, by: User | None, on: date, **because: Any
) -> Posting | None:
    """One posting for everything that moved, summed by regency, account and payer; None where nothing changed.

    because: the answer file, payment file or payment back that it is for (fields of Posting).
    """
    sides: Counter[tuple[int, Account, str]] = Counter()
    for each in moved:
        regency = each.region_no // 10**6 * 10**6
        sides[regency, each.out_of, each.payer] -= each.idr
        sides[regency, each.into, each.payer] += each.idr
    return write(stage, kind, sides, by=by, on=on, **because)


def write(
    stage: Stage, kind: Posting.Kind, sides: Mapping[tuple[int, Account, str], int], *, by: User | None, on: date,
    **because: Any,
) -> Posting | None:  # fmt: skip
    """One posting with these sides: (regency, account, payer) -> rupiah. None where nothing moves."""
    sides = {side: idr for side, idr in sides.items() if idr}
    if not sides:
        return None
    posting = Posting.objects.create(stage=stage, kind=kind, by=by, on=on, **because)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(posting=posting, stage=stage, region_no=regency, account=account, payer=payer, idr=idr)
        for (regency, account, payer), idr in sorted(sides.items())
    )
    return posting


def balances(stage: Stage, *, inside: tuple[int, int] | None = None) -> dict[Account, int]:
    """Rupiah in every account of the stage, in scope or within a range of it. One query; nought where nothing moved."""
    entries = LedgerEntry.objects.filter(stage=stage)
    if inside is not None:
        entries = entries.filter(region_no__gte=inside[0], region_no__lt=inside[1])
    found = dict(entries.values_list("account").annotate(Sum("idr")))
    return {account: int(found.get(account, 0)) for account in Account}
