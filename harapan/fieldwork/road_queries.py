"""Where candidates stand, asked of the database: `road.stands` as columns of one query."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    Field,
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


def by_step(values: Mapping[Step, Any], *, output_field: Field[Any, Any]) -> Case:
    """Of `with_facts`: the value of the step where the candidate stands, null where it has none.

    Each fact is a query of its own and is written out wherever it is named: asked as "which step is it" for every step
    in turn, one list of tasks was a megabyte of SQL.
    """

    def at(step: Step) -> Any:
        return values.get(step, Value(None))

    on_the_way = Case(
        When(closed_on__isnull=False, then=at(Step.ENDED)),
        When(placed_on__isnull=True, then=at(Step.RESERVE)),
        When(invited_on__isnull=True, then=at(Step.INVITE)),
        When(met_on__isnull=True, then=at(Step.MEET)),
        When(consented_on__isnull=True, then=at(Step.CONSENT)),
        When(validated_on__isnull=True, then=at(Step.VALIDATE)),
        default=at(Step.DECREE), output_field=output_field,
    )  # fmt: skip
    decreed = Case(
        When(account_on__isnull=True, then=at(Step.ACCOUNT)),
        When(by_post=False, card_on__isnull=True, then=at(Step.CARD)),
        When(in_group=False, then=at(Step.GROUP)),
        When(paid_on__isnull=True, then=at(Step.PAYMENT)),
        default=at(Step.DONE), output_field=output_field,
    )  # fmt: skip
    return Case(When(decided_on__isnull=True, then=on_the_way), default=decreed, output_field=output_field)


def with_standing(candidates: CandidacyQuerySet) -> Any:
    """A query set: each with `step` and `since`, as `road.stands` says (a test holds both equal)."""
    grouped = Case(When(in_group=True, then=F("grouped_on")), output_field=_DAY)
    early = ("placed_on", "invited_on", "met_on", "consented_on", "validated_on")
    late = ("decided_on", "account_on", "card_on", grouped, "paid_on")
    began = {Step.ENDED: F("closed_on"), Step.RESERVE: F("listed_on")}
    began |= {place: _latest("listed_on", *early[:count]) for count, place in enumerate(EARLY, start=1)}
    began |= {place: _latest(*late[:count]) for count, place in enumerate(LATE, start=1)}
    return with_facts(candidates).annotate(
        step=by_step({step: Value(step) for step in Step}, output_field=SmallIntegerField()),
        since=by_step(began, output_field=_DAY),
    )


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
    before = {step: Value(day) for step in WAITING if (day := late_before(step, on=on)) is not None}
    return candidates.filter(since__lt=by_step(before, output_field=_DAY))


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


def without_card_step(candidates: CandidacyQuerySet) -> Any:
    """Of `with_standing` those who wait for account or card, and of whom nobody has recorded a step of it."""
    steps = CardStep.objects.filter(family=OuterRef("family"))
    return with_standing(candidates.filter(~Exists(steps))).filter(step__in=(Step.ACCOUNT, Step.CARD))


def road_of(candidacy: Candidacy) -> Any:
    """One candidate with all facts, step and since."""
    return with_standing(Candidacy.objects.filter(pk=candidacy.pk)).select_related("family", "family__group").get()
