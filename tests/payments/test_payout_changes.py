"""A payout day taken away or moved, who is told anew; and the four amounts of many families at once."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from harapan.core.errors import Refused
from harapan.payments.amount_queries import sums_by_group, sums_of_place, total
from harapan.payments.enums import Outcome
from harapan.payments.field_queries import due_of_families
from harapan.payments.models import PayoutDay, PayoutTelling
from harapan.payments.payout_changes import cancel_payout_day, move_payout_day, tell_group, untold_days
from harapan.payments.payout_days import plan_payout_day
from harapan.payments.receipts import amounts_of, say_receipt
from harapan.registry.models import Family
from tests.benefits.world import CEMPAKA, HIYUNG, TAPIN, World
from tests.payments.test_handing_over import ON, mark, paid, stage
from tests.web.stage_ground import DAY, listed

WHY = "kantor pos menunda karena banjir"
LATER = date(2025, 6, 9)


def planned(world: World, village: int = HIYUNG, **about: Any) -> PayoutDay:
    told = {"day": DAY, "begins": time(8), "ends": time(12), "place": "Kantor pos", "payer": "POS"} | about
    return plan_payout_day(stage(), village, by=world.user, on=ON, **told)


def moved(world: World, old: PayoutDay, **about: Any) -> PayoutDay:
    told = {"day": LATER, "begins": time(9), "ends": time(11), "place": "Balai desa", "because": WHY} | about
    return move_payout_day(old.pk, by=world.user, on=ON, **told)


def at_the_post(world: World, count: int = 2) -> list[Family]:
    families = [world.family(bank="POS") for _ in range(count)]
    world.listed(dict.fromkeys(families, 600_000), bank="POS")
    return families


def test_a_moved_day_stays_with_its_reason_and_the_families_are_told_once(world: World) -> None:
    at_the_post(world)
    old = planned(world)
    new = moved(world, old)
    assert moved(world, old).pk == new.pk  # the same form again
    old.refresh_from_db()
    assert (old.moved_to_id, old.gone_because, new.payer) == (new.pk, WHY, "POS")
    assert list(PayoutDay.objects.standing()) == [new]
    group, other = world.groups[HIYUNG], world.groups[CEMPAKA]
    assert untold_days(stage(), [group, other]) == {group.pk: [old], other.pk: []}
    assert (tell_group(stage(), group, by=world.user), tell_group(stage(), group, by=world.user)) == (1, 0)
    assert untold_days(stage(), [group])[group.pk] == []
    cancel_payout_day(new.pk, because=WHY, by=world.user)
    cancel_payout_day(new.pk, because=WHY, by=world.user)
    assert untold_days(stage(), [group])[group.pk] == [PayoutDay.objects.get(pk=new.pk)]
    assert (PayoutTelling.objects.count(), PayoutDay.objects.standing().count()) == (1, 0)
    with pytest.raises(Refused, match="sudah ditiadakan"):
        moved(world, new)
    assert planned(world).pk not in (old.pk, new.pk)  # the hour is free again


def test_a_day_that_money_was_handed_over_on_stays(world: World) -> None:
    families = at_the_post(world)
    day = planned(world)
    mark(world, families[:1], {}, rest=True)
    for change in (lambda: moved(world, day), lambda: cancel_payout_day(day.pk, because=WHY, by=world.user)):
        with pytest.raises(Refused, match="1 keluarga sudah dicatat menerima"):
            change()
    assert PayoutDay.objects.standing().count() == 1


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"because": "air"}, "Tulis alasan"),
        ({"ends": time(8)}, "sesudah jam mulai"),
        ({"day": date(2035, 1, 1)}, "lebih dari setahun"),
        ({"day": DAY, "begins": time(8), "ends": time(12), "place": "Kantor pos"}, "masih sama"),
        ({"day": DAY, "begins": time(13), "ends": time(15)}, "sudah punya hari bayar"),
    ],
)
def test_a_change_that_cannot_be_leaves_everything(world: World, about: dict[str, Any], why: str) -> None:
    at_the_post(world)
    day = planned(world)
    planned(world, begins=time(13), ends=time(15))
    with pytest.raises(Refused, match=why):
        moved(world, day, **about)
    assert PayoutDay.objects.standing().count() == 2


def test_what_was_told_is_not_changed_without_a_reason(world: World) -> None:
    at_the_post(world)
    planned(world)
    planned(world)
    with pytest.raises(Refused, match="Ubah hari bayar itu dengan alasan"):
        planned(world, place="Balai desa")


def test_a_day_at_the_post_says_nothing_to_families_with_an_account(world: World) -> None:
    post, bank = at_the_post(world, 1), listed(world, 1)
    planned(world)
    rows = {row.family.pk: row.days for row in due_of_families(stage(), [*post, *bank])}
    assert [len(rows[each[0].pk]) for each in (post, bank)] == [1, 0]
    planned(world, payer="BRI", begins=time(14), ends=time(16))
    rows = {row.family.pk: row.days for row in due_of_families(stage(), [*post, *bank])}
    assert [each.payer for each in rows[bank[0].pk]] == ["BRI"]


def test_the_sums_of_many_are_those_of_each(world: World) -> None:
    families = [*paid(world, 3, Outcome.WITHDRAWN), *paid(world, 2, Outcome.CREDITED), *listed(world, 1)]
    mark(world, families, {}, rest=True)
    for family, idr in ((families[0], 600_000), (families[1], 550_000), (families[4], 0)):
        say_receipt(stage(), family, amount_idr=idr, told_on=ON, by=world.user, on=ON)
    each = amounts_of(stage(), [family.pk for family in families]).values()
    group = world.groups[HIYUNG].pk
    found = sums_by_group(stage(), [group, world.groups[CEMPAKA].pk])
    assert found[world.groups[CEMPAKA].pk].families == 0
    sums = found[group]
    assert (sums.families, sums.due_idr, sums.credited_idr, sums.withdrawn_idr) == (
        6, sum(row.due_idr for row in each), sum(row.credited_idr for row in each),
        sum(row.withdrawn_idr for row in each),
    )  # fmt: skip
    asked = [row for row in each if row.said_idr is not None]
    assert (sums.asked, sums.said_idr, sums.differing, sums.of_asked_idr) == (
        3, 1_150_000, sum(row.differs for row in asked), sum(row.withdrawn_idr for row in asked)
    )  # fmt: skip
    assert sums_of_place(stage(), [(TAPIN, TAPIN + 10**6)]) == total(found.values()) == sums


def test_the_sums_take_one_statement(world: World) -> None:
    listed(world, 5)
    now = stage()
    with CaptureQueriesContext(connections["default"]) as asked:
        sums_by_group(now, [group.pk for group in world.groups.values()])
    assert len(asked) == 1
