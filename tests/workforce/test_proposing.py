"""From the records to a proposal: who counts where, what is supposed, and what nobody may see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from harapan.accounts.models import Post
from harapan.core.errors import Refused
from harapan.database.scope import Scope, active_alias, put_on
from harapan.regions.codes import Level
from harapan.regions.models import Region
from harapan.registry.actions import NotYours
from harapan.registry.models import NO_GROUP, Enrolment, Family
from harapan.workforce.fairness import fairness, loads_now, support_of
from harapan.workforce.holdings import read_caseload, read_own
from harapan.workforce.models import Difficulty, ExtraDuty, Terrain
from harapan.workforce.proposing import Proposal, Wishes, propose
from tests.benefits.world import CEMPAKA, HIYUNG, HSS
from tests.web.signing import person
from tests.workforce.conftest import TAPIN_SELATAN, TAPIN_TENGAH, TODAY, Team

EVEN = Wishes(split_groups=True)


def proposed(team: Team, wishes: Wishes = EVEN, *, place: Region | None = None) -> Proposal:
    return propose(team.coordinator, place or team.place, wishes, on=TODAY)


def named(team: Team, proposal: Proposal) -> dict[str, int]:
    return {name: proposal.loads[post.user_id] for name, post in team.posts.items() if post.user_id in proposal.loads}


def test_even_inside_the_kecamatan_and_nobody_crosses_it(uneven: Team) -> None:
    """49 families over four people; the fifth works in the next kecamatan and is left alone."""
    assert named(uneven, proposed(uneven)) == {"ANI": 13, "BUDI": 12, "CICI": 12, "DEDI": 12}
    whole = proposed(uneven, place=uneven.regency)
    assert named(uneven, whole)["EKA"] == 5
    eka = uneven.user("EKA").pk
    assert not [move for move in whole.moves if eka in (move.giver, move.taker)]
    assert whole.families == 54


def test_asked_to_families_move_between_kecamatan(uneven: Team) -> None:
    found = proposed(uneven, Wishes(split_groups=True, across_districts=True), place=uneven.regency)
    assert sorted(named(uneven, found).values()) == [10, 11, 11, 11, 11]
    with pytest.raises(Refused, match="Pindah antarkecamatan"):
        proposed(uneven, Wishes(across_districts=True))


def test_the_least_change_is_counted_in_families(uneven: Team) -> None:
    """ANI gives 17 or 18 of 30, the group nobody meets is 4: the largest load keeps the family more."""
    assert proposed(uneven).families_moved == 30 - 13 + 4


def test_families_whose_membership_ended_are_not_counted(uneven: Team) -> None:
    one = Family.objects.filter(group=uneven.groups["Mawar 1"]).first()
    Enrolment.objects.filter(family=one).update(spell=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
    assert proposed(uneven).families == 48


def test_whoever_left_leaves_families_that_nobody_holds(uneven: Team) -> None:
    """A post that ended and a person supposed away come to the same."""
    away = proposed(uneven, Wishes(split_groups=True, without=(uneven.user("ANI").pk,)))
    Post.objects.filter(pk=uneven.posts["ANI"].pk).update(until=TODAY)
    gone = proposed(uneven)
    assert named(uneven, away) == named(uneven, gone) == {"BUDI": 17, "CICI": 16, "DEDI": 16}
    assert all(move.giver is None for move in gone.moves if move.group == uneven.groups["Melati 1"].pk)


def test_more_people_and_more_families_are_supposed_and_nothing_is_written(uneven: Team) -> None:
    before = uneven.loads()
    found = proposed(uneven, Wishes(split_groups=True, add=1, families=11))
    assert sorted(found.loads.values()) == [12] * 5
    assert len(found.facilitators) == 5
    assert found.families == 60
    assert all(move.group >= 0 for move in found.moves)
    assert uneven.loads() == before


def test_as_many_come_as_are_supposed_where_there_are_fewer_families_than_kecamatan(uneven: Team) -> None:
    kept = Enrolment.objects.latest("pk")
    wishes = Wishes(split_groups=True, families=11)
    for left in (kept.pk, None):
        Enrolment.objects.exclude(pk=left).update(spell=DateRange(date(2024, 1, 1), date(2025, 1, 1)))
        assert proposed(uneven, wishes, place=uneven.regency).families == 11 + bool(left)


def test_families_without_a_group_get_somebody_in_their_village(uneven: Team) -> None:
    loose = Family.objects.filter(group=uneven.groups["Anggrek"])
    loose.update(group=NO_GROUP)
    found = proposed(uneven)
    assert found.families == 49
    assert [move.families for move in found.moves if move.group == NO_GROUP] != []
    assert not any(move.whole for move in found.moves if move.group == NO_GROUP)


def test_a_kecamatan_without_people_is_served_by_its_neighbours_or_said(uneven: Team) -> None:
    """EKA's kecamatan loses its only person: inside kecamatan nobody may take them, across them somebody does."""
    gone = Wishes(split_groups=True, without=(uneven.user("EKA").pk,))
    alone = proposed(uneven, gone, place=uneven.regency)
    assert [bundle.families for bundle in alone.unplaced] == [5]
    assert alone.families == 54
    across = Wishes(split_groups=True, across_districts=True, without=gone.without)
    assert not proposed(uneven, across, place=uneven.regency).unplaced
    with pytest.raises(Refused, match="Tidak ada pendamping"):
        proposed(uneven, gone, place=Region.objects.get(no=TAPIN_SELATAN))


