"""The ledger as a page shows it: balances by regency and payer, and postings with their sides."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, F, OuterRef, QuerySet, Sum

from harapan.benefits.models import Stage
from harapan.benefits.places import naming
from harapan.payments.models import Account, LedgerEntry, Posting


@dataclass(frozen=True, slots=True)
class Balances:
    """Rupiah in each account, in the order of `Account`."""

    label: str
    of: dict[Account, int]

    @property
    def in_order(self) -> list[tuple[Account, int]]:
        return [(account, self.of.get(account, 0)) for account in Account]


def by_regency(stage: Stage) -> list[Balances]:
    """In order of the regencies' numbers. Two queries."""
    found: dict[int, dict[Account, int]] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(stage=stage).order_by("region_no").values_list("region_no", "account")
    for no, account, idr in rows.annotate(Sum("idr")):
        found[no][Account(account)] = int(idr)
    names = naming(found)
    return [Balances(names.get(no, str(no)), of) for no, of in found.items()]


def by_payer(stage: Stage) -> list[Balances]:
    """What lies with each payer; what has none (held, or answered in a file of several) last. One query."""
    found: dict[str, dict[Account, int]] = defaultdict(dict)
    rows = LedgerEntry.objects.filter(stage=stage).order_by("payer").values_list("payer", "account")
    for name, account, idr in rows.annotate(Sum("idr")):
        found[name][Account(account)] = int(idr)
    return [Balances(name, found[name]) for name in sorted(found, key=lambda name: (not name, name))]


def postings(stage: Stage) -> QuerySet[Posting]:
    """The postings with a side in scope, with what each is for."""
    side = LedgerEntry.objects.filter(posting=OuterRef("pk"))
    return Posting.objects.filter(Exists(side), stage=stage).select_related("by", "file", "payment_file", "paid_back")


def sides_of(found: Iterable[Posting]) -> dict[int, list[tuple[Account, int]]]:
    """Posting number -> rupiah into (above zero) and out of each account, over the regencies in scope. One query."""
    sides: dict[int, list[tuple[Account, int]]] = defaultdict(list)
    entries = LedgerEntry.objects.filter(posting__in=[posting.pk for posting in found])
    rows = entries.order_by("posting", "account").values_list("posting", "account")
    for posting, account, idr in rows.annotate(Sum("idr")):
        sides[posting].append((Account(account), int(idr)))
    return sides


@dataclass(frozen=True, slots=True)
class Side:
    """One row of the ledger as a file holds it."""

    posting: int
    on: date
    kind: str
    because: str
    place: str
    payer: str
    account: str
    idr: int


def entries(stage: Stage) -> QuerySet[LedgerEntry]:
    """Every side in scope, the oldest first."""
    found = LedgerEntry.objects.filter(stage=stage).select_related(
        "posting__file", "posting__payment_file", "posting__paid_back"
    )
    return found.order_by("posting_id", F("region_no"), "payer", "account")


def sides(rows: Sequence[LedgerEntry]) -> Iterator[Side]:
    """Rows of `entries` in words. One query for the names of places."""
    names = naming(row.region_no for row in rows)
    for row in rows:
        yield Side(
            row.posting_id, row.posting.on, row.posting.get_kind_display(), because(row.posting),
            names.get(row.region_no, str(row.region_no)), row.payer, row.get_account_display(), row.idr,
        )  # fmt: skip


def because(posting: Posting) -> str:
    """The file, receipt or answer that a posting is for; empty for holds."""
    if posting.payment_file is not None:
        file = posting.payment_file
        return f"{file.payer} bagian {file.part}/{file.parts}, diterima {file.handed_to}"
    if posting.paid_back is not None:
        return f"{posting.paid_back.payer}, NTPN {posting.paid_back.ntpn}"
    return posting.file.name if posting.file else ""
