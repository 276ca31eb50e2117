"""Where candidates stand, asked of the database: `road.stands` as columns of one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    SmallIntegerField,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Greatest, Lower

from harapan.fieldwork.first_meetings import AGREED, THERE
from harapan.fieldwork.models import Candidacy, Invitation
from harapan.fieldwork.models.candidate import CandidacyQuerySet
from harapan.fieldwork.road import LABELS, WAITING, Facts, Step, late_before
from harapan.payments.enums import Outcome
from harapan.payments.models import CardStep, SettlementLine
from harapan.registry.models import NO_GROUP, Channel, Enrolment, Family, Group, PaymentAccount

REACHED = (Outcome.CREDITED, Outcome.WITHDRAWN)
_DAY = DateField()


def _least(rows: QuerySet[Any], day: str) -> Subquery:
    """The earliest of these rows' days."""
    return Subquery(rows.order_by(day).values(day)[:1], output_field=_DAY)


def with_facts(candidates: CandidacyQuerySet) -> CandidacyQuerySet:
    """Each with the days that `road.Facts` names, read where they were recorded."""
    invited = Invitation.objects.filter(candidacy=OuterRef("pk"))
    theirs: dict[str, Any] = {"family": OuterRef("family"), "region_no": OuterRef("region_no")}
    enrolled = _enrolled(theirs)
    accounts = PaymentAccount.objects.filter(**theirs).annotate(since=Lower("spell", output_field=_DAY))
    usable = accounts.filter(Q(number_ix__isnull=False) | Q(channel=Channel.POST))
    handed = CardStep.objects.filter(**theirs, step=CardStep.Step.HANDED_OVER)
    paid = SettlementLine.objects.filter(family=OuterRef("family"), outcome__in=REACHED, amount_idr__gt=0)
    holding = Group.objects.filter(pk=OuterRef("group_no"), candidates=True)
    moved = Family.objects.filter(pk=OuterRef("family")).annotate(on=Cast(KT("sources__group__1"), _DAY))
    return candidates.annotate(
        invited_on=_least(invited, "invited_on"),
        met_on=_least(invited.filter(came__in=THERE), "held_on"),
        consented_on=_least(invited.filter(consent__in=AGREED), "consent_on"),
        decided_on=Coalesce("decreed_on", _least(enrolled, "since")),
        account_on=_least(usable, "since"),
        by_post=Exists(usable.filter(channel=Channel.POST, spell__upper_inf=True)),
        card_on=_least(handed, "on"),
        in_group=Case(
            When(Q(group_no=NO_GROUP) | Exists(holding), then=Value(False)),
            default=Value(True), output_field=BooleanField(),
        ),
        grouped_on=Subquery(moved.values("on")[:1], output_field=_DAY),
        paid_on=_least(paid.filter(on__gte=OuterRef("listed_on")), "on"),
    )  # fmt: skip


def _enrolled(theirs: dict[str, Any]) -> QuerySet[Enrolment]:
    """Memberships that run on, or began after the candidacy: the ministry's list may bring a family in by itself."""
    rows = Enrolment.objects.filter(**theirs).annotate(since=Lower("spell", output_field=_DAY))
    return rows.filter(spell__upper_inf=True)


def with_standing(candidates: CandidacyQuerySet) -> Any:
    """A query set: each with `step` and `since`, as `road.stands` says (a test holds both equal)."""
    open_ = Q(decided_on__isnull=True)
    grouped = Case(When(in_group=True, then=F("grouped_on")), output_field=_DAY)
    step = Case(
        When(open_ & Q(closed_on__isnull=False), then=Step.ENDED),
        When(open_ & Q(placed_on__isnull=True), then=Step.RESERVE),
        When(open_ & Q(invited_on__isnull=True), then=Step.INVITE),
        When(open_ & Q(met_on__isnull=True), then=Step.MEET),
        When(open_ & Q(consented_on__isnull=True), then=Step.CONSENT),
        When(open_ & Q(validated_on__isnull=True), then=Step.VALIDATE),
        When(open_, then=Step.DECREE),
        When(account_on__isnull=True, then=Step.ACCOUNT),
        When(Q(by_post=False, card_on__isnull=True), then=Step.CARD),
        When(in_group=False, then=Step.GROUP),
        When(paid_on__isnull=True, then=Step.PAYMENT),
        default=Step.DONE, output_field=SmallIntegerField(),
    )  # fmt: skip
    early = ("placed_on", "invited_on", "met_on", "consented_on", "validated_on")
    late = ("decided_on", "account_on", "card_on", grouped, "paid_on")
    since = Case(
        When(step=Step.ENDED, then=F("closed_on")),
        When(step=Step.RESERVE, then=F("listed_on")),
        *(When(step=place, then=_latest("listed_on", *early[:count])) for count, place in enumerate(EARLY, start=1)),
        *(When(step=place, then=_latest(*late[:count])) for count, place in enumerate(LATE, start=1)),
        output_field=_DAY,
    )
    return with_facts(candidates).annotate(step=step).annotate(since=since)


EARLY = (Step.INVITE, Step.MEET, Step.CONSENT, Step.VALIDATE, Step.DECREE)
LATE = (Step.ACCOUNT, Step.CARD, Step.GROUP, Step.PAYMENT, Step.DONE)


def _latest(*days: Any) -> Any:
    """PostgreSQL's greatest() passes over what is unknown."""
    return Greatest(*days, output_field=_DAY) if len(days) > 1 else F(days[0])


def facts_of(row: Any) -> Facts:
    """The facts of a row of `with_facts`, as the pure rule takes them."""
    return Facts(
        row.listed_on, row.placed_on, row.closed_on, row.invited_on, row.met_on, row.consented_on, row.validated_on,
        row.decided_on, row.account_on, row.by_post, row.card_on, row.in_group, row.grouped_on, row.paid_on,
    )  # fmt: skip


def late_at(candidates: Any, *, on: date) -> Any:
    """Those of `with_standing` who have waited longer than policy allows at their step."""
    late = Q(pk__in=())
    for step in WAITING:
        before = late_before(step, on=on)
        if before is not None:
            late |= Q(step=step, since__lt=before)
    return candidates.filter(late)


@dataclass(frozen=True, slots=True)
class StepCount:
    step: Step
    count: int
    late: int
    oldest: date | None

    @property
    def label(self) -> str:
        return LABELS[self.step]


def counts(candidates: CandidacyQuerySet, *, on: date) -> list[StepCount]:
    """How many stand at each step, how many of them late. One query."""
    rows = with_standing(candidates).order_by().values_list("step", "since").annotate(n=Count("pk"))
    found: dict[Step, list[tuple[date, int]]] = {}
    for step, since, number in rows:
        found.setdefault(Step(step), []).append((since, number))
    return [_counted(step, found.get(step, []), on=on) for step in Step]


def _counted(step: Step, rows: Iterable[tuple[date, int]], *, on: date) -> StepCount:
    known = list(rows)
    before = late_before(step, on=on)
    late = sum(number for since, number in known if before is not None and since < before)
    return StepCount(step, sum(number for _since, number in known), late, min((s for s, _n in known), default=None))


def road_of(candidacy: Candidacy) -> Any:
    """One candidate with all facts, step and since."""
    return with_standing(Candidacy.objects.filter(pk=candidacy.pk)).select_related("family", "family__group").get()
