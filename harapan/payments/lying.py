"""Money that lies untouched in accounts, by age, payer and regency, and when it falls due to go back; and what is to be
paid back because it failed or returned."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connections
from django.db.models import Count, Sum

from harapan.benefits.models import Stage
from harapan.benefits.places import naming, range_for
from harapan.database.scope import active_alias
from harapan.payments import money
from harapan.payments.enums import Standing
from harapan.payments.models import TreasuryReturn
from harapan.policy.reader import default_policy

SOON_DAYS = (7, 30, 60)  # how the page groups what falls due; nobody's rule


@dataclass(frozen=True, slots=True)
class Lying:
    """A payer's or regency's untouched money by age band, youngest first: families and rupiah."""

    key: str
    label: str
    bands: tuple[tuple[int, int], ...]

    @property
    def families(self) -> int:
        return sum(families for families, _ in self.bands)

    @property
    def idr(self) -> int:
        return sum(idr for _, idr in self.bands)


@dataclass(frozen=True, slots=True)
class FallsDue:
    """Untouched money that goes back to the treasury from `first` on, up to and with `last` (None: without end)."""

    first: date | None
    last: date | None
    families: int
    idr: int


def by_payer(stage: Stage, *, on: date, region: int | None = None) -> list[Lying]:
    """The most money first. One query."""
    rows = _by_age(stage, "bank", on=on, region=region)
    return _sorted(Lying(bank, bank or money.NO_BANK, bands) for bank, bands in rows.items())


def by_regency(stage: Stage, *, on: date, region: int | None = None) -> list[Lying]:
    """The most money first. Two queries."""
    rows = _by_age(stage, "(region_no / 1000000 * 1000000)::text", on=on, region=region)
    names = naming(int(no) for no in rows)
    return _sorted(Lying(no, names.get(int(no), no), bands) for no, bands in rows.items())


def _sorted(rows: Any) -> list[Lying]:
    return sorted(rows, key=lambda row: (-row.idr, row.label))


def _by_age(stage: Stage, key: str, *, on: date, region: int | None) -> dict[str, tuple[tuple[int, int], ...]]:
    edges = [int(days) for days in default_policy().value("untouched.age_bands_days", on=on).value]
    inside = range_for(region)
    narrowed = "AND region_no >= %(low)s AND region_no < %(high)s" if inside else ""
    values: dict[str, Any] = {"stage": stage.pk, "on": on, "edges": edges, "standing": int(Standing.CREDITED)}
    values |= {"low": inside[0], "high": inside[1]} if inside else {}
    sql = f"""
        SELECT {key}, width_bucket(%(on)s::date - "on", %(edges)s::int[]), count(*), sum(amount_idr)::bigint
        FROM payments_claim WHERE stage_id = %(stage)s AND standing = %(standing)s {narrowed} GROUP BY 1, 2"""  # noqa: S608
    found: dict[str, list[tuple[int, int]]] = defaultdict(lambda: [(0, 0)] * (len(edges) + 1))
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values)
        for group, band, families, idr in cursor.fetchall():
            found[group][band] = (families, int(idr))
    return {group: tuple(bands) for group, bands in found.items()}


def falls_due(stage: Stage, *, on: date, region: int | None = None) -> tuple[int, list[FallsDue]]:
    """After how many days untouched money goes back, and what falls due when, the most pressing first. One query."""
    days = int(default_policy().value("untouched.returned_after_days", on=on).value)
    found = money.claims(stage, region=region, standing=Standing.CREDITED).values_list("on")
    of_day = [
        (day + timedelta(days=days), n, int(idr)) for day, n, idr in found.annotate(Count("pk"), Sum("amount_idr"))
    ]
    steps = [on + timedelta(days=each) for each in SOON_DAYS]
    spans = [
        (None, on - timedelta(days=1)), (on, steps[0]),
        *((first + timedelta(days=1), last) for first, last in zip(steps, [*steps[1:], None], strict=True)),
    ]  # fmt: skip
    rows = []
    for first, last in spans:
        inside = [(n, idr) for due, n, idr in of_day if (not first or due >= first) and (not last or due <= last)]
        rows.append(FallsDue(first, last, sum(n for n, _ in inside), sum(idr for _, idr in inside)))
    return days, [row for row in rows if row.families]


@dataclass(frozen=True, slots=True)
class Owed:
    """What a payer owes the treasury for one regency: what failed or came back, less what it has paid in."""

    payer: str
    regency_no: int
    place: str
    failed_idr: int
    returned_idr: int
    paid_idr: int

    @property
    def rest_idr(self) -> int:
        return self.failed_idr + self.returned_idr - self.paid_idr


_OWED = """
    SELECT bank, region_no / 1000000 * 1000000,
           coalesce(sum(amount_idr) FILTER (WHERE standing = 4), 0)::bigint,
           coalesce(sum(amount_idr) FILTER (WHERE standing IN (5, 6)), 0)::bigint
    FROM payments_claim WHERE stage_id = %s AND standing IN (4, 5, 6) GROUP BY 1, 2"""


def owed(stage: Stage) -> list[Owed]:
    """Per payer and regency in scope, the largest rest first. Three queries."""
    paid: dict[tuple[str, int], int] = defaultdict(int)
    for row in TreasuryReturn.objects.filter(stage=stage).order_by().values("payer", "region_no").annotate(
        failed=Sum("failed_idr"), returned=Sum("returned_idr")
    ):  # fmt: skip
        paid[row["payer"], row["region_no"]] += int(row["failed"]) + int(row["returned"])
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(_OWED, [stage.pk])
        sums = cursor.fetchall()
    names = naming(no for _, no, _, _ in sums)
    rows = [
        Owed(payer, no, names.get(no, str(no)), int(failed), int(returned), paid[payer, no])
        for payer, no, failed, returned in sums
    ]
    return sorted(rows, key=lambda row: (-row.rest_idr, row.payer, row.regency_no))
