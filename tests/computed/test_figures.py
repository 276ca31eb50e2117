"""What the checker sees of a run, drawn as small tables: who came in and why, what changed, what the money rests on.

A stage of 2024 pays two months: toddler 500.000, primary 150.000, junior 250.000, senior 333.000, elderly 400.000.
"""

from __future__ import annotations

from datetime import date

from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from harapan.benefits import approving, freezing, run_figures, running
from harapan.benefits.models import Stage
from harapan.benefits.waves import live_run_of, wave_at_hand
from harapan.core.components import Component
from harapan.database.scope import put_on
from harapan.payments import checking
from harapan.registry.models import Family, PaymentAccount
from tests.benefits.world import BAMBAN, SINCE
from tests.computed.comparing import BEFORE, CHANGE, SYSTEM, computed, figures, reasons
from tests.computed.ground import DAY, STAGE, Ground


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
