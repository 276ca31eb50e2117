"""What the checker sees of a run, drawn as small tables: who came in and why, what changed, what the money rests on.

A stage of 2024 pays two months: toddler 500.000, primary 150.000, junior 250.000, senior 333.000, elderly 400.000.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harapan.benefits import approving, freezing, run_figures, running, sanctions
from harapan.benefits.actions import open_stage, plan
from harapan.benefits.models import Mode, RunCheck, SanctionNotice, Stage
from harapan.benefits.waves import live_run_of, wave_at_hand
from harapan.core.components import Component
from harapan.database.scope import Scope, put_on
from harapan.engine.tables import Outcome
from harapan.payments import checking
from harapan.registry.models import ComponentSpell, Enrolment, Facility, Family, Member, PaymentAccount
from harapan.verification.models import FacilityMonth, Observation
from tests.benefits.world import BAMBAN, HIYUNG, HSS, SINCE, TAPIN
from tests.computed.doing import reader
from tests.computed.ground import DAY, STAGE, Ground
from tests.web.stage_ground import words

BEFORE = "2024-3"
CHANGE = date(2024, 7, 1)  # the first day that 2024-4 pays and 2024-3 does not
OBSERVED = (202405, 202406)
SYSTEM = Scope.batch(via="test")


def computed(ground: Ground, name: str) -> Stage:
    by = ground.people["commitment_officer"]
    with put_on(ground.nation()):
        stage = open_stage(plan(name, mode=Mode.COMPUTED, by=by, on=DAY), by=by, on=DAY)
    with put_on(SYSTEM):  # nobody's money is cut unheard: told on the day, and not answered in time
        sanctions.give_notices(stage, by=by, on=DAY)
        told = SanctionNotice.objects.filter(stage=stage).values_list("pk", flat=True)
        sanctions.tell(told, how=SanctionNotice.Told.VISIT, by=by, on=DAY)
        sanctions.lapse(stage, by=by, on=DAY + timedelta(days=30))
    freezing.freeze(stage, actor=by.pk, on=DAY)
    running.compute(stage, actor=by.pk, on=DAY)
    return stage


def figures(ground: Ground, stage: Stage) -> dict[str, Any]:
    return checking.check(stage, actor=ground.maker, on=DAY).figures


def member(family: Family, component: Component) -> Member:
    return ComponentSpell.objects.select_related("member").get(family=family, component=component).member


def school(ground: Ground, family: Family, component: Component, *, evidence: str = "form") -> Facility:
    """A school for the child, with something said about the observed months."""
    made = Facility.objects.create(
        kind="school", name=f"SEKOLAH {family.pk}", name_key=f"SEKOLAH {family.pk}", region_id=HIYUNG
    )
    ComponentSpell.objects.filter(family=family, component=component).update(facility=made)
    said_at = datetime(2024, 7, 1, tzinfo=UTC)
    proof = {} if evidence == "none" else {"proven_by": ground.world.user, "proven_at": said_at}
    for month in OBSERVED:
        FacilityMonth.objects.create(
            facility=made, month=month, effective_days=20, manner="entry", declared_by=ground.world.user,
            declared_at=said_at, evidence=evidence, **proof,
        )  # fmt: skip
    return made


@pytest.fixture
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


def reasons(rows: list[dict[str, Any]]) -> dict[str, tuple[int, int]]:
    return {row["why"]: (row["families"], row["idr"]) for row in rows}


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


def test_a_received_stage_before_is_compared_by_its_list(ground: Ground) -> None:
    first, second = ground.families[:2]
    with put_on(SYSTEM):
        stranger = ground.world.family(enrolled=False)
        ground.world.listed({first: 700_000, second: 0, stranger: 600_000}, stage=BEFORE)
    found = figures(ground, computed(ground, STAGE))
    assert found["base"] == {"stage": BEFORE, "mode": "received", "moved": []}
    assert reasons(found["in"]) == {"not_listed": (10, 5_482_000), "listed_nought": (1, 400_000)}
    assert reasons(found["out"]) == {"membership_ended": (1, 600_000)}
    assert [(row["family"], row["why"]) for row in found["down"]] == [(first.pk, "other_source")]


def at_the_post(family: Family, *, until: date | None) -> None:
    """Paid by the post; with `until` from then on by the bank again."""
    with put_on(SYSTEM):
        bank = PaymentAccount.objects.get(family=family)
        PaymentAccount.objects.filter(pk=bank.pk).delete()
        PaymentAccount.objects.create(family=family, channel=2, spell=DateRange(SINCE, until), source="list")
        if until is not None:
            PaymentAccount.objects.create(
                family=family, bank="BRI", number=f"3302019{family.pk:08}", holder=family.name,
                spell=DateRange(until, None), source="list",
            )  # fmt: skip


def test_who_changed_channel_is_compared_with_what_the_other_calendar_paid(ground: Ground) -> None:
    came, stays = ground.families[1], ground.families[4]  # the elderly of each: 400.000 in two months
    at_the_post(came, until=CHANGE)
    at_the_post(stays, until=None)
    for name in ("2024-2-pos", BEFORE):
        computed(ground, name)
    found = figures(ground, computed(ground, STAGE))
    assert found["base"] == {"stage": BEFORE, "mode": "computed", "moved": ["2024-2-pos"]}
    assert (found["in"], found["out"], found["up"]) == ([], [], [])
    assert [(row["family"], row["before_idr"], row["now_idr"], row["why"]) for row in found["down"]] == [
        (came.pk, 600_000, 400_000, "calendar")
    ]
    totals = found["totals"]
    assert (totals["families"], totals["families_before"]) == (11, 11)  # the one at the post is in neither
    assert (totals["idr"], totals["idr_before"]) == (6_132_000, 5_732_000 + 600_000)
    elderly = next(row for row in found["by_component"] if row["component"] == Component.ELDERLY)
    assert (elderly["members"], elderly["members_before"], elderly["idr_before"]) == (3, 3, 2 * 400_000 + 600_000)


def test_a_common_stage_is_compared_with_the_last_of_both_calendars(ground: Ground) -> None:
    post = ground.families[1]
    at_the_post(post, until=None)
    for name in ("2024-4-pos", "2024-6"):
        computed(ground, name)
    found = figures(ground, computed(ground, "2025-1"))
    assert found["base"] == {"stage": "2024-6, 2024-4-pos", "mode": "computed", "moved": []}
    assert (found["in"], found["out"]) == ([], [])
    totals = found["totals"]
    assert (totals["families"], totals["families_before"]) == (12, 12)
    assert totals["idr_before"] == 6_132_000 + 600_000
    assert sum(row["idr_before"] for row in found["by_component"]) == totals["idr_before"]


def test_a_stage_of_one_channel_after_a_common_one_leaves_the_other_channels_money_out(ground: Ground) -> None:
    """As if the calendars had parted again: nobody of the post is gone from a stage of the bank."""
    bank, post = ground.families[1], ground.families[4]
    at_the_post(post, until=None)
    with put_on(SYSTEM):
        ground.world.listed({bank: 400_000}, stage=BEFORE)
        ground.world.listed({post: 600_000}, stage=BEFORE, bank="POS", wave="2")
        Stage.objects.filter(name=BEFORE).update(channel="all")
    found = figures(ground, computed(ground, STAGE))
    assert found["base"] == {"stage": BEFORE, "mode": "received", "moved": []}
    assert found["out"] == []
    assert (found["totals"]["families_before"], found["totals"]["idr_before"]) == (1, 400_000)
    assert found["totals"]["same"] == 1


def test_the_ladders_exact_effect_is_frozen_with_the_check(ground: Ground, changed: dict[str, Any]) -> None:
    assert changed["ladder"] == [
        {"regency_no": HSS, "effect": "cut", "families": 1, "months": 1, "cut_idr": 58_300, "held_idr": 0}
    ]
    page = words(reader(ground, "policy_maker").get(reverse("stage_comparison", args=[STAGE])))
    assert "Akibat tangga sanksi" in page
    assert "58.300" in page.split('id="h-ladder"')[1].split("</section>")[0]


def test_the_first_stage_has_nothing_to_compare_with(ground: Ground) -> None:
    found = figures(ground, computed(ground, STAGE))
    assert (found["base"], found["in"], found["out"], found["up"], found["down"]) == (None, [], [], [], [])
    assert found["totals"]["idr"] == found["net_idr"] == 6_532_000


def test_statements_do_not_grow_with_the_families(ground: Ground) -> None:
    computed(ground, BEFORE)
    stage = computed(ground, STAGE)

    def asked() -> int:
        with put_on(SYSTEM):
            run = live_run_of(wave_at_hand(stage))
            with CaptureQueriesContext(connections["batch"]) as statements:
                run_figures.figures(run)
        return len(statements)

    few = asked()
    checking.check(stage, actor=ground.maker, on=DAY)
    approving.refuse(stage, why="masih ada yang belum masuk", by=ground.people["policy_maker"], on=DAY)
    with put_on(SYSTEM):
        for _ in range(8):
            ground.families.append(ground.world.family(Component.ELDERLY, village=BAMBAN, bank="BRI"))
    freezing.freeze(stage, actor=ground.maker, on=DAY)
    running.compute(stage, actor=ground.maker, on=DAY)
    assert asked() == few


def test_figures_are_kept_as_they_were(ground: Ground, changed: dict[str, Any]) -> None:
    with put_on(ground.nation()):
        assert RunCheck.objects.get(run__stage__name=STAGE).figures == changed
