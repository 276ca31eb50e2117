"""Findings of cek rekening as a list: of whom, whether the money is held for it now, and whether it was put right."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from harapan.benefits.models import Entitlement, Run, Stage
from harapan.payments.models import AccountCheck, Hold, Order
from harapan.registry.models import PaymentAccount


def findings_of(stage: Stage) -> QuerySet[AccountCheck]:
    """Findings that still keep money back: of the live runs of the stage, without an order."""
    return all_findings(stage).filter(~Exists(_order()))


def all_findings(stage: Stage) -> QuerySet[AccountCheck]:
    """Every finding of the live runs of the stage, whatever became of it."""
    live = Run.objects.live().filter(stage=stage).values("pk")
    return AccountCheck.objects.filter(run__in=live)


def with_standing(findings: QuerySet[AccountCheck]) -> QuerySet[AccountCheck]:
    """With `ordered`, `held` (an open hold), `let_go` and `renewed`: another account since the freeze."""
    holds = Hold.objects.filter(stage=OuterRef("run__stage"), family=OuterRef("family"))
    latest = PaymentAccount.objects.filter(family=OuterRef("family")).order_by(F("spell__startswith").desc(), "-pk")
    frozen = Entitlement.objects.filter(run=OuterRef("run"), family=OuterRef("family"))
    return findings.annotate(
        ordered=Exists(_order()),
        held=Exists(holds.filter(lifted_on=None)),
        let_go=Exists(holds.filter(lifted_on__isnull=False)),
        account_now=Subquery(latest.values("pk")[:1]),
        account_then=Subquery(frozen.values("account_id")[:1]),
    ).annotate(renewed=Q(account_now__isnull=False) & ~Q(account_now=F("account_then")))


def _order() -> QuerySet[Order]:
    return Order.objects.filter(stage=OuterRef("run__stage"), family=OuterRef("family"))
