"""Which account a claim's money stands in, and writing a posting from what moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from harapan.accounts.models import User
from harapan.benefits.models import Stage
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
Movement = tuple[int, Standing, Standing, int]  # region_no, before, after, rupiah


def post(
    stage: Stage, kind: Posting.Kind, moved: Iterable[Movement], *, by: User | None, on: date,
    file: SettlementFile | None = None,
) -> Posting | None:  # fmt: skip
    """One posting for everything that moved, summed by regency and account; None where no account changed."""
    sides: Counter[tuple[int, Account]] = Counter()
    for region_no, before, after, idr in moved:
        regency = region_no // 10**6 * 10**6
        sides[regency, ACCOUNT_OF[before]] -= idr
        sides[regency, ACCOUNT_OF[after]] += idr
    sides = Counter({side: idr for side, idr in sides.items() if idr})
    if not sides:
        return None
    posting = Posting.objects.create(stage=stage, kind=kind, file=file, by=by, on=on)
    LedgerEntry.objects.bulk_create(
        LedgerEntry(posting=posting, stage=stage, region_no=regency, account=account, idr=idr)
        for (regency, account), idr in sorted(sides.items())
    )
    return posting
