"""Money and cards: findings about accounts, cards not handed over, money that lies, answers that fit nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import CharField, DateField, Exists, ExpressionWrapper, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from harapan.benefits.models import State
from harapan.benefits.waiting import stage_at_hand
from harapan.core.money import rupiah
from harapan.core.periods import format_date
from harapan.core.phrases import Phrase
from harapan.fieldwork.sources.asking import Area, Due, Subject, of_family, source
from harapan.payments import reasons
from harapan.payments.enums import ExceptionKind, Standing
from harapan.payments.field_law import proof_codes
from harapan.payments.models import AccountCheck, CardStep, Claim, Handover, Order, PaymentException
from harapan.policy.reader import default_policy

UNDER_WAY = (State.CHECKED, State.APPROVED, State.INSTRUCTED)


@source(Subject.FAMILY, lambda row: AccountCheck.Finding(row["finding"]).label)  # type: ignore[arg-type,return-value]
def account_finding(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Kept back by cek rekening, and no order drawn since."""
    ordered = Order.objects.filter(stage=OuterRef("run__stage"), family=OuterRef("family"))
    checks = AccountCheck.objects.filter(group_no__in=area.groups, run__state="done", run__stage__state__in=UNDER_WAY)
    return of_family(
        checks.filter(~Exists(ordered)), "finding", mark=F("run__stage__name"), since="run__check_made__on"
    )


@source(Subject.FAMILY, lambda row: CardStep.Step(row["step"]).label)  # type: ignore[arg-type,return-value]
def card_not_handed_over(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Whose latest step of account and card is not the hand-over."""
    steps = CardStep.objects.filter(group_no__in=area.groups)
    later = CardStep.objects.filter(family=OuterRef("family"), pk__gt=OuterRef("pk"))
    latest = steps.filter(~Exists(later)).exclude(step=CardStep.Step.HANDED_OVER)
    return of_family(latest, "step", mark=Cast("pk", CharField()), since="on")


@source(
    Subject.FAMILY,
    lambda row: Phrase("{sum} masuk {day}", sum=rupiah(row["amount_idr"]), day=format_date(row["on"])),
)
def money_untouched(area: Area) -> QuerySet[Any, dict[str, Any]] | list[Due]:
    """Credited in the stage at hand for longer than policy's first band, and not withdrawn."""
    stage = stage_at_hand()
    if stage is None:
        return []
    days = min(default_policy().value("untouched.age_bands_days", on=area.on).value)
    lying = Claim.objects.filter(
        stage=stage, group_no__in=area.groups, standing=Standing.CREDITED, on__lte=area.on - timedelta(days=days)
    )
    edge = ExpressionWrapper(F("on") + Value(timedelta(days=days)), output_field=DateField())
    return of_family(lying, "amount_idr", "on", mark=F("stage__name"), since=Cast(edge, DateField()))


@source(Subject.FAMILY, lambda row: ExceptionKind(row["kind"]).label)  # type: ignore[arg-type,return-value]
def exception_open(area: Area) -> QuerySet[Any, dict[str, Any]]:
    """Lines of an answer that fit nothing, of families in these groups."""
    rows = PaymentException.objects.open().filter(family__isnull=False, group_no__in=area.groups)
    return of_family(rows, "kind", mark=Cast("pk", CharField()), since="opened_on")


@source(Subject.FAMILY, lambda row: reasons.label(row["reason_code"], row["on"]))  # type: ignore[arg-type,return-value]
def reason_unproven(area: Area) -> QuerySet[Any, dict[str, Any]] | list[Due]:
    """Said last of the family's money in the stage at hand: not received, for a reason whose document is missing."""
    stage = stage_at_hand()
    if stage is None:
        return []
    words = Handover.objects.filter(stage=stage)
    later = words.filter(family=OuterRef("family"), programme=OuterRef("programme"), on__gt=OuterRef("on"))
    waiting = words.filter(group_no__in=area.groups, reason_code__in=proof_codes(area.on), proof__isnull=True)
    mark = Concat("programme", Value(" "), F("stage__name"))
    return of_family(waiting.filter(~Exists(later)), "reason_code", "on", mark=mark, since="on")
