"""Where a stage's money stands, summed from the claims in the reader's scope: constant queries, whatever the rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import connections
from django.db.models import Aggregate, Count, Min, Q, QuerySet, Sum

from harapan.benefits.models import Entitlement, Mode, Run, Stage, State
from harapan.benefits.places import Place, naming, range_for, state_in
from harapan.core.money import rupiah
from harapan.core.phrases import Phrase, joined
from harapan.database.scope import active_alias
from harapan.payments import reasons
from harapan.payments.enums import CAME_BACK, Standing
from harapan.payments.models import (
    CentreStatus,
    Claim,
    Hold,
    Order,
    PaymentException,
    PaymentFile,
    Posting,
    SettlementLine,
    TreasuryReturn,
)
from harapan.policy.reader import default_policy
from harapan.regions import codes

NO_BANK = Phrase("tanpa bank")
BEFORE_ORDERS = (State.COMPUTED, State.CHECKED, State.APPROVED)
_SUMS = f"""
    count(DISTINCT family_id), count(*) FILTER (WHERE listing_id > 0 OR attempt > 0),
    coalesce(sum(nominal_idr), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing IN ({Standing.CREDITED:d}, {Standing.WITHDRAWN:d},
                                                        {Standing.BLOCKED:d}, {Standing.TREASURY:d})), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.WITHDRAWN:d}), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.CREDITED:d}), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.BLOCKED:d}), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.TREASURY:d}), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.FAILED:d}), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing IN ({Standing.UNDELIVERED:d}, {Standing.RETURNED:d})), 0)::bigint,
    coalesce(sum(amount_idr) FILTER (WHERE standing = {Standing.HELD:d}), 0)::bigint,
    count(*) FILTER (WHERE standing = {Standing.UNANSWERED:d})"""


@dataclass(frozen=True, slots=True)
class Money:
    """Due and what became of it, in whole rupiah. `credited_idr` holds withdrawn, untouched, blocked and treasury."""

    families: int
    orders: int  # in received mode each family and wave on the list; in computed mode the latest order of a family
    net_idr: int
    credited_idr: int
    withdrawn_idr: int
    untouched_idr: int
    blocked_idr: int
    treasury_idr: int
    failed_idr: int
    returned_idr: int
    held_idr: int
    unanswered: int  # orders without an answer

    def __add__(self, other: Money) -> Money:
        """Of claims that are in one of the two only; families add up where each has one claim (computed mode)."""
        return Money(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def unanswered_idr(self) -> int:
        """Due less what stands in the four sums; below zero where more was answered than the list now owes."""
        return self.net_idr - self.credited_idr - self.failed_idr - self.returned_idr - self.held_idr

    @property
    def balanced(self) -> bool:
        """due = credited + failed + returned + held, to the rupiah."""
        return self.unanswered_idr == 0

    def in_words(self) -> Phrase:
        """The identity as a sentence, for refusals and pages."""
        return Phrase(
            "harus dibayar {due} = masuk {credited} + gagal {failed} + kembali {returned} + ditahan {held} "
            "+ belum terjawab {unanswered}",
            due=rupiah(self.net_idr), credited=rupiah(self.credited_idr), failed=rupiah(self.failed_idr),
            returned=rupiah(self.returned_idr), held=rupiah(self.held_idr), unanswered=rupiah(self.unanswered_idr),
        )  # fmt: skip


NOTHING = Money(*[0] * len(fields(Money)))


@dataclass(frozen=True, slots=True)
class Status:
    """`harapan stage status`, with what the pages show beside it."""

    stage: str
    mode: str
    state: str
    money: Money
    exceptions: int

    def as_json(self) -> dict[str, Any]:
        """The fields of design.md 11, in their order."""
        money = asdict(self.money)
        sums = ("orders", "credited_idr", "withdrawn_idr", "untouched_idr", "failed_idr", "returned_idr", "held_idr")
        return {
            "stage": self.stage, "mode": self.mode, "state": self.state,
            "families": money["families"], "net_idr": money["net_idr"],
            **{name: money[name] for name in sums}, "exceptions": self.exceptions,
        }  # fmt: skip


def status(stage: Stage, *, region: int | None = None) -> Status:
    """Where the stage and its money stand, in the reader's scope or in one region (its number) of it.

    Before a computed stage has orders, `families` and `net_idr` are what its run found due. Four queries at most.
    """
    inside = range_for(region)
    waiting = PaymentException.objects.open().filter(stage=stage)
    if inside:
        waiting = waiting.inside(*inside)
    sums = of(stage, region=region)
    if stage.mode == Mode.COMPUTED and stage.state in BEFORE_ORDERS:
        families, net_idr = _found_due(stage, inside)
        sums = replace(sums, families=families, net_idr=net_idr)
    return Status(stage.name, stage.mode, state_in(stage, inside), sums, waiting.count())


def _found_due(stage: Stage, inside: tuple[int, int] | None) -> tuple[int, int]:
    """Families and rupiah that the live runs of the stage found due, in scope."""
    rows = Entitlement.objects.filter(run__in=Run.objects.live().filter(stage=stage).values("pk"), net_idr__gt=0)
    if inside:
        rows = rows.filter(region_no__gte=inside[0], region_no__lt=inside[1])
    found = rows.aggregate(families=Count("family_id"), net=Sum("net_idr", default=0))
    return found["families"], int(found["net"])


def of(stage: Stage, *, region: int | None = None) -> Money:
    """The sums alone."""
    inside = range_for(region)
    narrowed = "AND region_no >= %(low)s AND region_no < %(high)s" if inside else ""
    values = {"stage": stage.pk, **({"low": inside[0], "high": inside[1]} if inside else {})}
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(f"SELECT {_SUMS} FROM payments_claim WHERE stage_id = %(stage)s {narrowed}", values)  # noqa: S608
        return Money(*cursor.fetchone())


_WIDTH = {"regency": 10**6, "district": 10**4, "village": 1}


def by_place(stage: Stage, *, level: str, region: int | None = None) -> list[tuple[Place, Money]]:
    """The sums of each regency, district or village, in order of their numbers. Two queries."""
    width = _WIDTH[level]
    rows = _grouped(stage, f"region_no / {width} * {width}", region)
    names = naming(row[0] for row in rows)
    return [(Place(row[0], names.get(row[0], str(row[0]))), Money(*row[1:])) for row in rows]


def by_bank(stage: Stage, *, region: int | None = None) -> list[tuple[str, Money]]:
    """The sums of each bank (or POS) as the list names it. One query."""
    return [(row[0] or NO_BANK, Money(*row[1:])) for row in _grouped(stage, "bank", region)]


def by_bank_and_place(stage: Stage, *, level: str, region: int | None = None) -> list[tuple[str, int, Money]]:
    """The sums of each payer in each place, from which those of either follow by adding. One query."""
    width = _WIDTH[level]
    rows = _grouped(stage, f"bank, region_no / {width} * {width}", region, by="1, 2")
    return [(row[0] or NO_BANK, row[1], Money(*row[2:])) for row in rows]


def _grouped(stage: Stage, key: str, region: int | None, *, by: str = "1") -> list[tuple[Any, ...]]:
    inside = range_for(region)
    narrowed = "AND region_no >= %(low)s AND region_no < %(high)s" if inside else ""
    values = {"stage": stage.pk, **({"low": inside[0], "high": inside[1]} if inside else {})}
    sql = f"SELECT {key}, {_SUMS} FROM payments_claim WHERE stage_id = %(stage)s {narrowed} GROUP BY {by} ORDER BY {by}"  # noqa: S608
    with connections[active_alias()].cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def claims(stage: Stage, *, region: int | None = None, standing: Standing | None = None) -> QuerySet[Claim]:
    """The claims themselves, for lists: filter, order and page them as any rows."""
    found = Claim.objects.filter(stage=stage)
    inside = range_for(region)
    if inside:
        found = found.filter(region_no__gte=inside[0], region_no__lt=inside[1])
    return found if standing is None else found.filter(standing=standing)


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Untouched money that has lain from `days_min` up to, not including, `days_below` (None: without end)."""

    days_min: int
    days_below: int | None
    families: int
    idr: int

    @property
    def label(self) -> Phrase:
        if self.days_below is None:
            return Phrase("{days} hari atau lebih", days=self.days_min)
        return Phrase("{first}–{last} hari", first=self.days_min, last=self.days_below - 1)