def extra_duty(**told: Any) -> ExtraDuty:
    """Of everybody who serves in the kecamatan since January, unless told otherwise."""
    usual = {"region_id": TAPIN_TENGAH, "kind": "other", "title": "lain", "first_on": date(2025, 1, 1)}
    return ExtraDuty.objects.create(**{**usual, **told})


def test_terrain_and_extra_duty_move_the_band(uneven: Team) -> None:
    def band(name: str) -> tuple[int, int]:
        found = read_caseload(uneven.coordinator, uneven.place, on=TODAY).facilitators[uneven.user(name).pk].band
        return found.low, found.high

    assert band("ANI") == (200, 300)  # nobody has told: medium
    Terrain.objects.create(region_id=HIYUNG, difficulty=Difficulty.HARD, since=date(2024, 1, 1), source="uji")
    assert band("ANI") == (50, 150)
    Terrain.objects.create(
        region_id=HIYUNG,
        group=uneven.groups["Mawar 1"],
        difficulty=Difficulty.EASY,
        since=date(2024, 1, 1),
        source="uji",
    )
    assert band("BUDI") == (250, 350)
    extra_duty(days_per_month=5, title="banjir")
    assert band("ANI") == (37, 112)
    extra_duty(user=uneven.user("ANI"), days_per_month=3, last_on=TODAY - timedelta(days=1))
    assert band("ANI") == (37, 112)  # over since today
    extra_duty(user=uneven.user("ANI"), days_per_month=None, first_on=TODAY, last_on=TODAY, minutes_a_day=450)
    assert band("ANI") == (35, 105)  # and one day of her own, named in its letter
    extra_duty(user=uneven.user("BUDI"), days_per_month=10, cancelled_on=TODAY, cancelled_because="sudah batal")
    assert band("BUDI") == (187, 262)


def test_one_with_half_the_days_gets_half_the_share(uneven: Team) -> None:
    extra_duty(user=uneven.user("DEDI"), days_per_month=10)
    assert named(uneven, proposed(uneven)) == {"ANI": 14, "BUDI": 14, "CICI": 14, "DEDI": 7}


def test_a_region_outside_the_reach_is_not_there(uneven: Team) -> None:
    stranger = person("regency_coordinator", regions=(HSS,))
    with pytest.raises(NotYours):
        propose(stranger, uneven.place, EVEN, on=TODAY)
    with pytest.raises(Refused, match="terlalu sempit"):
        proposed(uneven, place=Region.objects.get(no=HIYUNG))
    with put_on(Scope.of_ranges(stranger.ranges)):  # and the database says so too
        assert read_caseload(uneven.coordinator, uneven.place, on=TODAY).families == 0


def test_a_facilitator_reads_the_own_load(uneven: Team) -> None:
    ani = uneven.posts["ANI"]
    ani.refresh_from_db()
    with put_on(ani.scope(actor=ani.user_id)):
        own = read_own(ani, on=TODAY)
    assert (own.load, own.groups, own.villages) == (30, 2, 1)


def test_fairness_says_spread_and_who_is_missing(uneven: Team) -> None:
    Terrain.objects.create(region_id=HIYUNG, difficulty=Difficulty.HARD, since=date(2024, 1, 1), source="uji")
    extra_duty(days_per_month=19)
    caseload = read_caseload(uneven.coordinator, uneven.regency, on=TODAY)
    selatan, tengah = fairness(caseload.facilitators, loads_now(caseload), level=Level.DISTRICT)
    assert (selatan.people, selatan.families, selatan.outside, selatan.missing) == (1, 5, 1, 0)
    assert (tengah.people, tengah.least, tengah.most, tengah.spread) == (4, 0, 30, 30)
    assert tengah.outside == 3  # CICI has 3 of 2 to 7; DEDI has none, and so no terrain: 10 to 15
    assert tengah.missing == 1
    data, supervisor = support_of(uneven.regency, caseload.facilitators, caseload.law, on=TODAY)
    assert (data.people, data.facilitators, data.within) == (0, 5, False)
    assert supervisor.each is None


def test_the_same_statements_for_few_and_many(uneven: Team) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connections[active_alias()]) as asked:
            proposed(uneven, place=uneven.regency)
        return len(asked)

    before = statements()
    for number in range(3):
        uneven.group(f"Tambahan {number}", 2, of="CICI", village=CEMPAKA)
    assert statements() == before
