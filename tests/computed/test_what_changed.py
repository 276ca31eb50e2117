"""What changed from one computed stage to the next, told with reasons: one pair of stages, looked at from all sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from harapan.benefits.models import RunCheck
from harapan.core.components import Component
from harapan.database.scope import put_on
from harapan.engine.tables import Outcome
from harapan.registry.models import ComponentSpell, Enrolment, Member, PaymentAccount
from harapan.verification.models import Observation
from tests.benefits.world import BAMBAN, HSS, SINCE, TAPIN
from tests.computed.comparing import BEFORE, CHANGE, OBSERVED, SYSTEM, computed, figures, member, reasons, school
from tests.computed.conftest import committed
from tests.computed.doing import reader
from tests.computed.ground import STAGE, Ground
from tests.web.stage_ground import words


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    with committed(django_db_blocker) as make:
        yield make()


@pytest.fixture(scope="module")
def changed(ground: Ground) -> dict[str, Any]:
    """The figures of 2024-4 beside 2024-3, with something different for a few families."""
    computed(ground, BEFORE)
    ended, post, leaves_school, gains, gone, misses = ground.families[:6]
    with put_on(SYSTEM):
        Enrolment.objects.filter(family=ended).update(spell=DateRange(SINCE, CHANGE))
        PaymentAccount.objects.filter(family=post).update(spell=DateRange(SINCE, CHANGE))
        PaymentAccount.objects.create(family=post, channel=2, spell=DateRange(CHANGE, None), source="list")
        ComponentSpell.objects.filter(family=leaves_school, component=Component.SENIOR).update(
            spell=DateRange(SINCE, CHANGE)
        )
        ground.world.member(gains, Component.JUNIOR)
        Member.objects.filter(family=gone, manager=False).update(left_on=CHANGE)
        taught = school(ground, misses, Component.JUNIOR)
        for month, outcome in zip(OBSERVED, (Outcome.MISSED, Outcome.MET), strict=True):
            Observation.objects.create(
                family=misses, member=member(misses, Component.JUNIOR), facility=taught, month=month, outcome=outcome
            )
        school(ground, ground.families[8], Component.SENIOR, evidence="none")
        new = ground.world.family(Component.TODDLER, village=BAMBAN, bank="BRI")
        Enrolment.objects.filter(family=new).update(spell=DateRange(CHANGE, None))
    return figures(ground, computed(ground, STAGE))


def test_families_in_and_out_each_with_a_reason(changed: dict[str, Any]) -> None:
    assert changed["base"] == {"stage": BEFORE, "mode": "computed", "moved": []}
    assert reasons(changed["in"]) == {"newly_enrolled": (1, 500_000)}
    assert reasons(changed["out"]) == {
        "membership_ended": (1, 650_000), "other_channel": (1, 400_000), "no_component": (1, 400_000),
    }  # fmt: skip


def test_totals_are_those_of_the_places(changed: dict[str, Any]) -> None:
    names = ("region_no", "families", "members", "idr", "families_before", "idr_before", "new", "gone", "more", "less",
             "same")  # fmt: skip
    assert [tuple(row[name] for name in names) for row in changed["by_place"]] == [
        # families members   idr   before  idr before  new gone more less same
        (TAPIN, 5, 9, 3_000_000, 8, 4_200_000, 0, 3, 1, 0, 4),
        (HSS, 5, 8, 2_440_700, 4, 2_332_000, 1, 0, 0, 2, 2),
    ]
    totals = changed["totals"]
    assert (totals["idr"], totals["families"]) == (changed["net_idr"], changed["paid"]) == (5_440_700, 10)


def test_components_now_and_before(changed: dict[str, Any]) -> None:
    found = {row["component"]: row for row in changed["by_component"]}
    names = ("families", "families_before", "members", "members_before", "idr", "idr_before")
    assert {Component(code).name: tuple(row[name] for name in names) for code, row in found.items()} == {
        "TODDLER": (4, 4, 4, 4, 2_000_000, 2_000_000),
        "PRIMARY": (3, 4, 3, 4, 450_000, 600_000),
        "JUNIOR": (5, 4, 5, 4, 1_250_000, 1_000_000),
        "SENIOR": (3, 4, 3, 4, 999_000, 1_332_000),
        "ELDERLY": (2, 4, 2, 4, 800_000, 1_600_000),
    }
    assert sum(row["idr"] for row in found.values()) == changed["gross_idr"]


def test_the_largest_changes_say_what_parts_the_amounts(ground: Ground, changed: dict[str, Any]) -> None:
    leaves_school, gains, misses = (ground.families[place] for place in (2, 3, 5))
    assert changed["up"] == [
        {"family": gains.pk, "region_no": gains.region_id, "before_idr": 650_000, "now_idr": 900_000,
         "why": "components", "gained": [Component.JUNIOR], "lost": [], "more_cut_idr": 0},
    ]  # fmt: skip
    assert changed["down"] == [
        {"family": leaves_school.pk, "region_no": leaves_school.region_id, "before_idr": 583_000, "now_idr": 250_000,
         "why": "components", "gained": [], "lost": [Component.SENIOR], "more_cut_idr": 0},
        {"family": misses.pk, "region_no": misses.region_id, "before_idr": 583_000, "now_idr": 524_700,
         "why": "cut", "more_cut_idr": 58_300},
    ]  # fmt: skip


def test_who_is_computed_and_not_paid(changed: dict[str, Any]) -> None:
    assert {row["why"]: (row["families"], row["families_before"]) for row in changed["excluded"]} == {
        "other_channel": (1, 0), "no_component": (1, 0),
    }  # fmt: skip


def test_what_the_money_rests_on(changed: dict[str, Any]) -> None:
    assert changed["sanctions"]["by_months"] == [{"months": 1, "all_missed": False, "families": 1, "idr": 58_300}]
    assert (changed["sanctions"]["members"], changed["sanctions"]["months"]) == (1, 1)
    # of the counted with an obligation: one is proven, one only declared; the elderly have none
    assert changed["unproven"]["declared"]["members"] == 1
    assert changed["unproven"]["declared"]["idr"] == 333_000
    assert changed["unproven"]["nothing"] == {"families": 8, "members": 13, "idr": 4_116_000}
    rest = {row["key"]: row["idr"] for row in changed["assumptions"]}
    assert rest["months.unknown_pays"] == 4_449_000
    assert rest["components.senior.age_max_years"] == 999_000
    assert rest["sanctions.percent_per_month"] == 58_300
    assert rest["calendar.bank"] == changed["net_idr"]


def test_the_ladders_exact_effect_is_frozen_with_the_check(ground: Ground, changed: dict[str, Any]) -> None:
    assert changed["ladder"] == [
        {"regency_no": HSS, "effect": "cut", "families": 1, "months": 1, "cut_idr": 58_300, "held_idr": 0}
    ]
    page = words(reader(ground, "policy_maker").get(reverse("stage_comparison", args=[STAGE])))
    assert "Akibat tangga sanksi" in page
    assert "58.300" in page.split('id="h-ladder"')[1].split("</section>")[0]


def test_figures_are_kept_as_they_were(ground: Ground, changed: dict[str, Any]) -> None:
    with put_on(ground.nation()):
        assert RunCheck.objects.get(run__stage__name=STAGE).figures == changed
