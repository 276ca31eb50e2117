"""Where a candidate stands: the table of the rule, and the database that says the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import given
from hypothesis import strategies as st

from harapan.fieldwork.models import Candidacy, Invitation
from harapan.fieldwork.road import WAITING, Facts, Step, days_allowed, stands
from harapan.fieldwork.road_queries import counts, facts_of, late_at, with_standing
from harapan.payments.models import CardStep
from harapan.registry.models import Channel, Enrolment, Group, PaymentAccount, Source
from tests.benefits.world import HIYUNG, World
from tests.fieldwork.conftest import TODAY, Candidates, meet

DAY = date(2025, 3, 1)
LISTED = Facts(DAY, placed_on=DAY)
INVITED = replace(LISTED, invited_on=DAY + timedelta(days=2))
MET = replace(INVITED, met_on=DAY + timedelta(days=9))
AGREED = replace(MET, consented_on=DAY + timedelta(days=9))
VALID = replace(AGREED, validated_on=DAY + timedelta(days=20))
DECREED = replace(VALID, decreed_on=DAY + timedelta(days=40))
BANKED = replace(DECREED, account_on=DAY + timedelta(days=50))
CARDED = replace(BANKED, card_on=DAY + timedelta(days=60))
GROUPED = replace(CARDED, in_group=True, grouped_on=DAY + timedelta(days=55))
PAID = replace(GROUPED, paid_on=DAY + timedelta(days=90))

TABLE = [
    (LISTED, Step.INVITE, 0),
    (replace(LISTED, placed_on=None), Step.RESERVE, 0),
    (INVITED, Step.MEET, 2),
    (MET, Step.CONSENT, 9),
    (AGREED, Step.VALIDATE, 9),
    (replace(AGREED, closed_on=DAY + timedelta(days=15)), Step.ENDED, 15),
    (VALID, Step.DECREE, 20),
    (DECREED, Step.ACCOUNT, 40),
    (BANKED, Step.CARD, 50),
    (replace(BANKED, by_post=True), Step.GROUP, 50),  # at the post office there is no card
    (CARDED, Step.GROUP, 60),
    (GROUPED, Step.PAYMENT, 60),  # it met before the card came: the later day counts
    (replace(GROUPED, grouped_on=None), Step.PAYMENT, 60),
    (PAID, Step.DONE, 90),
    (replace(PAID, in_group=False), Step.GROUP, 60),  # paid already, and still meets nowhere
    (
        replace(LISTED, placed_on=None, decreed_on=DAY + timedelta(days=5)),
        Step.ACCOUNT,
        5,
    ),  # by the list
]


@pytest.mark.parametrize(("facts", "step", "days"), TABLE)
def test_the_table(facts: Facts, step: Step, days: int) -> None:
    assert (stands(facts).step, stands(facts).since) == (step, DAY + timedelta(days=days))


days_or_none = st.none() | st.integers(0, 300).map(lambda n: DAY + timedelta(days=n))


@given(st.builds(
    Facts, st.just(DAY),  *[days_or_none] * 8, st.booleans(), days_or_none, st.booleans(), days_or_none,
    days_or_none,
))  # fmt: skip
def test_a_fact_more_never_leads_back(facts: Facts) -> None:
    before = stands(facts)
    assert before.since >= DAY
    for name in ("invited_on", "met_on", "consented_on", "validated_on", "account_on", "card_on", "paid_on"):
        if getattr(facts, name) is None:
            after = stands(replace(facts, **{name: DAY + timedelta(days=301)}))
            assert after.step >= before.step


def test_every_waiting_step_has_its_days() -> None:
    assert all((days_allowed(step, on=TODAY) or 0) > 0 for step in WAITING)
    assert days_allowed(Step.RESERVE, on=TODAY) is None


@pytest.mark.parametrize("seed", range(6))
def test_the_database_says_what_the_rule_says(world: World, village: Group, candidates: Candidates, seed: int) -> None:
    chance = Random(seed)
    made = candidates(3) + candidates(9, on=date(2025, 3, 20))
    meeting = meet(world, village)
    for each in made:
        some_facts(chance, world, each, meeting)
    rows = list(with_standing(Candidacy.objects.all()))
    assert len(rows) == 12
    assert len({row.step for row in rows}) > 2
    for row in rows:
        said = stands(facts_of(row))
        assert (Step(row.step), row.since) == (said.step, said.since)
    told = counts(Candidacy.objects.all(), on=TODAY)
    assert sum(each.count for each in told) == 12
    late = set(late_at(with_standing(Candidacy.objects.all()), on=TODAY).values_list("pk", flat=True))
    assert sum(each.late for each in told) == len(late)


def some_facts(chance: Random, world: World, each: Candidacy, meeting: Any) -> None:
    def day() -> date:
        return date(2025, 3, 10) + timedelta(days=chance.randrange(60))

    fate = chance.random()
    invitation = meeting.invitations.filter(candidacy=each).first()
    if invitation and fate > 0.2:
        invitation.came = Invitation.Came.PRESENT
        if fate > 0.4:
            invitation.consent, invitation.consent_on, invitation.paper = 1, day(), "map"
        invitation.save()
    if chance.random() < 0.4:
        each.validated_on = day()
    if chance.random() < 0.2:
        each.closed_on, each.closed_because = day(), "refused"
    elif chance.random() < 0.7:
        Enrolment.objects.create(family=each.family, spell=DateRange(day(), None), source=Source.LIST)
        if chance.random() < 0.5:
            each.decree_no, each.decreed_on, each.starts_on = "SK 1", day(), day()
    each.save()
    money(chance, each, world, day)


def money(chance: Random, each: Candidacy, world: World, day: Callable[[], date]) -> None:
    family = each.family
    if chance.random() < 0.7:
        post = chance.random() < 0.3
        PaymentAccount.objects.create(
            family=family, channel=Channel.POST if post else Channel.BANK, number=None if post else "330201000001234",
            spell=DateRange(day(), None), source=Source.BANK,
        )  # fmt: skip
    if chance.random() < 0.5:
        CardStep.objects.create(family=family, step="handed_over", on=day(), minutes_no="BA 1", minutes_on=day())
    if chance.random() < 0.6:
        family.group = world.groups[HIYUNG]
        family.sources["group"] = ["field", day().isoformat()]
        family.save()
