"""What the pages of a stage ask beside its money: what came in, and the ledger's sums. Constant queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from harapan.accounts.models import Post
from harapan.benefits.models import Entitlement, ReceivedList, Run, Stage
from harapan.exchange.status.codec import STATUS_LABELS
from harapan.payments.models import (
    Account,
    CentreStatus,
    LedgerEntry,
    PaymentException,
    SettlementFile,
    SettlementLine,
    WithdrawnLine,
)


def account_sums(stages: Iterable[Stage]) -> dict[int, dict[Account, int]]:
    """Stage number -> rupiah in each account of the ledger, in the scope that is on. One query."""
    rows = LedgerEntry.objects.filter(stage__in=list(stages)).values_list("stage_id", "account").annotate(Sum("idr"))
    found: dict[int, dict[Account, int]] = {}
    for stage, account, idr in rows:
        found.setdefault(stage, {})[Account(account)] = int(idr)
    return found


def lists_of(stage: Stage, post: Post) -> QuerySet[ReceivedList]:
    """The lists that named a village in the post's reach, the latest first."""
    touching = Q()
    for low, high in post.ranges:
        touching |= Q(region_low__lt=high, region_high__gte=low)
    return ReceivedList.objects.filter(touching, stage=stage).select_related("by").order_by("-id")


def files_of(stage: Stage) -> QuerySet[SettlementFile]:
    """The answer files with at least one line in the scope that is on, those withdrawn too; `waiting`: misfits there.

    Those with misfits first, then the latest: a page that shows a few must not say of these alone that all fits.
    """
    line = SettlementLine.objects.filter(file=OuterRef("pk"))
    gone = WithdrawnLine.objects.filter(file=OuterRef("pk"))
    misfit = PaymentException.objects.filter(file=OuterRef("pk"))
    waiting = misfit.open().order_by().values("file").annotate(number=Count("pk")).values("number")
    found = SettlementFile.objects.filter(Exists(line) | Exists(misfit) | Exists(gone), stage=stage)
    found = found.annotate(waiting=Coalesce(Subquery(waiting), 0)).select_related("by")
    return found.order_by("-waiting", "-pk")


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many families the centre has said a word about, and on which day last."""

    label: str
    families: int
    latest: date


def statuses_of(stage: Stage) -> list[StatusCount]:
    """The centre's words on the stage, in their own order. One query."""
    labels = {str(word): label for word, label in STATUS_LABELS.items()}
    rows = (
        CentreStatus.objects.filter(stage=stage)
        .values_list("word")
        .annotate(families=Count("family", distinct=True), latest=Max("on"))
    )
    counted = {word: StatusCount(labels.get(word, word), families, latest) for word, families, latest in rows}
    return [counted[word] for word in labels if word in counted]


@dataclass(frozen=True, slots=True)
class Computed:
    """What a run found due in the scope that is on."""

    families: int
    net_idr: int


def computed_of(run: Run) -> Computed:
    """One query."""
    found = Entitlement.objects.filter(run=run).aggregate(families=Count("family_id"), net=Sum("net_idr"))
    return Computed(found["families"], int(found["net"] or 0))
