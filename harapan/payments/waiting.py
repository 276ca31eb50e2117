"""What of the money waits for a person, and where it stands at a glance, in the scope that is on. One query each."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from harapan.accounts.models import Post
from harapan.accounts.roles import Reach
from harapan.benefits.models import Stage, State
from harapan.database.counting import Waiting, waiting
from harapan.payments import money
from harapan.payments.enums import Standing
from harapan.payments.models import (
    Account,
    AccountCheck,
    CardStep,
    LedgerEntry,
    Minutes,
    Order,
    PaymentException,
    PaymentFile,
    TreasuryDocument,
)
from harapan.payments.stage_queries import account_sums

WIDE = (Reach.PROVINCE, Reach.NATION)  # whole regencies, whose sums the ledger has; a claim each would be a million


@dataclass(frozen=True, slots=True)
class Glance:
    """What became of a stage's money. `due_idr` None: too many claims to add up for a first look."""

    credited_idr: int
    withdrawn_idr: int
    lying_idr: int  # in the account, not drawn or blocked there
    missed_idr: int  # failed, undelivered or returned
    due_idr: int | None = None
    unanswered: int = 0  # claims without an answer

    @property
    def lost_idr(self) -> int:
        """Credited, and neither withdrawn nor in the account any more: the treasury has it back."""
        return self.credited_idr - self.withdrawn_idr - self.lying_idr

    @property
    def moved(self) -> bool:
        return bool(self.credited_idr or self.missed_idr or self.due_idr)


def at_a_glance(stage: Stage, post: Post) -> Glance:
    """From the claims of the families in reach; for a province and above from the ledger of its regencies."""
    if post.role.reach not in WIDE:
        sums = money.of(stage)
        return Glance(
            credited_idr=sums.credited_idr,
            withdrawn_idr=sums.withdrawn_idr,
            lying_idr=sums.untouched_idr + sums.blocked_idr,
            missed_idr=sums.failed_idr + sums.returned_idr,
            due_idr=sums.net_idr,
            unanswered=sums.unanswered,
        )
    accounts = account_sums([stage]).get(stage.pk, {})
    untouched, withdrawn = accounts.get(Account.UNTOUCHED, 0), accounts.get(Account.CREDITED, 0)
    missed = accounts.get(Account.TRANSIT, 0) + accounts.get(Account.RETURNED, 0)
    return Glance(untouched + withdrawn, withdrawn, untouched, missed)


def open_exceptions() -> list[tuple[str, Waiting]]:
    """For each stage, oldest first: the lines of answers that fit nothing until somebody closes them."""
    rows = PaymentException.objects.open().values_list("stage__name")
    counted = rows.annotate(Count("pk"), Min("opened_on")).order_by("stage__year", "stage__number")
    return [(name, Waiting(count, since)) for name, count, since in counted]


def account_findings() -> list[tuple[str, Waiting]]:
    """For each computed stage between check and reconciliation, oldest first: families kept back by cek rekening."""
    states = (State.CHECKED, State.APPROVED, State.INSTRUCTED)
    ordered = Order.objects.filter(stage=OuterRef("run__stage"), family=OuterRef("family"))
    rows = AccountCheck.objects.filter(run__state="done", run__stage__state__in=states).filter(~Exists(ordered))
    counted = rows.values_list("run__stage__name").annotate(Count("pk"), Min("run__check_made__on"))
    return [(name, Waiting(n, on)) for name, n, on in counted.order_by("run__stage__year", "run__stage__number")]


def papers_wanted() -> list[tuple[str, TreasuryDocument.Kind, int]]:
    """For each instructed stage, oldest first: the next paper and how many payers wait for it. Two queries."""
    files = PaymentFile.objects.filter(stage__state=State.INSTRUCTED)
    asked = files.order_by("stage__year", "stage__number", "instruction").values_list(
        "stage__name", "instruction", "payer"
    )
    papers: dict[tuple[int, str], set[str]] = defaultdict(set)
    issued = TreasuryDocument.objects.filter(stage__state=State.INSTRUCTED)
    for paper in issued.values("instruction", "payer", "kind"):
        papers[paper["instruction"], paper["payer"]].add(paper["kind"])
    wanted: Counter[tuple[str, TreasuryDocument.Kind]] = Counter()
    for stage, instruction, payer in asked.distinct():
        kind = next((kind for kind in TreasuryDocument.Kind if kind not in papers[instruction, payer]), None)
        if kind is not None:
            wanted[stage, kind] += 1
    return [(stage, kind, payers) for (stage, kind), payers in wanted.items()]


def files_to_hand_over() -> list[tuple[str, int]]:
    """For each instructed stage, oldest first: files whose SP2D is there and that no payer has yet. One query."""
    paid_out = TreasuryDocument.objects.filter(
        instruction=OuterRef("instruction"), payer=OuterRef("payer"), kind=TreasuryDocument.Kind.SP2D
    )
    waits = PaymentFile.objects.filter(stage__state=State.INSTRUCTED, written_at__isnull=False, handed_over_at=None)
    counted = waits.filter(Exists(paid_out)).values_list("stage__name").annotate(Count("pk"))
    return list(counted.order_by("stage__year", "stage__number"))


def not_paid_back(stage: Stage) -> Waiting:
    """Regencies of a closed stage whose failed or returned money is not in the treasury, by the ledger. One query."""
    entries = LedgerEntry.objects.filter(stage=stage, account__in=(Account.TRANSIT, Account.RETURNED))
    lying = entries.values("region_no").annotate(lying=Sum("idr")).filter(lying__gt=0)
    return Waiting(lying.count())


def cards_not_handed_over() -> Waiting:
    """Families whose latest step of account and card is not the hand-over."""
    later = CardStep.objects.filter(family=OuterRef("family"), pk__gt=OuterRef("pk"))
    latest = CardStep.objects.filter(~Exists(later)).exclude(step=CardStep.Step.HANDED_OVER)
    return waiting(latest.annotate(since=F("on")), since="since")


def untouched_longer(stage: Stage, *, days: int, on: date) -> Waiting:
    """Claims credited so many days ago or more, and not withdrawn. For scopes of a regency or less."""
    return waiting(money.claims(stage, standing=Standing.CREDITED).filter(on__lte=on - timedelta(days=days)))


def minutes_unsigned() -> Waiting:
    """Berita acara drawn up that dinas or bank has not signed."""
    unsigned = Minutes.objects.filter(Q(office_signed_on__isnull=True) | Q(bank_signed_on__isnull=True))
    return waiting(unsigned.annotate(since=F("on")), since="since")


@dataclass(frozen=True, slots=True)
class RegencyMoney:
    """What the ledger says of one kabupaten/kota in a stage."""

    regency_no: int
    credited_idr: int
    lying_idr: int  # in the account, not drawn or blocked there
    missed_idr: int


def most_untouched(stage: Stage, *, rows_max: int) -> list[RegencyMoney]:
    """The kabupaten/kota in scope with the most money lying in accounts, the most first."""

    def held(*accounts: Account) -> Coalesce:
        return Coalesce(Sum("idr", filter=Q(account__in=accounts)), 0)

    entries = LedgerEntry.objects.filter(stage=stage).values_list("region_no")
    sums = entries.annotate(
        credited=held(Account.UNTOUCHED, Account.CREDITED),
        lying=held(Account.UNTOUCHED),
        missed=held(Account.TRANSIT, Account.RETURNED),
    )
    return [RegencyMoney(no, *map(int, rest)) for no, *rest in sums.order_by("-lying", "region_no")[:rows_max]]