def untouched(stage: Stage, *, on: date, region: int | None = None) -> list[AgeBand]:
    """Credited and not withdrawn, by how long it has lain on that day; bands by dated policy. One query."""
    edges = [0, *default_policy().value("untouched.age_bands_days", on=on).value]
    bands = list(zip(edges, [*edges[1:], None], strict=True))
    asked: dict[str, Aggregate] = {}
    for place, (low, below) in enumerate(bands):
        fits = Q(on__lte=_days_before(on, low)) if low else Q()
        if below is not None:
            fits &= Q(on__gt=_days_before(on, below))
        asked[f"families_{place}"] = Count("family", distinct=True, filter=fits)
        asked[f"idr_{place}"] = Sum("amount_idr", filter=fits)
    found = claims(stage, region=region, standing=Standing.CREDITED).aggregate(**asked)
    return [
        AgeBand(low, below, found[f"families_{place}"], int(found[f"idr_{place}"] or 0))
        for place, (low, below) in enumerate(bands)
    ]


def _days_before(on: date, days: int) -> date:
    return date.fromordinal(on.toordinal() - days)


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Money that failed or came back for one reason."""

    standing: Standing
    code: str
    label: str
    families: int
    idr: int
    oldest: date | None


def undelivered(stage: Stage, *, on: date, region: int | None = None) -> list[ReasonRow]:
    """Failed, undelivered, returned and blocked money by reason code, the largest first. One query."""
    wanted = (Standing.FAILED, Standing.UNDELIVERED, Standing.RETURNED, Standing.BLOCKED)
    found = (
        claims(stage, region=region)
        .filter(standing__in=wanted)
        .values("standing", "reason_code")
        .annotate(families=Count("family", distinct=True), idr=Sum("amount_idr"), oldest=Min("on"))
        .order_by("-idr", "standing", "reason_code")
    )
    return [
        ReasonRow(
            Standing(row["standing"]), row["reason_code"], reasons.label(row["reason_code"], on), row["families"],
            int(row["idr"]), row["oldest"],
        )
        for row in found
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a family's money, for its page: newest last."""

    on: date
    words: str
    amount_idr: int | None
    bank: str = ""
    note: str = ""


def events_of(family_id: int, stage: Stage) -> list[Event]:
    """What became of a family's money in a stage, in the order of its days. Eight queries at most."""
    found = [
        *_statuses(family_id, stage), *_holds(family_id, stage), *_orders(family_id, stage),
        *_answers(family_id, stage), *_paid_back(family_id, stage),
    ]  # fmt: skip
    return sorted(found, key=lambda event: event.on)


def _statuses(family_id: int, stage: Stage) -> Iterator[Event]:
    for row in CentreStatus.objects.filter(family_id=family_id, stage=stage).order_by("on", "id"):
        yield Event(row.on, row.get_word_display(), None, note=row.reason)


def _holds(family_id: int, stage: Stage) -> Iterator[Event]:
    for row in Hold.objects.filter(family_id=family_id, stage=stage).order_by("id"):
        yield Event(row.since, Phrase("Ditahan"), None, note=row.why)
        if row.lifted_on is not None:
            yield Event(row.lifted_on, Phrase("Penahanan dilepas"), None, note=row.lifted_because)


def _orders(family_id: int, stage: Stage) -> Iterator[Event]:
    """Orders with the files that carried them, for whoever sees a regency's files."""
    if stage.mode != Mode.COMPUTED:
        return
    orders = list(Order.objects.filter(family_id=family_id, stage=stage).order_by("attempt"))
    files = PaymentFile.objects.select_related("instruction").in_bulk([order.file_id for order in orders])
    sent = dict(Posting.objects.filter(payment_file__in=list(files)).values_list("payment_file", "on"))
    for order in orders:
        file = files.get(order.file_id)
        if file is None:
            continue
        note = Phrase(
            "Perintah bayar {number}, upaya ke-{attempt}", number=file.instruction.number, attempt=order.attempt
        )
        yield Event(file.instruction.on, Phrase("Order ditarik"), order.amount_idr, order.payer, note)
        if file.pk in sent:
            yield Event(
                sent[file.pk], Phrase("Berkas diserahkan ke penyalur"), None, order.payer,
                Phrase("Diterima {to}", to=file.handed_to),
            )  # fmt: skip


def _answers(family_id: int, stage: Stage) -> Iterator[Event]:
    for row in SettlementLine.objects.filter(family_id=family_id, stage=stage).order_by("id"):
        told = reasons.told(row.reason_code, row.note, row.on)
        if row.ntpn:
            told.append(Phrase("NTPN {ntpn}", ntpn=row.ntpn))
        yield Event(row.on, row.get_outcome_display(), row.amount_idr, row.bank, joined(told, ". "))


def _paid_back(family_id: int, stage: Stage) -> Iterator[Event]:
    """What failed or came back, once its payer has paid it into the treasury for the whole regency."""
    if stage.mode != Mode.COMPUTED:
        return
    claim = Claim.objects.filter(family_id=family_id, stage=stage, standing__in=CAME_BACK).first()
    if claim is None:
        return
    returns = TreasuryReturn.objects.filter(stage=stage, payer=claim.bank, on__gte=claim.on)
    paid = returns.filter(region_no=codes.ancestor(claim.region_no, codes.Level.REGENCY)).order_by("id").first()
    if paid is not None:
        note = Phrase("NTPN {ntpn}", ntpn=paid.ntpn)
        yield Event(paid.on, Phrase("Disetor penyalur ke kas negara"), claim.amount_idr, paid.payer, note)
